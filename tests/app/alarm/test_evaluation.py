import math

import numpy as np
import pytest

from app.alarm.evaluation import AlarmError, AlarmEvaluation
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind
from app.model.block import block_of, concatenate
from app.model.clock import NS_PER_S
from tests.app.alarm.plants import START, at, definition, samples, tags_of


def evaluation(
    *definitions: AlarmDefinition, tags: int = 2, restored: list[AlarmRecord] | None = None
) -> AlarmEvaluation:
    return AlarmEvaluation(tags_of(tags), definitions, restored or [], lateness_s=0.0)


def states(changes: list[AlarmRecord]) -> list[AlarmState]:
    return [change.state for change in changes]


def test_that_a_value_above_its_limit_raises_at_the_instant_of_its_sample() -> None:
    alarms = evaluation(definition(limit=100.0))
    assert not alarms.evaluate(samples([(0, 99.0), (1, 100.0)]))
    (raised,) = alarms.evaluate(samples([(2, 100.5), (3, 101.0)]))
    assert (raised.state, raised.raised, raised.value, raised.limit) == (AlarmState.UNACKNOWLEDGED, at(2), 100.5, 100.0)
    assert (raised.tag, raised.equipment, raised.occurrences) == ("T0", "E0", 1)


def test_that_a_value_clears_only_below_the_dead_band() -> None:
    alarms = evaluation(definition(limit=100.0, deadband=2.0))
    assert states(alarms.evaluate(samples([(0, 101.0), (1, 99.0), (2, 98.1)]))) == [AlarmState.UNACKNOWLEDGED]
    (returned,) = alarms.evaluate(samples([(3, 98.0)]))
    assert (returned.state, returned.returned, returned.raised) == (AlarmState.RETURNED, at(3), at(0))


def test_that_a_low_limit_mirrors_a_high_one() -> None:
    alarms = evaluation(definition(ConditionKind.LOW, 10.0, deadband=2.0))
    assert not alarms.evaluate(samples([(0, 10.0)]))
    changes = alarms.evaluate(samples([(1, 9.9), (2, 11.9), (3, 12.0)]))
    assert [(change.state, change.value) for change in changes] == [("unacknowledged", 9.9), ("returned", 12.0)]


def test_that_a_delay_runs_out_in_source_time_between_two_samples() -> None:
    alarms = evaluation(definition(on_delay_s=5.0, off_delay_s=3.0))
    assert not alarms.evaluate(samples([(0, 101.0), (4.9, 102.0)]))
    (raised,) = alarms.evaluate(samples([(7, 103.0)]))
    assert (raised.raised, raised.value) == (at(5), 102.0)
    (returned,) = alarms.evaluate(samples([(8, 90.0), (12, 91.0)]))
    assert (returned.returned, returned.value) == (at(11), 90.0)


def test_that_a_short_excursion_within_the_delay_is_no_alarm() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    assert not alarms.evaluate(samples([(0, 101.0), (5, 99.0), (6, 101.0), (10.9, 101.0)]))
    assert not alarms.standing()


def test_that_a_delay_runs_out_without_any_further_sample() -> None:
    alarms = evaluation(definition(on_delay_s=5.0, off_delay_s=2.0))
    alarms.evaluate(samples([(0, 101.0)]))
    assert not alarms.tick(at(5))
    (raised,) = alarms.tick(at(5) + 1)
    assert raised.raised == at(5)
    alarms.evaluate(samples([(9, 50.0)]))
    (returned,) = alarms.tick(at(20))
    assert returned.returned == at(11)
    assert not alarms.tick(at(30))


def test_that_a_delay_does_not_run_on_our_clock_when_the_device_has_another() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    an_hour = 3_600 * NS_PER_S
    alarms.evaluate(block_of(0, [at(0) - an_hour], [101.0], received=[at(0)]))
    assert not alarms.tick(at(4.9))
    (raised,) = alarms.tick(at(5.1))
    assert raised.raised == at(5) - an_hour


def test_that_time_waits_for_samples_that_are_still_on_their_way() -> None:
    alarms = AlarmEvaluation(tags_of(1), [definition(on_delay_s=5.0)], lateness_s=0.5)
    alarms.evaluate(samples([(0, 101.0)]))
    assert not alarms.tick(at(5.4))
    assert not alarms.evaluate(samples([(4.9, 99.0)]))
    assert not alarms.tick(at(60))


