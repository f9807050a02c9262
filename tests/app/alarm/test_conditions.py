"""The conditions that are not a limit of a value, each as an engineer would try it."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.alarm.evaluation import AlarmEvaluation
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmRecord, ConditionKind
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.connection import FIRST_VALUE_S
from app.model.forecast import Forecast, ForecastState, Health, HealthState
from tests.app.alarm.plants import START, at, definition, tags_of

HOUR = 3_600 * NS_PER_S
BAD = status.BAD_SENSOR_FAILURE


def watching(*definitions: AlarmDefinition) -> AlarmEvaluation:
    return AlarmEvaluation(tags_of(3), definitions, lateness_s=0.0)


def told(changes: list[AlarmRecord]) -> list[tuple[str, float]]:
    return [(str(change.event), (change.changed - START) / NS_PER_S) for change in changes]


def row(second: float, value: float, *, handle: int = 0, code: int = status.GOOD) -> Block:
    return block_of(handle, [at(second)], [value], code)


def test_that_a_state_is_alarmed_while_it_is_one_of_those_named() -> None:
    alarms = watching(definition(ConditionKind.STATE, states=(3.0, 5.0)))
    changes = [
        change for second, value in enumerate([1, 3, 3, 5, 4, 5]) for change in alarms.evaluate(row(second, value))
    ]
    assert told(changes) == [("raise", 1), ("clear", 4), ("raise", 5)]


def test_that_a_device_has_time_to_follow_its_command_from_each_command_on() -> None:
    alarms = watching(definition(ConditionKind.MISMATCH, 0.5, setpoint="T1", on_delay_s=5.0))
    alarms.evaluate(row(0, 0.0))
    alarms.evaluate(row(0, 0.0, handle=1))
    assert not alarms.evaluate(row(10, 1.0, handle=1))
    assert not alarms.evaluate(row(14, 0.0))
    assert not alarms.evaluate(row(14.5, 1.0))
    assert not alarms.tick(at(30))
    alarms.evaluate(row(30, 0.0, handle=1))
    alarms.evaluate(row(33, 2.0, handle=1))
    assert not alarms.tick(at(37.9))
    assert told(alarms.tick(at(39))) == [("raise", 38)]
    assert told(alarms.evaluate(row(50, 2.0))) == [("clear", 50)]


def test_that_a_command_without_a_good_value_says_nothing_of_its_device() -> None:
    alarms = watching(definition(ConditionKind.MISMATCH, 0.5, setpoint="T1", on_delay_s=5.0))
    alarms.evaluate(row(0, 0.0))
    alarms.evaluate(row(0, 1.0, handle=1))
    alarms.evaluate(row(2, 1.0, handle=1, code=BAD))
    assert not alarms.tick(at(60))


def test_that_a_standstill_is_alarmed_at_its_exact_instant_whether_samples_come_or_not() -> None:
    for values in ([(0, 5.0), (2, 7.0)], [(0, 5.0), *((2 + i, 7.05) for i in range(40))]):
        alarms = watching(definition(ConditionKind.STUCK, 0.1, on_delay_s=30.0))
        changes = [change for second, value in values for change in alarms.evaluate(row(second, value))]
        assert told(changes + alarms.tick(at(33))) == [("raise", 32)]
        assert told(alarms.evaluate(row(50, 7.2))) == [("clear", 50)]
        assert told(alarms.tick(at(81))) == [("raise", 80)]


def test_that_what_creeps_is_not_stuck_and_what_is_bad_is_not_stuck_either() -> None:
    alarms = watching(definition(ConditionKind.STUCK, 0.1, on_delay_s=30.0))
    for second in range(200):
        assert not alarms.evaluate(row(second, 0.01 * second))
    alarms.evaluate(row(201, math.nan, code=BAD))
    assert not alarms.tick(at(600))
    alarms.evaluate(row(601, 2.0))
    assert told(alarms.tick(at(700))) == [("raise", 631)]


def test_that_a_bad_value_is_alarmed_after_its_delay_and_gone_with_the_first_good_one() -> None:
    alarms = watching(definition(ConditionKind.BAD_QUALITY, 0.0, on_delay_s=3.0))
    assert not alarms.evaluate(row(0, 1.0))
    assert not alarms.evaluate(row(1, math.nan, code=BAD))
    assert not alarms.evaluate(row(3, 1.0))
    assert not alarms.evaluate(row(10, math.nan))
    assert told(alarms.tick(at(14))) == [("raise", 13)]
    assert told(alarms.evaluate(row(20, 1.0))) == [("clear", 20)]


def test_that_a_tag_without_a_value_since_the_start_is_alarmed_only_once_a_lost_connection_would_explain_it() -> None:
    alarms = watching(definition(ConditionKind.BAD_QUALITY, 0.0, on_delay_s=3.0))
    assert not alarms.evaluate(row(0, math.nan, code=BAD))
    assert not alarms.evaluate(row(6, math.nan, code=BAD))
    assert not alarms.tick(at(2 + FIRST_VALUE_S))
    assert told(alarms.tick(at(4 + FIRST_VALUE_S))) == [("raise", 3 + FIRST_VALUE_S)]


def test_that_a_slow_start_alarms_no_quality_and_a_loss_after_it_does_as_soon_as_ever() -> None:
    alarms = watching(definition(ConditionKind.BAD_QUALITY, 0.0, on_delay_s=3.0))
    assert not alarms.evaluate(row(0, math.nan, code=BAD))
    assert not alarms.evaluate(row(12, 1.0))
    assert not alarms.evaluate(row(13, math.nan, code=BAD))
    assert told(alarms.tick(at(17))) == [("raise", 16)]


def test_that_an_expression_is_alarmed_while_it_is_true_and_changes_nothing_while_it_is_unknown() -> None:
    alarms = watching(replace(definition(ConditionKind.EXPRESSION, 0.5, expression="T1 == 1 and T0 < 70"), tag=""))
    assert not alarms.evaluate(row(0, 50.0))
    assert told(alarms.evaluate(row(1, 1.0, handle=1))) == [("raise", 1)]
    assert not alarms.evaluate(row(2, math.nan, code=BAD))
    assert told(alarms.evaluate(row(3, 0.0, handle=1))) == [("clear", 3)]


def test_that_an_expression_may_be_a_number_with_a_limit_and_a_dead_band() -> None:
    alarms = watching(definition(ConditionKind.EXPRESSION, 10.0, expression="T0 - T1", deadband=2.0))
    alarms.evaluate(row(0, 5.0, handle=1))
    (raised,) = alarms.evaluate(row(1, 15.5))
    assert (raised.value, raised.limit) == (15.5, 10.0)
    assert not alarms.evaluate(row(2, 13.5))
    assert told(alarms.evaluate(row(3, 13.0))) == [("clear", 3)]


def test_that_a_falling_health_is_alarmed_and_one_that_is_not_known_is_not() -> None:
    watched = replace(definition(ConditionKind.HEALTH, 60.0, deadband=5.0), tag="", equipment="PU01")
    alarms = watching(watched)

    def health(second: float, value: float) -> list[AlarmRecord]:
        return alarms.foresee([Health("PU01", HealthState.DEGRADED, at(second), value)], at(second))

    assert not health(0, math.nan)
    (raised,) = health(1, 59.0)
    assert (raised.equipment, raised.value, raised.limit) == ("PU01", 59.0, 60.0)
    assert not health(2, 64.0)
    assert told(health(3, 65.0)) == [("clear", 3)]


@pytest.mark.parametrize(
    ("state", "hours", "raises"),
    [
        (ForecastState.FORECAST, 23.0, 1),
        (ForecastState.FORECAST, 25.0, 0),
        (ForecastState.AT_LIMIT, 0.0, 1),
        (ForecastState.NO_TREND, 0.0, 0),
        (ForecastState.LEARNING, 0.0, 0),
    ],
)
def test_that_a_limit_that_will_soon_be_reached_is_alarmed(state: ForecastState, hours: float, raises: int) -> None:
    watched = replace(definition(ConditionKind.TIME_TO_LIMIT, 24.0), forecast="F")
    alarms = AlarmEvaluation(tags_of(1), [watched], time_scale=60.0)
    p50 = at(0) + round(hours * HOUR / 60) if hours else 0
    assert len(alarms.foresee([Forecast("F", "E0", "T0", state, at(0), p50=p50)], at(0))) == raises


def look_at_all(alarms: AlarmEvaluation) -> None:
    """Let an evaluation look at every sample."""
    setattr(alarms, "_rows_of_interest", lambda block, _: np.arange(len(block)))  # noqa: B010 - mypy guards methods


definitions = st.lists(
    st.one_of(
        st.builds(
            definition, st.just(ConditionKind.STATE), states=st.just((1.0, 3.0)), on_delay_s=st.sampled_from([0.0, 3.0])
        ),
        st.builds(
            definition,
            st.just(ConditionKind.MISMATCH),
            st.just(0.5),
            setpoint=st.just("T1"),
            on_delay_s=st.sampled_from([2.0, 5.0]),
        ),
        st.builds(
            definition,
            st.just(ConditionKind.STUCK),
            st.sampled_from([0.0, 1.0]),
            on_delay_s=st.sampled_from([2.0, 5.0]),
        ),
        st.builds(definition, st.just(ConditionKind.BAD_QUALITY), st.just(0.0), on_delay_s=st.sampled_from([0.0, 2.0])),
        st.builds(
            definition,
            st.just(ConditionKind.DEVIATION),
            st.sampled_from([0.9, 1.5]),
            setpoint=st.sampled_from(["T1", "T2"]),
            deadband=st.sampled_from([0.0, 0.6]),
            on_delay_s=st.sampled_from([0.0, 2.0]),
        ),
        st.builds(
            definition,
            st.just(ConditionKind.EXPRESSION),
            st.just(0.5),
            expression=st.sampled_from(["T0 > T1", "T0 + T2 > 3 or T1 == 2", "not T2"]),
            on_delay_s=st.sampled_from([0.0, 2.0]),
        ),
        st.builds(
            definition,
            st.just(ConditionKind.HIGH),
            st.just(2.0),
            deadband=st.just(1.0),
            off_delay_s=st.sampled_from([0.0, 2.0]),
        ),
    ),
    min_size=1,
    max_size=3,
)
rows = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.one_of(st.none(), st.sampled_from([0.0, 1.0, 1.1, 1.2, 1.35, 2.0, 3.0])),
        st.sampled_from([status.GOOD, status.GOOD, status.GOOD, status.UNCERTAIN_SENSOR_NOT_ACCURATE]),
    ),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(definitions, rows, st.sets(st.integers(0, 60)))
def test_that_the_samples_that_are_not_looked_at_would_change_nothing(
    watched: list[AlarmDefinition], script: list[tuple[int, int, float | None, int]], cuts: set[int]
) -> None:
    named = [replace(entry, id=f"{n}") for n, entry in enumerate(watched)]
    quick, whole = watching(*named), watching(*named)
    look_at_all(whole)
    changes: tuple[list[AlarmRecord], list[AlarmRecord]] = ([], [])
    second, pending = 0, []
    for number, (handle, gap, value, code) in enumerate(script):
        second += gap
        pending.append((handle, at(second), math.nan if value is None else value, BAD if value is None else code))
        if number in cuts or number == len(script) - 1:
            columns = [list(column) for column in zip(*pending, strict=True)]
            for alarms, found in zip((quick, whole), changes, strict=True):
                found.extend(alarms.evaluate(block_of(*columns)))
                found.extend(alarms.tick(at(second)))
            pending = []
    for alarms, found in zip((quick, whole), changes, strict=True):
        found.extend(alarms.tick(at(second + 100)))
    assert repr(changes[0]) == repr(changes[1])


def test_that_delays_that_run_out_together_are_told_in_the_order_in_which_they_end() -> None:
    """The first one began anew, so it ends last; the journal must not have them the other way round."""
    alarms = watching(
        *[
            replace(definition(ConditionKind.STUCK, change, on_delay_s=5.0), id=name)
            for name, change in (("a", 0.0), ("b", 1.0))
        ]
    )
    changes = alarms.evaluate(block_of([0, 0], [at(0), at(2)], [0.0, 1.0])) + alarms.tick(at(60))
    assert [(change.alarm, (change.changed - START) / NS_PER_S) for change in changes] == [("b", 5.0), ("a", 7.0)]


@pytest.mark.parametrize("seed", range(6))
def test_that_wandering_tags_alarm_alike_although_most_samples_are_passed_over(seed: int) -> None:
    chance = random.Random(seed)
    watched = [
        replace(definition(ConditionKind.DEVIATION, 3.0, setpoint="T2", deadband=0.5, on_delay_s=2.0), id="first"),
        replace(definition(ConditionKind.DEVIATION, 2.0, setpoint="T2", deadband=0.5), id="second", tag="T1"),
    ]
    quick, whole = watching(*watched), watching(*watched)
    look_at_all(whole)
    looked: list[int] = []
    rows_of_interest = quick._rows_of_interest

    def counted(block: Block, doubtful: NDArray[np.bool_]) -> NDArray[np.intp]:
        rows = rows_of_interest(block, doubtful)
        looked.append(rows.size)
        return rows

    setattr(quick, "_rows_of_interest", counted)  # noqa: B010 - mypy guards methods
    value, told, samples = [0.0, 0.0, 0.0], 0, 0
    for second in range(1_500):
        handles = [chance.randrange(3) for _ in range(chance.randint(1, 4))]
        rows = []
        for handle in handles:
            value[handle] += chance.gauss(-0.02 * value[handle], 0.15)
            code = chance.choices([status.GOOD, BAD, status.UNCERTAIN_SENSOR_NOT_ACCURATE], [0.98, 0.01, 0.01])[0]
            rows.append((handle, at(second), math.nan if code == BAD else value[handle], code))
        block = block_of(*[list(column) for column in zip(*rows, strict=True)])
        first, second_found = (alarms.evaluate(block) + alarms.tick(at(second)) for alarms in (quick, whole))
        assert repr(first) == repr(second_found)
        told, samples = told + len(first), samples + len(block)
    assert told >= 10
    assert sum(looked) < 0.6 * samples
