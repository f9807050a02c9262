import numpy as np
import pytest

from app.anomaly.state import AnomalyError
from app.anomaly.univariate import THRESHOLD, UnivariateBank
from app.model.clock import NS_PER_S

MINUTE = 60 * NS_PER_S


def run(values: np.ndarray, *, period: int = 5 * MINUTE) -> np.ndarray:
    """Return the scores of rows of values, shape (n, tags)."""
    bank = UnivariateBank(values.shape[1])
    return np.array([bank.update(place * period, row) for place, row in enumerate(values)])


def daily(count: int, *, seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(count, 2))
    wave = 10.0 * np.sin(2.0 * np.pi * np.arange(count) / 288)
    return np.column_stack([20.0 + wave, np.full(count, 5.0)]) + 0.3 * noise


def test_that_a_value_that_is_usual_at_another_hour_is_told() -> None:
    values = daily(4_000)
    values[3_700:3_706, 0] = 20.0 - (values[3_700:3_706, 0] - 20.0)
    scores = run(values)
    assert scores[3_700:3_706, 0].max() > THRESHOLD
    assert scores[3_500:3_700].max() < THRESHOLD


def test_that_a_lasting_shift_is_told_once() -> None:
    values = daily(4_000)
    values[3_000:, 1] += 3.0
    told = np.flatnonzero(run(values)[:, 1] > THRESHOLD)
    assert 3_000 <= told[0] <= 3_010
    assert len(told) <= 3


def test_that_a_restless_tag_needs_a_larger_step_than_a_quiet_one() -> None:
    values = np.random.default_rng(1).normal(size=(3_000, 2)) * [0.1, 10.0]
    values[2_500] += 3.0
    scores = run(values)[2_500]
    assert scores[0] > THRESHOLD > scores[1]


def test_that_missing_values_say_nothing_and_are_not_learned() -> None:
    values = daily(2_000)
    values[1_500:1_520] = [np.nan, np.inf]
    gone = run(values)
    assert (gone[1_500:1_520] == 0.0).all()
    assert np.isfinite(gone).all()
    assert gone[1_520:1_600].max() < THRESHOLD


def test_that_every_tag_may_have_its_own_time() -> None:
    bank, other = UnivariateBank(2), UnivariateBank(1)
    for place, row in enumerate(daily(1_500)):
        times = np.array([place * MINUTE, place * 5 * MINUTE])
        scores = bank.update(times, row)
        assert scores[1] == other.update(place * 5 * MINUTE, row[1:])[0]


def test_that_late_samples_are_left_out_and_a_clock_set_back_is_followed() -> None:
    bank = UnivariateBank(2)
    for place, row in enumerate(daily(500)):
        bank.update(place * MINUTE, row)
    before = bank.save()
    assert (bank.update(499 * MINUTE, np.full(2, 1e6)) == 0.0).all()
    assert bank.save() == before
    bank.update(0, np.full(2, 20.0))
    assert bank.save() != before


def test_that_a_tag_takes_less_than_a_kilobyte() -> None:
    assert sum(array.nbytes for array in UnivariateBank(1_000)._arrays().values()) <= 1_000 * 1_000


def test_that_the_state_of_another_bank_is_refused() -> None:
    with pytest.raises(AnomalyError, match="tags or settings"):
        UnivariateBank(3).restore(UnivariateBank(2).save())
    with pytest.raises(AnomalyError, match="3 tags"):
        UnivariateBank(3).update(0, np.zeros(2))