def test_that_a_sample_that_comes_too_late_cannot_clear_an_alarm_before_it_was_raised() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    alarms.evaluate(samples([(0, 101.0)]))
    alarms.tick(at(6))
    (returned,) = alarms.evaluate(samples([(4.9, 99.0)]))
    assert (returned.raised, returned.returned) == (at(5), at(5))


def test_that_a_clock_set_back_starts_a_delay_anew() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    assert not alarms.evaluate(samples([(1000, 101.0), (3, 101.0), (7.9, 101.0)]))
    (raised,) = alarms.evaluate(samples([(8, 101.0)]))
    assert raised.raised == at(8)


@pytest.mark.parametrize("code", [status.BAD, status.BAD_NO_COMMUNICATION, status.BAD_SENSOR_FAILURE])
def test_that_a_bad_sample_neither_raises_nor_clears(code: int) -> None:
    alarms = evaluation(definition())
    assert not alarms.evaluate(samples([(0, 500.0)], code=code))
    alarms.evaluate(samples([(1, 101.0)]))
    assert not alarms.evaluate(samples([(2, 0.0), (3, math.nan)], code=code))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_a_value_that_is_no_number_neither_raises_nor_clears(value: float) -> None:
    both = [definition(limit=100.0), definition(ConditionKind.LOW, 10.0)]
    alarms = evaluation(*both)
    assert not alarms.evaluate(samples([(0, value), (1, 50.0), (2, value)]))
    alarms.evaluate(samples([(3, 101.0)]))
    assert not alarms.evaluate(samples([(4, value)]))


def test_that_nothing_runs_out_while_a_tag_is_bad() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    alarms.evaluate(samples([(0, 101.0)]))
    alarms.evaluate(samples([(2, math.nan)], code=status.BAD_NO_COMMUNICATION))
    assert not alarms.tick(at(60))
    (raised,) = alarms.evaluate(samples([(61, 102.0)]))
    assert (raised.raised, raised.value) == (at(61), 102.0)


def test_that_single_bad_samples_do_not_hold_up_a_delay() -> None:
    alarms = evaluation(definition(on_delay_s=5.0))
    for second in range(5):
        assert not alarms.evaluate(samples([(second, 101.0)]))
        assert not alarms.evaluate(samples([(second + 0.5, math.nan)], code=status.BAD_TIMEOUT))
    (raised,) = alarms.evaluate(samples([(5, 101.0)]))
    assert raised.raised == at(5)


def test_that_a_value_beyond_its_range_counts_though_it_is_uncertain() -> None:
    alarms = evaluation(definition())
    code = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH
    assert states(alarms.evaluate(samples([(0, 900.0)], code=code))) == [AlarmState.UNACKNOWLEDGED]


def test_that_one_doubted_spike_is_no_alarm_but_two_in_a_row_are() -> None:
    alarms = evaluation(definition())
    doubted = status.UNCERTAIN_SENSOR_NOT_ACCURATE
    assert not alarms.evaluate(samples([(0, 900.0)], code=doubted))
    assert not alarms.evaluate(samples([(1, 20.0)]))
    assert not alarms.evaluate(samples([(2, 900.0)], code=doubted))
    (raised,) = alarms.evaluate(samples([(3, 901.0)], code=doubted))
    assert raised.raised == at(3)


def test_that_a_stuck_sensor_beyond_its_limit_keeps_its_alarm() -> None:
    alarms = evaluation(definition())
    stuck = status.UNCERTAIN_SENSOR_NOT_ACCURATE | status.LIMIT_CONSTANT
    assert states(alarms.evaluate(samples([(0, 101.0)], code=stuck))) == [AlarmState.UNACKNOWLEDGED]


def test_that_a_deviation_is_taken_from_a_fixed_setpoint_on_both_sides() -> None:
    alarms = evaluation(definition(ConditionKind.DEVIATION, 5.0, setpoint=50.0, deadband=1.0))
    changes = alarms.evaluate(samples([(0, 55.0), (1, 55.1), (2, 54.5), (3, 54.0), (4, 44.9), (5, 47.0)]))
    assert [(change.state, change.value) for change in changes] == [
        ("unacknowledged", 55.1),
        ("returned", 54.0),
        ("unacknowledged", 44.9),
        ("returned", 47.0),
    ]
    assert changes[2].occurrences == 2


