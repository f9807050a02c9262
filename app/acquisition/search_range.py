"""Where devices are looked for: the addresses and ports that somebody wrote into one field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.acquisition.host_scan import BadNetwork, hosts_in

MOST_ATTEMPTS = 70_000
"""All ports of one address, or one port of many addresses: more than that is nobody's search for a device."""
LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class SearchRange:
    """Hosts to be tried; `ports`: those that were written, () for the usual ones."""

    hosts: tuple[str, ...]
    ports: tuple[int, ...] = ()


def range_of(text: str) -> SearchRange:
    """Return what "192.168.0.0/24", "192.168.0.10:1502" or "192.168.0.10:1-65535" means; raise BadNetwork."""
    network, ports = _parted(text.strip())
    found = SearchRange(tuple(hosts_in(network)), _ports(ports, text) if ports else ())
    attempts = len(found.hosts) * len(found.ports)
    if attempts > MOST_ATTEMPTS:
        raise BadNetwork(
            f"{text}: {attempts:,} attempts are too many: write fewer ports, such as {network}:502, or one address"
        )
    return found


def ranges_of(texts: Sequence[str]) -> tuple[SearchRange, ...]:
    """Return what several fields mean, no host twice at the usual ports; raise BadNetwork."""
    known: set[str] = set()
    found = []
    for each in map(range_of, texts):
        hosts = each.hosts if each.ports else tuple(host for host in each.hosts if host not in known)
        known.update(() if each.ports else hosts)
        found.append(SearchRange(hosts, each.ports))
    return tuple(found)


def _parted(text: str) -> tuple[str, str]:
    """Return network and ports; the colons of an IPv6 address are not those of ports unless it stands in brackets."""
    if text.startswith("["):
        network, _, rest = text[1:].partition("]")
        return network, rest.removeprefix(":")
    network, _, ports = text.partition(":")
    return (text, "") if ":" in ports else (network, ports)


def _ports(text: str, whole: str) -> tuple[int, ...]:
    ports: dict[int, None] = {}
    for part in text.split(","):
        low, dash, high = (piece.strip() for piece in part.partition("-"))
        if not low.isdecimal() or (dash and not high.isdecimal()):
            raise BadNetwork(f"{whole}: behind the colon stand ports, such as :502, :502,1502 or :1-{LAST_PORT}")
        first, last = int(low), int(high) if dash else int(low)
        if not 1 <= first <= last <= LAST_PORT:
            raise BadNetwork(f"{whole}: ports go from 1 to {LAST_PORT}, such as :502 or :1-{LAST_PORT}")
        ports.update(dict.fromkeys(range(first, last + 1)))
    return tuple(ports)
