"""Births, deaths and sequence numbers of an edge node, message by message."""

from __future__ import annotations

import pytest

from app.model import clock, status
from drivers.sparkplug.address import Source
from drivers.sparkplug.edge_node import DOUBT_NS, OWED_NS, Change, EdgeNode, Kind
from drivers.sparkplug.held import MOST_BYTES
from drivers.sparkplug.payload import Metric, MetricType, encode

NODE = Source("Plant1", "Edge1")
PUMP = Source("Plant1", "Edge1", "Pump1")
FAN = Source("Plant1", "Edge1", "Fan1")
NOW = 1_790_000_000_000_000_000
SPEED = Metric("Speed", 10.0, MetricType.DOUBLE, alias=1)


class Told:
    """An edge node that is told messages with the right sequence numbers, unless others are given."""

    def __init__(self) -> None:
        self.node = EdgeNode(NODE)
        self._seq = -1

    def __call__(self, kind: Kind, source: Source, *metrics: Metric, seq: int | None = None) -> list[Change]:
        if kind is Kind.NODE_DEATH:
            return self.node.take(kind, source, encode(metrics, time=NOW), NOW)
        self._seq = 0 if kind is Kind.NODE_BIRTH else (self._seq + 1) % 256
        if seq is not None:
            self._seq = seq
        return self.node.take(kind, source, encode(metrics, time=NOW, seq=self._seq), NOW)

    def birth(self, bd_seq: int = 0) -> list[Change]:
        return self(Kind.NODE_BIRTH, NODE, Metric("bdSeq", bd_seq, MetricType.INT64))


@pytest.fixture
def tell() -> Told:
    told = Told()
    told.birth()
    told(Kind.DEVICE_BIRTH, PUMP, SPEED)
    return told


def shown(changes: list[Change]) -> list[tuple[str, str, object, int]]:
    return [(str(change.source), change.metric.name, change.metric.value, change.metric.status) for change in changes]


def test_that_a_node_that_was_not_heard_of_needs_a_birth() -> None:
    assert EdgeNode(NODE).needs_birth


def test_that_a_birth_tells_all_values(tell: Told) -> None:
    assert shown(tell(Kind.DEVICE_BIRTH, FAN, Metric("Load", 3, MetricType.INT32))) == [
        ("Plant1/Edge1/Fan1", "Load", 3, status.GOOD)
    ]
    assert not tell.node.needs_birth


def test_that_data_by_alias_is_known_by_its_name_and_type(tell: Told) -> None:
    sent = Metric("", 12.5, MetricType.DOUBLE, alias=1)
    (change,) = tell(Kind.DEVICE_DATA, PUMP, sent)
    assert (change.metric.name, change.metric.value, change.metric.data_type) == ("Speed", 12.5, MetricType.DOUBLE)
    assert tell.node.metrics(PUMP)["Speed"].value == 12.5


def test_that_an_alias_of_another_device_is_not_taken_for_ones_own(tell: Told) -> None:
    tell(Kind.DEVICE_BIRTH, FAN, Metric("Load", 1.0, MetricType.DOUBLE, alias=2))
    assert tell(Kind.DEVICE_DATA, FAN, Metric("", 99.0, MetricType.DOUBLE, alias=1)) == []
    assert tell.node.metrics(PUMP)["Speed"].value == 10.0
    assert tell.node.needs_birth


def test_that_a_number_left_out_is_counted_and_asks_for_a_birth(tell: Told) -> None:
    tell(Kind.DEVICE_DATA, PUMP, SPEED, seq=4)
    assert (tell.node.missed, tell.node.needs_birth) == (2, True)
    tell.birth()
    assert not tell.node.needs_birth


def test_that_the_numbers_run_over_at_256(tell: Told) -> None:
    for _ in range(600):
        tell(Kind.DEVICE_DATA, PUMP, SPEED)
    assert (tell.node.missed, tell.node.needs_birth) == (0, False)


def test_that_a_nodes_death_takes_its_devices_along(tell: Told) -> None:
    changes = shown(tell(Kind.NODE_DEATH, NODE, Metric("bdSeq", 0, MetricType.INT64)))
    assert ("Plant1/Edge1/Pump1", "Speed", None, status.BAD_NO_COMMUNICATION) in changes
    assert not tell.node.is_alive(PUMP)
    assert tell.node.needs_birth


def test_that_the_late_death_of_a_former_session_changes_nothing_while_the_node_shows_that_it_lives() -> None:
    with clock.frozen(NOW) as advance:
        tell = Told()
        tell.birth(bd_seq=1)
        tell(Kind.DEVICE_BIRTH, PUMP, SPEED)
        assert tell(Kind.NODE_DEATH, NODE, Metric("bdSeq", 0, MetricType.INT64)) == []
        assert tell.node.needs_birth
        tell(Kind.DEVICE_DATA, PUMP, SPEED)
        advance(DOUBT_NS + 1)
        assert tell.node.tick(NOW) == []
        assert tell.node.is_alive(PUMP)