def test_that_a_deviation_follows_the_setpoint_of_another_tag() -> None:
    alarms = evaluation(definition(ConditionKind.DEVIATION, 5.0, setpoint="T1"))
    assert not alarms.evaluate(samples([(0, 500.0)]))
    block = concatenate([samples([(1, 498.0)], handle=1), samples([(2, 501.0)]), samples([(3, 450.0)], handle=1)])
    (raised,) = alarms.evaluate(block)
    assert (raised.raised, raised.value, raised.tag) == (at(3), 501.0, "T0")
    assert not alarms.evaluate(samples([(4, math.nan)], handle=1, code=status.BAD_NO_COMMUNICATION))
    assert not alarms.evaluate(samples([(5, 450.0)]))
    assert states(alarms.evaluate(samples([(6, 451.0)], handle=1))) == [AlarmState.RETURNED]


def test_that_a_rate_is_taken_over_many_samples_so_that_noise_raises_nothing() -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.2, 4_000)
    alarms = evaluation(definition(ConditionKind.RATE, 10.0))
    assert not alarms.evaluate(samples([(i * 0.1, 20.0 + e) for i, e in enumerate(noise)]))
    largest_step_per_minute = float(np.max(np.diff(noise))) / 0.1 * 60
    assert largest_step_per_minute > 300  # what a difference of neighbours would have compared with 10


def test_that_a_ramp_faster_than_its_limit_raises_in_one_direction_only() -> None:
    rising = definition(ConditionKind.RATE, 10.0, name="up", deadband=1.0)
    falling = definition(ConditionKind.RATE, -10.0, name="down")
    alarms = evaluation(rising, falling)
    changes = alarms.evaluate(samples([(i * 0.1, 12.0 / 60 * i * 0.1) for i in range(200)]))
    assert [(change.alarm, change.state) for change in changes] == [("up", "unacknowledged")]
    assert at(2.4) < changes[0].raised < at(3)
    back = alarms.evaluate(samples([(20 + i * 0.1, 4.0) for i in range(100)]))
    assert [(change.alarm, change.state) for change in back] == [("up", "returned")]


def test_that_a_rate_comes_to_rest_when_an_unchanged_value_is_not_sampled_any_more() -> None:
    alarms = evaluation(definition(ConditionKind.RATE, 10.0, off_delay_s=1.0))
    assert states(alarms.evaluate(samples([(i * 0.1, i * 0.1) for i in range(100)]))) == [AlarmState.UNACKNOWLEDGED]
    assert not alarms.tick(at(14))
    changes = [change for second in range(15, 25) for change in alarms.tick(at(second))]
    (returned,) = changes
    assert returned.returned == at(9.9 + 5 + 1)


def test_that_a_rate_of_a_tag_faster_than_the_window_can_hold_is_still_known() -> None:
    alarms = evaluation(definition(ConditionKind.RATE, 10.0))
    changes = alarms.evaluate(samples([(i * 0.001, i * 0.001) for i in range(6_000)]))
    assert states(changes) == [AlarmState.UNACKNOWLEDGED]


def test_that_an_acknowledged_alarm_is_normal_once_its_condition_is_gone() -> None:
    alarms = evaluation(definition())
    (raised,) = alarms.evaluate(samples([(0, 101.0)]))
    record = alarms.acknowledge(raised.alarm, raised.raised, " Li Na ", "strainer ordered", at(9))
    assert (record.state, record.acknowledged, record.acknowledged_by) == (AlarmState.ACKNOWLEDGED, at(9), "Li Na")
    (normal,) = alarms.evaluate(samples([(10, 99.0)]))
    assert (normal.state, normal.comment, normal.returned) == (AlarmState.NORMAL, "strainer ordered", at(10))
    assert not alarms.standing()
    (anew,) = alarms.evaluate(samples([(20, 101.0)]))
    assert (anew.occurrences, anew.acknowledged, anew.acknowledged_by, anew.comment, anew.returned) == (1, 0, "", "", 0)


