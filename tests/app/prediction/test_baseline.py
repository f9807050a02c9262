import numpy as np
import pytest

from app.prediction.baseline import Baseline, learn, shrunk_correlation
from tests.app.prediction.plants import Array, healthy_pump

NO_SHIFT = np.zeros(8)


def learned(rows: Array, *, hours: float = 48.0, floor: Array | None = None) -> Baseline:
    baseline = learn(rows, np.full(rows.shape[1], 1e-3) if floor is None else floor, hours=hours)
    assert baseline is not None
    return baseline


def scores(baseline: Baseline, rows: Array) -> Array:
    return np.array([baseline.score(baseline.parts(row, np.zeros(rows.shape[1]))) for row in rows])


@pytest.mark.parametrize("count", [24, 48, 400])
def test_that_the_healthy_stay_well_within_the_limit_even_after_few_rows(count: int) -> None:
    far = []
    for seed in range(10):
        rows = healthy_pump(count + 400, seed=seed)
        far.append(np.mean(scores(learned(rows[:count]), rows[count:]) > 0.7))
    assert np.mean(far) < 0.005


def test_that_a_broken_correlation_is_farther_than_a_common_move_of_the_same_size() -> None:
    cause = np.random.default_rng(1).normal(size=(500, 1))
    rows = cause @ np.ones((1, 8)) + 0.1 * np.random.default_rng(2).normal(size=(500, 8))
    baseline = learned(rows)
    together, alone = np.full(8, 2.0), np.array([2.0] + [0.0] * 7)
    common, broken = scores(baseline, np.array([together, alone]))
    assert broken > 1.0 > common


def test_that_the_parts_sum_to_the_squared_distance_and_point_at_the_moved_signal() -> None:
    rows = healthy_pump(400)
    baseline = learned(rows)
    moved = rows.mean(axis=0)
    moved[3] += 10.0
    parts = baseline.parts(moved, NO_SHIFT)
    residuals = (moved - baseline.mean) / baseline.scale
    precision = baseline.whitening @ baseline.whitening
    assert np.isclose(parts.sum(), residuals @ precision @ residuals)
    assert (parts >= 0).all()
    assert np.argmax(parts) == 3
    assert parts[3] > 0.5 * parts.sum()


def test_that_a_missing_value_adds_nothing() -> None:
    rows = healthy_pump(400)
    baseline = learned(rows)
    row = rows.mean(axis=0)
    row[2] = np.nan
    assert baseline.parts(row, NO_SHIFT)[2] < 1e-3
    assert np.isfinite(baseline.parts(row, NO_SHIFT)).all()


def test_that_learning_survives_missing_values_and_leaves_out_mostly_missing_signals() -> None:
    rows = healthy_pump(200)
    rows[::7, 1] = np.nan
    rows[20:, 5] = np.nan
    baseline = learned(rows)
    assert baseline.is_used.tolist() == [True] * 5 + [False] + [True] * 2
    assert np.isfinite(baseline.whitening).all()


def test_that_a_signal_that_never_moved_tells_another_mode_when_it_moves() -> None:
    rows = healthy_pump(200)
    rows[:, 4] = 25.0
    baseline = learned(rows)
    same, other = rows.mean(axis=0), rows.mean(axis=0)
    other[4] = 30.0
    assert not baseline.is_used[4]
    assert baseline.applies(same)
    assert not baseline.applies(other)


def test_that_a_drifting_signal_does_not_stand_still_and_counts_little() -> None:
    rows = healthy_pump(200)
    rows[:, 2] += np.linspace(0.0, 20.0, 200)
    baseline = learned(rows)
    assert np.isclose(baseline.still, 7 / 8)
    assert baseline.scale[2] > 20 * baseline.scale[1]


def test_that_two_loads_that_alternate_are_both_healthy() -> None:
    rows = healthy_pump(480)
    rows[:, :3] += 20.0 * ((np.arange(480) // 8) % 2)[:, None]
    baseline = learned(rows[:240])
    assert baseline.still == 1.0
    assert np.mean(scores(baseline, rows[240:]) > 0.7) < 0.02


def test_that_nothing_can_be_learned_from_constants_or_nothing() -> None:
    assert learn(np.full((50, 3), 7.0), np.full(3, 1e-3), hours=1.0) is None
    assert learn(np.full((50, 3), np.nan), np.full(3, 1e-3), hours=1.0) is None


def test_that_the_correlation_is_shrunk_the_more_the_fewer_rows_there_are() -> None:
    cause = np.random.default_rng(1).normal(size=(2_000, 1))
    rows = cause + 0.5 * np.random.default_rng(2).normal(size=(2_000, 6))
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    few, many = shrunk_correlation(rows[:24]), shrunk_correlation(rows)
    assert abs(many[0, 1] - 0.8) < 0.05
    assert few[0, 1] < many[0, 1]
    noise = shrunk_correlation(np.random.default_rng(3).normal(size=(24, 20)))
    assert np.abs(noise - np.eye(20)).max() < 0.2
    for matrix in (few, many, noise):
        assert np.linalg.eigvalsh(matrix).min() > 0.0
        assert np.allclose(np.diag(matrix), 1.0)
