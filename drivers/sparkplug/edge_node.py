"""What is known of one edge node: who of it is born, the last value of each metric, and whether a message is missing.

Sparkplug 3.0, chapters 5 (births, deaths, sequence numbers) and 6 (payloads). A birth tells all metrics with names,
types and aliases; later messages tell only what has changed, and what a node has stored while it was cut off, marked as
historical: that changes nothing of now. Sequence numbers run from 0 to 255 over all messages of a
node and its devices; a number left out means that something was lost, which only another birth can mend.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.model import clock, status
from drivers.sparkplug.address import Source
from drivers.sparkplug.held import HeldMessages
from drivers.sparkplug.payload import Metric, decode

BD_SEQ = "bdSeq"
REBIRTH = "Node Control/Rebirth"
OWED_NS = 5 * clock.NS_PER_S
"""How long after an edge node's rebirth its devices may take to be born again before they count as gone."""
DOUBT_NS = 2 * clock.NS_PER_S
"""How long a node whose death names another session may take to show that it lives before it counts as dead."""
_SEQUENCE = 256


class Kind(StrEnum):
    """The messages of an edge node (section 4.1)."""

    NODE_BIRTH = "NBIRTH"
    NODE_DATA = "NDATA"
    NODE_DEATH = "NDEATH"
    DEVICE_BIRTH = "DBIRTH"
    DEVICE_DATA = "DDATA"
    DEVICE_DEATH = "DDEATH"


