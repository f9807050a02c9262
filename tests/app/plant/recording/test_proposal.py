"""What is proposed for a signal of which only a recording is known."""

import math

import numpy as np
import pytest

from app.model.alarm import ConditionKind, Priority
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.plant.recording.baseline import baseline_of
from app.plant.recording.proposal import SignalProposal, propose

MINUTE = 60 * NS_PER_S


def noise(count: int, seed: int = 1) -> ValueArray:
    return np.random.default_rng(seed).normal(0.0, 1.0, count)


def minutes(count: int) -> TimeArray:
    return np.arange(count) * MINUTE


def proposal(values: ValueArray) -> SignalProposal:
    return propose(minutes(len(values)), values, slope_window=20 * MINUTE)


def limit(found: SignalProposal, condition: ConditionKind, priority: Priority = Priority.MEDIUM) -> float:
    (value,) = (each.limit for each in found.limits if each.condition is condition and each.priority is priority)
    return value


def test_that_limits_stand_four_sigmas_from_the_median_of_steady_noise() -> None:
    values = 50 + noise(5_000)
    values[4_000:] += np.linspace(0, 30, 1_000)
    found = proposal(values)
    assert limit(found, ConditionKind.HIGH) == pytest.approx(54, abs=0.6)
    assert limit(found, ConditionKind.HIGH, Priority.HIGH) == pytest.approx(56, abs=0.9)
    assert np.mean(values[:4_000] > limit(found, ConditionKind.HIGH)) < 0.002


def test_that_wild_values_in_the_baseline_do_not_move_the_limits() -> None:
    values = 50 + noise(5_000)
    values[100] = 500.0
    assert limit(proposal(values), ConditionKind.HIGH) == pytest.approx(54, abs=0.6)


def test_that_what_the_baseline_reached_often_is_no_alarm() -> None:
    values = np.where(np.arange(5_000) % 100 < 3, 80.0, 50.0) + 0.1 * noise(5_000)
    values[3_000:3_010] = 140.0
    assert limit(proposal(values), ConditionKind.HIGH) > 86


def test_that_a_clear_drift_moves_the_limit_on_its_side_only() -> None:
    steady = 50 + noise(5_000)
    steady[4_000:4_100] += 40
    steady[4_100:4_200] -= 40
    drifting = steady.copy()
    drifting[:500] += np.linspace(0, 5, 500)
    drifting[500:] += 5
    assert limit(proposal(drifting), ConditionKind.HIGH) > limit(proposal(steady), ConditionKind.HIGH) + 8
    assert baseline_of(minutes(5_000), drifting, slope_window=MINUTE).drift == pytest.approx(5, abs=1)  # type: ignore[union-attr]
    assert baseline_of(minutes(5_000), steady, slope_window=MINUTE).drift == 0  # type: ignore[union-attr]


def test_that_swings_are_not_taken_for_a_drift() -> None:
    values = 50 + 10 * np.sin(np.arange(5_000) / 80) + noise(5_000)
    found = baseline_of(minutes(5_000), values, slope_window=MINUTE)
    assert found is not None
    assert found.drift == 0


def test_that_a_change_twice_as_steep_as_the_baseline_is_too_quick() -> None:
    values = 50 + 10 * np.sin(np.arange(5_000) * 2 * math.pi / 500)
    rates = [each.limit for each in proposal(values).limits if each.condition is ConditionKind.RATE]
    steepest = 10 * 2 * math.pi / 500
    assert rates == [pytest.approx(2 * steepest, rel=0.03), pytest.approx(-2 * steepest, rel=0.03)]


def test_that_no_rate_is_proposed_from_a_window_of_few_rows() -> None:
    values = 50 + noise(5_000)
    found = propose(minutes(5_000), values, slope_window=2 * MINUTE)
    assert all(each.condition is not ConditionKind.RATE for each in found.limits)


def test_that_the_range_is_round_and_holds_all_values_but_glitches() -> None:
    values = 50 + noise(5_000)
    values[4_500:4_600] = 75.0
    found = proposal(values)
    assert (found.low, found.high) == (35.0, 85.0)
    values[4_700] = 1e9
    assert proposal(values).high == 85.0


def test_that_a_quantity_that_is_never_negative_has_no_negative_range() -> None:
    found = proposal(np.abs(noise(1_000)))
    assert found.low == 0
    assert all(each.condition is not ConditionKind.LOW for each in found.limits)


def test_that_a_switch_has_neither_limits_nor_decimals() -> None:
    found = proposal((np.arange(1_000) % 50 < 10).astype(np.float64))
    assert (found.low, found.high, found.decimals, found.is_discrete, found.limits) == (0, 1, 0, True, ())


@pytest.mark.parametrize("value", [0.3, 231.0, -5e-7, 4e9])
def test_that_a_constant_has_a_range_around_it(value: float) -> None:
    found = proposal(np.full(1_000, value))
    assert found.low < value < found.high
    assert all(found.low < each.limit < found.high for each in found.limits)


def test_that_gaps_are_passed_over_and_too_few_values_give_no_limits() -> None:
    values = 50 + noise(5_000)
    values[::3] = np.nan
    assert limit(proposal(values), ConditionKind.HIGH) == pytest.approx(54, abs=0.6)
    values[:500] = np.nan
    found = proposal(values)
    assert found.baseline is None
    assert found.limits == ()


def test_that_dead_bands_are_smaller_than_the_way_to_the_limit() -> None:
    found = proposal(50 + noise(5_000))
    levels = [each for each in found.limits if each.condition is not ConditionKind.RATE]
    assert levels
    assert all(0 < each.deadband <= abs(each.limit - 50) / 4 + 0.01 for each in levels)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_that_a_proposal_does_not_depend_on_the_unit(unit: float) -> None:
    values = 50 + noise(5_000)
    expected, found = proposal(values), proposal(values * unit)
    assert (found.low, found.high) == pytest.approx((expected.low * unit, expected.high * unit))
    assert [each.limit for each in found.limits] == pytest.approx(
        [each.limit * unit for each in expected.limits], rel=1e-3
    )
