"""What a host application has heard: the edge nodes by their topics, and which of them have to be born again."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from app.model import clock
from drivers.sparkplug.address import MetricAddress, Source
from drivers.sparkplug.edge_node import Change, EdgeNode, Kind
from drivers.sparkplug.payload import BadPayload, Metric

log = logging.getLogger(__name__)

NAMESPACE = "spBv1.0"
ASK_AGAIN_NS = 5 * clock.NS_PER_S
"""An edge node is asked for its birth at most this often; a plant of hundreds would else drown in births."""
_KINDS = {kind.value: kind for kind in Kind}
_MOST_NODES = 10_000


class Host:
    """The edge nodes heard of since the connection was opened; `refused` counts messages that could not be read."""

    def __init__(self) -> None:
        """Know of no edge node."""
        self.refused = 0
        self._nodes: dict[Source, EdgeNode] = {}
        self._asked: dict[Source, int] = {}

    @property
    def missed(self) -> int:
        """Return how many messages never came."""
        return sum(node.missed for node in self._nodes.values())

    def take(self, topic: str, payload: bytes, received: int) -> list[Change]:
        """Return what a message changes; topics that are none of an edge node are passed over."""
        parts = topic.split("/")
        kind = _KINDS.get(parts[2]) if len(parts) in {4, 5} and parts[0] == NAMESPACE else None
        if kind is None or kind.value.startswith("D") != (len(parts) == 5):
            return []
        source = Source(parts[1], *parts[3:])
        node = self._nodes.get(source.edge)
        if node is None:
            if len(self._nodes) >= _MOST_NODES:
                self.refused += 1
                return []
            node = self._nodes[source.edge] = EdgeNode(source.edge)
        try:
            return node.take(kind, source, payload, received)
        except BadPayload as error:
            self.refused += 1
            node.needs_birth = True
            log.warning("sparkplug.payload.refused %s: %s", topic, error)
            return []

    def tick(self, now: int) -> list[Change]:
        """Return what time alone changes."""
        return [change for node in self._nodes.values() for change in node.tick(now)]

    def expect(self, edge: Source) -> None:
        """Note that values of an edge node are wanted, so that it is asked for its birth if it was not heard of."""
        self._nodes.setdefault(edge, EdgeNode(edge))

    def to_ask(self) -> Iterator[Source]:
        """Yield the edge nodes that have to be asked for their birth now."""
        now = clock.monotonic_ns()
        for source, node in self._nodes.items():
            if node.needs_birth and now - self._asked.get(source, now - ASK_AGAIN_NS) >= ASK_AGAIN_NS:
                self._asked[source] = now
                yield source

    def is_alive(self, source: Source) -> bool:
        """Return whether a node or device is born and not dead."""
        node = self._nodes.get(source.edge)
        return node is not None and node.is_alive(source)

    def metric(self, address: MetricAddress) -> Metric | None:
        """Return the last value of a metric, None where no birth has named it."""
        return self.metrics(address.source).get(address.metric)

    def metrics(self, source: Source) -> dict[str, Metric]:
        """Return the metrics of a node or device by their names."""
        node = self._nodes.get(source.edge)
        return {} if node is None else node.metrics(source)

    def sources(self) -> list[Source]:
        """Return all nodes and devices that were ever born, in order."""
        return sorted(source for node in self._nodes.values() for source in node.sources())