_BIRTHS = {Kind.NODE_BIRTH, Kind.DEVICE_BIRTH}


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of a metric, or its loss; of a metric that is not known by name nothing is told."""

    source: Source
    metric: Metric


@dataclass(slots=True)
class _Publisher:
    """An edge node or device that has been born at least once; `owed` (monotonic ns): by when it has to be again."""

    metrics: dict[str, Metric] = field(default_factory=dict)
    is_alive: bool = True
    owed: int = 0


class EdgeNode:
    """One edge node and the devices behind it; `missed` counts the messages that never came."""

    def __init__(self, source: Source) -> None:
        """Know nothing yet of the node."""
        self.missed = 0
        self.needs_birth = True
        self._source = source
        self._publishers: dict[Source, _Publisher] = {}
        self._name_of_alias: dict[int, tuple[Source, str]] = {}
        self._seq: int | None = None
        self._bd_seq: object = None
        self._doubted = 0
        self._held = HeldMessages()

    def is_alive(self, source: Source) -> bool:
        """Return whether the node, or the device and its node, are born and not dead."""
        publishers = [self._publishers.get(each) for each in {source, self._source}]
        return all(publisher is not None and publisher.is_alive for publisher in publishers)

    def sources(self) -> Iterable[Source]:
        """Return the node, if it was ever born, and its devices."""
        return self._publishers.keys()

    def metrics(self, source: Source) -> dict[str, Metric]:
        """Return the last value of each metric that the last birth named."""
        publisher = self._publishers.get(source)
        return {} if publisher is None else publisher.metrics

    def take(self, kind: Kind, source: Source, data: bytes, received: int) -> list[Change]:
        """Return what a message changes; raise BadPayload. `needs_birth` tells whether a birth has to be asked for."""
        seq, stamped = self._read(source, data, received)
        if kind is Kind.NODE_DEATH:
            return self._node_dies(stamped, received)
        self._doubted = 0
        self._follow(kind, seq)
        if kind in _BIRTHS:
            return self._is_born(kind, source, stamped, received) + self._told_before(source)
        if kind is Kind.DEVICE_DEATH:
            return self._dies(source, received)
        if source not in self._publishers and any(metric.is_historical for metric in stamped):
            self.missed += self._held.hold(source, data, received)
        return self._tells(source, stamped)

    def tick(self, now: int) -> list[Change]:
        """Return the loss of a node that did not show in time that it lives, and of devices not born again in time."""
        if self._doubted and self._doubted < clock.monotonic_ns():
            return self._end(now)
        late = [
            source
            for source, publisher in self._publishers.items()
            if publisher.owed and publisher.owed < clock.monotonic_ns()
        ]
        return [change for source in late for change in self._dies(source, now)]

    def _read(self, source: Source, data: bytes, received: int) -> tuple[int | None, list[Metric]]:
        """Return the sequence number of a message, and its metrics with their names and times."""
        message = decode(data, lambda name, alias: self._type_of(source, name, alias))
        return message.seq, [
            replace(metric, time=metric.time or message.time or received, name=self._name_of(source, metric))
            for metric in message.metrics
        ]

    def _told_before(self, source: Source) -> list[Change]:
        """Return what a node or device that is born now has told of the past before its birth was heard."""
        told: list[Change] = []
        for data, received in self._held.release(source):
            _, metrics = self._read(source, data, received)
            told += self._tells(source, [metric for metric in metrics if metric.is_historical])
        return told

    def _follow(self, kind: Kind, seq: int | None) -> None:
        """Note a gap in the sequence numbers; a node's birth begins them anew."""
        if seq is None:
            return
        if kind is not Kind.NODE_BIRTH and self._seq is not None:
            skipped = (seq - self._seq - 1) % _SEQUENCE
            if skipped:
                self.missed += skipped
                self.needs_birth = True
        self._seq = seq

    def _is_born(self, kind: Kind, source: Source, metrics: list[Metric], received: int) -> list[Change]:
        changes: list[Change] = []
        if kind is Kind.NODE_BIRTH:
            changes = self._begin_session(metrics, received)
        elif not self.is_alive(self._source):
            self.needs_birth = True  # a device of a node whose birth was not heard: what it says is worth keeping
        named = {metric.name: _of_now(metric) for metric in metrics if metric.name}
        self._publishers[source] = _Publisher(named)
        for metric in named.values():
            if metric.alias is not None:
                self._name_of_alias[metric.alias] = (source, metric.name)
        past = [Change(source, metric) for metric in metrics if metric.name and metric.is_historical]
        return changes + past + [Change(source, metric) for metric in named.values()]

    def _begin_session(self, metrics: list[Metric], received: int) -> list[Change]:
        bd_seq = next((metric.value for metric in metrics if metric.name == BD_SEQ), None)
        is_same = self._bd_seq is None or bd_seq == self._bd_seq
        self._bd_seq, self.needs_birth = bd_seq, False
        self._name_of_alias.clear()
        changes: list[Change] = []
        for source, publisher in self._publishers.items():
            if source.device and publisher.is_alive:
                publisher.owed = clock.monotonic_ns() + OWED_NS
                if not is_same:
                    changes += self._dies(source, received)
        return changes

    def _node_dies(self, metrics: list[Metric], received: int) -> list[Change]:
        """Lose all; where the death names another session than the birth did, only if the node stays silent.

        It may be the late death of the session before; but the reference code of Eclipse Tahu in Python numbers births
        one higher than their deaths, so it may be meant as well.
        """
        told = next((metric.value for metric in metrics if metric.name == BD_SEQ), None)
        if told is not None and self._bd_seq is not None and told != self._bd_seq:
            self.needs_birth = True
            self._doubted = clock.monotonic_ns() + DOUBT_NS
            return []
        return self._end(received)

    def _end(self, received: int) -> list[Change]:
        self._seq, self._doubted = None, 0
        self.needs_birth = True
        return [change for source in self._publishers for change in self._dies(source, received)]

    def _dies(self, source: Source, received: int) -> list[Change]:
        publisher = self._publishers.get(source)
        if publisher is None:
            return []
        publisher.is_alive, publisher.owed = False, 0
        publisher.metrics = {
            name: replace(metric, value=None, status=status.BAD_NO_COMMUNICATION, time=received)
            for name, metric in publisher.metrics.items()
        }
        return [Change(source, metric) for metric in publisher.metrics.values()]

    def _tells(self, source: Source, metrics: list[Metric]) -> list[Change]:
        publisher = self._publishers.get(source)
        if publisher is None or not publisher.is_alive:
            self.needs_birth = True
        if publisher is None:
            return []
        changes = []
        for metric in metrics:
            if not publisher.is_alive and not metric.is_historical:
                continue
            known = publisher.metrics.get(metric.name)
            if known is None:
                self.needs_birth = True
                continue
            full = replace(metric, data_type=metric.data_type or known.data_type, alias=known.alias)
            full = replace(full, properties={**known.properties, **metric.properties})
            if not metric.is_historical:
                publisher.metrics[metric.name] = full
            changes.append(Change(source, full))
        return changes

    def _name_of(self, source: Source, metric: Metric) -> str:
        if metric.name or metric.alias is None:
            return metric.name
        owner, name = self._name_of_alias.get(metric.alias, (source, ""))
        return name if owner == source else ""

    def _type_of(self, source: Source, name: str, alias: int | None) -> int:
        if not name and alias is not None:
            source, name = self._name_of_alias.get(alias, (source, ""))
        known = self.metrics(source).get(name)
        return 0 if known is None else known.data_type


def _of_now(metric: Metric) -> Metric:
    """Return what a metric of a birth says of now: nothing, where it is historical."""
    if not metric.is_historical:
        return metric
    return replace(metric, value=None, status=status.BAD_WAITING_FOR_INITIAL_DATA, is_historical=False)
