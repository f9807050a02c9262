"""Causes and consequences, the first of a group, and suppression by design."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.alarm.evaluation import AlarmEvaluation
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmRecord
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from tests.app.alarm.plants import START, at, definition, tags_of

TRIP = definition(tag="T0", name="trip")
FLOW = replace(definition(tag="T1", name="flow"), causes=("trip",), suppress_by_cause=True, suppress_after_s=10.0)
MARKED = replace(definition(tag="T1", name="flow"), causes=("trip",))
PUMP = replace(definition(tag="T1", name="flow"), suppress_when="T2 == 0", suppress_after_s=10.0)
GROUP = [replace(definition(tag=f"T{n}", name=f"g{n}"), group="trip") for n in range(3)]


def watching(*definitions: AlarmDefinition, restored: Sequence[AlarmRecord] = ()) -> AlarmEvaluation:
    return AlarmEvaluation(tags_of(4), definitions, restored, lateness_s=0.0)


def row(handle: int, second: float, value: float, code: int = status.GOOD) -> Block:
    return block_of(handle, [at(second)], [value], code)


def told(changes: Sequence[AlarmRecord]) -> list[tuple[str, str, str, float]]:
    return [(c.alarm, str(c.event), c.state.value, (c.changed - START) / NS_PER_S) for c in changes]


def test_that_an_alarm_names_the_causes_that_stand_when_it_comes() -> None:
    alarms = watching(TRIP, MARKED)
    alarms.evaluate(row(0, 0, 101.0))
    (flow,) = alarms.evaluate(row(1, 1, 101.0))
    assert (flow.state, flow.causes) == ("unacknowledged", ("trip",))
    _, related = alarms.evaluate(row(0, 2, 50.0))
    assert (related.alarm, related.event, related.causes) == ("flow", "relate", ())


def test_that_a_cause_that_comes_later_is_named_then() -> None:
    alarms = watching(TRIP, MARKED)
    alarms.evaluate(row(1, 0, 101.0))
    _, related = alarms.evaluate(row(0, 1, 101.0))
    assert (related.alarm, related.event, related.causes, related.raised) == ("flow", "relate", ("trip",), at(0))


def test_that_a_consequence_is_suppressed_while_its_cause_stands_and_comes_back_if_it_lasts() -> None:
    alarms = watching(TRIP, FLOW)
    assert told(alarms.evaluate(row(0, 0, 101.0))) == [
        ("trip", "raise", "unacknowledged", 0),
        ("flow", "suppress", "suppressed", 0),
    ]
    (flow,) = alarms.evaluate(row(1, 1, 101.0))
    assert (flow.state, flow.course, flow.suppressed_by) == ("suppressed", "unacknowledged", ("trip",))
    assert told(alarms.evaluate(row(0, 5, 50.0))) == [
        ("trip", "clear", "returned", 5),
        ("flow", "relate", "suppressed", 5),
    ]
    assert not alarms.tick(at(14))
    assert told(alarms.tick(at(20))) == [("flow", "unsuppress", "unacknowledged", 15)]


def test_that_a_consequence_that_went_with_its_cause_is_never_shown_but_journaled() -> None:
    alarms = watching(TRIP, FLOW)
    changes = [
        *alarms.evaluate(row(0, 0, 101.0)),
        *alarms.evaluate(row(1, 1, 101.0)),
        *alarms.evaluate(row(0, 5, 50.0)),
        *alarms.evaluate(row(1, 12, 50.0)),
        *alarms.tick(at(30)),
    ]
    flow = [change for change in told(changes) if change[0] == "flow"]
    assert flow == [
        ("flow", "suppress", "suppressed", 0),
        ("flow", "raise", "suppressed", 1),
        ("flow", "relate", "suppressed", 5),
        ("flow", "clear", "suppressed", 12),
        ("flow", "unsuppress", "normal", 15),
    ]
    assert changes[-1].hidden_raises == 1


def test_that_a_cause_that_comes_back_within_the_time_after_goes_on_suppressing() -> None:
    alarms = watching(TRIP, FLOW)
    alarms.evaluate(row(0, 0, 101.0))
    alarms.evaluate(row(0, 5, 50.0))
    assert told(alarms.evaluate(row(0, 8, 101.0))) == [("trip", "raise", "unacknowledged", 8)]
    assert not alarms.tick(at(60))


def test_that_a_state_of_the_plant_suppresses_and_for_a_while_after_it() -> None:
    alarms = watching(PUMP)
    assert told(alarms.evaluate(row(2, 0, 0.0))) == [("flow", "suppress", "suppressed", 0)]
    assert told(alarms.evaluate(row(1, 1, 101.0))) == [("flow", "raise", "suppressed", 1)]
    assert not alarms.evaluate(row(2, 20, 1.0))
    assert not alarms.tick(at(30))
    (back,) = alarms.tick(at(31))
    assert (back.event, back.state, back.changed) == ("unsuppress", "unacknowledged", at(30))


@pytest.mark.parametrize("value", [math.nan, 0.0])
def test_that_a_state_that_is_not_known_suppresses_nothing(value: float) -> None:
    alarms = watching(replace(PUMP, suppress_after_s=0.0))
    alarms.evaluate(row(2, 0, 0.0))
    (back,) = alarms.evaluate(row(2, 1, value, status.BAD_TIMEOUT))
    assert back.state == "normal"
    assert told(alarms.evaluate(row(1, 2, 101.0))) == [("flow", "raise", "unacknowledged", 2)]


def test_that_a_restart_goes_on_suppressing_until_a_sample_says_otherwise() -> None:
    alarms = watching(TRIP, FLOW, replace(PUMP, id="pump", tag="T3"))
    alarms.evaluate(row(0, 0, 101.0))
    alarms.evaluate(row(2, 0, 0.0))
    before = alarms.standing()
    assert [record.state for record in before] == ["unacknowledged", "suppressed", "suppressed"]
    again = watching(TRIP, FLOW, replace(PUMP, id="pump", tag="T3"), restored=before)
    assert not again.tick(at(100))
    assert again.standing() == before
    again.evaluate(row(2, 101, 1.0))
    assert told(again.tick(at(120))) == [("pump", "unsuppress", "normal", 111)]


def test_that_a_suppression_that_the_plant_file_no_longer_has_ends_with_the_restart() -> None:
    alarms = watching(PUMP)
    alarms.evaluate(row(2, 0, 0.0))
    alarms.evaluate(row(1, 1, 101.0))
    again = watching(definition(tag="T1", name="flow"), restored=alarms.standing())
    assert told(again.tick(at(50))) == [("flow", "unsuppress", "unacknowledged", 50)]


def test_that_the_first_of_a_group_is_marked_until_another_one_is_the_first() -> None:
    alarms = watching(*GROUP)
    (first,) = alarms.evaluate(row(1, 0, 101.0))
    (second,) = alarms.evaluate(row(2, 1, 101.0))
    assert (first.is_first_out, second.is_first_out, first.group) == (True, False, "trip")
    alarms.evaluate(row(1, 2, 50.0))
    (third,) = alarms.evaluate(row(0, 3, 101.0))
    assert not third.is_first_out
    alarms.evaluate(row(2, 4, 50.0))
    alarms.evaluate(row(0, 4, 50.0))
    anew, former = alarms.evaluate(row(2, 9, 101.0))
    assert (anew.alarm, anew.is_first_out, former.alarm, former.is_first_out) == ("g2", True, "g1", False)


def test_that_the_first_of_a_group_is_the_first_by_its_source_though_it_arrives_later() -> None:
    alarms = watching(*GROUP)
    alarms.evaluate(row(1, 5, 101.0))
    earlier, later = alarms.evaluate(row(2, 4, 101.0))
    assert (earlier.alarm, earlier.is_first_out) == ("g2", True)
    assert (later.alarm, later.event, later.is_first_out) == ("g1", "relate", False)
