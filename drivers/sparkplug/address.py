"""The address of a metric: `GROUP/NODE:METRIC` of an edge node, `GROUP/NODE/DEVICE:METRIC` of a device behind it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from drivers.driver import BadAddress

GRAMMAR = (
    '<group>/<edge node>[/<device>]:<metric>, for example "Plant1/Edge1/Pump1:Speed/Actual"; '
    "the ids hold none of / + # and no colon"
)
_ADDRESS = re.compile(r"([^/+#:]+)/([^/+#:]+)(?:/([^/+#:]+))?:(.+)", re.DOTALL)


class Source(NamedTuple):
    """Who publishes: an edge node, or with `device` one of the devices behind it."""

    group: str
    node: str
    device: str = ""

    @property
    def edge(self) -> Source:
        """Return the edge node itself."""
        return Source(self.group, self.node)

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


class MetricAddress(NamedTuple):
    """A metric of a source."""

    source: Source
    metric: str

    def __str__(self) -> str:
        return f"{self.source}:{self.metric}"


@lru_cache(maxsize=100_000)
def parse_address(address: str) -> MetricAddress:
    """Return the address; raise BadAddress, which shows the grammar."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise BadAddress(f'"{address}" is no address of a Sparkplug metric: write {GRAMMAR}')
    group, node, device, metric = match.groups()
    return MetricAddress(Source(group, node, device or ""), metric)


def parse_source(reference: str) -> Source:
    """Return an edge node `GROUP/NODE` or a device `GROUP/NODE/DEVICE`; raise BadAddress."""
    parts = reference.split("/")
    if len(parts) not in {2, 3} or not all(re.fullmatch(r"[^+#:]+", part) for part in parts):
        raise BadAddress(f'"{reference}" is neither an edge node nor a device: write <group>/<edge node>[/<device>]')
    return Source(*parts)