def test_that_a_death_of_another_session_counts_where_the_node_stays_silent() -> None:
    with clock.frozen(NOW) as advance:
        tell = Told()
        tell.birth(bd_seq=1)
        tell(Kind.DEVICE_BIRTH, PUMP, SPEED)
        tell(Kind.NODE_DEATH, NODE, Metric("bdSeq", 0, MetricType.INT64))
        advance(DOUBT_NS + 1)
        assert ("Plant1/Edge1/Pump1", "Speed", None, status.BAD_NO_COMMUNICATION) in shown(tell.node.tick(NOW))
        assert not tell.node.is_alive(PUMP)


def test_that_a_devices_death_leaves_the_others_alive(tell: Told) -> None:
    tell(Kind.DEVICE_BIRTH, FAN, Metric("Load", 3, MetricType.INT32))
    assert shown(tell(Kind.DEVICE_DEATH, PUMP)) == [("Plant1/Edge1/Pump1", "Speed", None, status.BAD_NO_COMMUNICATION)]
    assert tell.node.is_alive(FAN)
    assert tell(Kind.DEVICE_DATA, PUMP, SPEED) == []


def test_that_a_new_session_ends_what_the_former_one_told(tell: Told) -> None:
    changes = shown(tell.birth(bd_seq=1))
    assert ("Plant1/Edge1/Pump1", "Speed", None, status.BAD_NO_COMMUNICATION) in changes


def test_that_a_rebirth_leaves_its_devices_some_time_to_be_born_again() -> None:
    with clock.frozen(NOW) as advance:
        tell = Told()
        tell.birth()
        tell(Kind.DEVICE_BIRTH, PUMP, SPEED)
        tell(Kind.DEVICE_BIRTH, FAN, Metric("Load", 3, MetricType.INT32))
        assert all(change.source == NODE for change in tell.birth())
        tell(Kind.DEVICE_BIRTH, FAN, Metric("Load", 3, MetricType.INT32))
        assert tell.node.tick(NOW) == []
        advance(OWED_NS + 1)
        assert shown(tell.node.tick(NOW)) == [("Plant1/Edge1/Pump1", "Speed", None, status.BAD_NO_COMMUNICATION)]
        assert tell.node.tick(NOW) == []


def test_that_a_device_is_heard_before_its_node_without_being_lost_by_the_nodes_birth() -> None:
    tell = Told()
    assert shown(tell(Kind.DEVICE_BIRTH, PUMP, SPEED)) == [("Plant1/Edge1/Pump1", "Speed", 10.0, status.GOOD)]
    assert tell.node.needs_birth
    assert not tell.node.is_alive(PUMP)
    assert all(change.source == NODE for change in tell.birth())
    assert tell.node.is_alive(PUMP)


def test_that_historical_values_are_told_but_are_not_the_present_ones(tell: Told) -> None:
    old = Metric("Speed", 5.0, MetricType.DOUBLE, time=NOW - 3_600 * clock.NS_PER_S, is_historical=True)
    (change,) = tell(Kind.DEVICE_DATA, PUMP, old)
    assert (change.metric.value, change.metric.time) == (5.0, NOW - 3_600 * clock.NS_PER_S)
    assert tell.node.metrics(PUMP)["Speed"].value == 10.0


def test_that_a_metric_the_birth_did_not_name_asks_for_another_birth(tell: Told) -> None:
    assert tell(Kind.DEVICE_DATA, PUMP, Metric("New", 1.0, MetricType.DOUBLE)) == []
    assert tell.node.needs_birth


def test_that_what_was_stored_is_kept_until_the_birth_that_explains_it() -> None:
    tell, hour = Told(), 3_600 * clock.NS_PER_S
    tell.birth()
    old = [
        Metric("", number, MetricType.INT8, alias=1, time=NOW - hour + number, is_historical=True)
        for number in (-3, -2, -1)
    ]
    assert tell(Kind.DEVICE_DATA, PUMP, *old[:2], Metric("", 9, MetricType.INT8, alias=1)) == []
    assert tell(Kind.DEVICE_DATA, PUMP, old[2]) == []
    assert tell.node.needs_birth
    changes = tell(Kind.DEVICE_BIRTH, PUMP, Metric("Level", 7, MetricType.INT8, alias=1))
    assert [(change.metric.value, change.metric.is_historical) for change in changes] == [
        (7, False),
        (-3, True),
        (-2, True),
        (-1, True),
    ]
    assert tell(Kind.DEVICE_BIRTH, PUMP, Metric("Level", 7, MetricType.INT8, alias=1)) == changes[:1]


def test_that_what_is_held_has_bounds_and_what_had_to_go_is_counted() -> None:
    tell = Told()
    tell.birth()
    large = Metric("Text", "x" * (MOST_BYTES // 4), MetricType.STRING, time=NOW, is_historical=True)
    for _ in range(6):
        tell(Kind.DEVICE_DATA, PUMP, large)
    assert tell.node.missed == 3
    assert len(tell(Kind.DEVICE_BIRTH, PUMP, Metric("Text", "", MetricType.STRING))) == 1 + 3


def test_that_a_historical_value_in_a_birth_says_nothing_of_now() -> None:
    tell = Told()
    tell.birth()
    changes = tell(Kind.DEVICE_BIRTH, PUMP, Metric("Speed", 5.0, MetricType.DOUBLE, time=NOW, is_historical=True))
    assert [(change.metric.is_historical, change.metric.value, change.metric.status) for change in changes] == [
        (True, 5.0, status.GOOD),
        (False, None, status.BAD_WAITING_FOR_INITIAL_DATA),
    ]