def test_that_an_acknowledgement_is_refused_with_its_reason() -> None:
    alarms = evaluation(definition())
    with pytest.raises(AlarmError, match="no such alarm"):
        alarms.acknowledge("X", 0, "Li", "", 0)
    with pytest.raises(AlarmError, match="back to normal"):
        alarms.acknowledge("T0.high", 0, "Li", "", 0)
    (raised,) = alarms.evaluate(samples([(0, 101.0)]))
    with pytest.raises(AlarmError, match="operator's name"):
        alarms.acknowledge("T0.high", raised.raised, "  ", "", 0)
    with pytest.raises(AlarmError, match="keep it within"):
        alarms.acknowledge("T0.high", raised.raised, "Li", "x" * 2_001, 0)
    alarms.evaluate(samples([(1, 99.0), (2, 101.0)]))
    with pytest.raises(AlarmError, match="raised again"):
        alarms.acknowledge("T0.high", raised.raised, "Li", "", 0)
    alarms.acknowledge("T0.high", at(2), "Li", "", at(3))
    with pytest.raises(AlarmError, match="already acknowledged by Li"):
        alarms.acknowledge("T0.high", at(2), "Wang", "", at(4))


def test_that_standing_alarms_are_told_the_most_urgent_and_newest_first() -> None:
    alarms = evaluation(definition(tag="T0"), definition(tag="T1"))
    alarms.evaluate(concatenate([samples([(0, 101.0)]), samples([(1, 101.0)], handle=1)]))
    assert [record.tag for record in alarms.standing()] == ["T1", "T0"]


def test_that_an_alarm_no_longer_defined_clears_and_can_still_be_acknowledged() -> None:
    (raised,) = evaluation(definition()).evaluate(samples([(0, 101.0)]))
    alarms = evaluation(definition(tag="T1"), restored=[raised])
    (returned,) = alarms.tick(at(50))
    assert (returned.state, returned.returned) == (AlarmState.RETURNED, at(50))
    assert not alarms.tick(at(51))
    record = alarms.acknowledge(raised.alarm, raised.raised, "Li", "", at(60))
    assert record.state is AlarmState.NORMAL
    assert not alarms.standing()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (definition(tag="X"), "no tag 'X'"),
        (definition(limit=math.nan), "no number"),
        (definition(ConditionKind.RATE, 0.0), "rate of 0"),
        (definition(ConditionKind.DEVIATION, 5.0), "name its setpoint"),
        (definition(ConditionKind.MISMATCH, 0.5, on_delay_s=1.0), "name its setpoint"),
        (definition(ConditionKind.MISMATCH, 0.5, setpoint="T1"), "no time after which"),
        (definition(ConditionKind.STUCK, 0.0), "no time after which"),
        (definition(ConditionKind.STUCK, 0.0, on_delay_s=1.0, off_delay_s=1.0), "off-delay"),
        (definition(ConditionKind.STATE, 0.0), "no states"),
        (definition(ConditionKind.EXPRESSION, 0.5, expression="T0 >"), "nothing at character"),
        (definition(ConditionKind.EXPRESSION, 0.5, expression="T9 > 1"), "no tag 'T9'"),
        (definition(ConditionKind.EXPRESSION, 0.5, expression="2 > 1"), "names no tag"),
        (definition(ConditionKind.DEVIATION, -5.0, setpoint=1.0), "not above 0"),
        (definition(ConditionKind.DEVIATION, 5.0, setpoint=1.0, deadband=5.0), "never clear"),
        (definition(deadband=-1.0), "negative dead band"),
        (definition(on_delay_s=-1.0), "negative delay"),
    ],
)
def test_that_a_definition_that_cannot_be_watched_is_named(wrong: AlarmDefinition, reason: str) -> None:
    with pytest.raises(AlarmError, match=reason):
        evaluation(wrong)


def test_that_two_alarms_of_one_id_are_refused() -> None:
    with pytest.raises(AlarmError, match="same id"):
        evaluation(definition(), definition(limit=50.0))


def test_that_a_flood_of_ten_thousand_alarms_in_one_block_is_told_in_full() -> None:
    count = 10_000
    alarms = AlarmEvaluation(tags_of(count), [definition(tag=f"T{i}") for i in range(count)])
    changes = alarms.evaluate(block_of(np.arange(count), START + np.arange(count), 101.0))
    assert [change.tag for change in changes] == [f"T{i}" for i in range(count)]
    assert len(alarms.standing()) == count


def test_that_samples_of_tags_without_alarms_change_nothing() -> None:
    alarms = evaluation(definition(tag="T1"))
    assert not alarms.evaluate(samples([(0, 1e9), (1, math.nan), (2, math.inf)]))
