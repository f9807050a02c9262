import numpy as np
import pytest

from app.anomaly.covariance import drift_of, ledoit_wolf


def test_that_few_rows_give_an_invertible_covariance() -> None:
    rows = np.random.default_rng(1).normal(size=(10, 40))
    assert np.linalg.eigvalsh(ledoit_wolf(rows)).min() > 0.1


def test_that_many_rows_give_nearly_their_own_covariance() -> None:
    rows = np.random.default_rng(1).normal(size=(20_000, 4)) @ np.random.default_rng(2).normal(size=(4, 4))
    assert np.allclose(ledoit_wolf(rows), np.cov(rows.T), atol=0.05)


@pytest.mark.peer
@pytest.mark.parametrize("shape", [(30, 50), (500, 8)])
def test_that_it_is_the_covariance_that_scikit_learn_estimates(shape: tuple[int, int]) -> None:
    peer = pytest.importorskip("sklearn.covariance", reason="scikit-learn absent")
    rows = np.random.default_rng(3).normal(size=shape) * np.linspace(0.5, 2.0, shape[1])
    assert np.allclose(ledoit_wolf(rows), peer.LedoitWolf().fit(rows).covariance_, rtol=1e-9, atol=1e-12)


def test_that_noise_is_no_drift_even_if_neighbours_resemble_one_another() -> None:
    white = np.random.default_rng(1).normal(size=(3_000, 30))
    red = np.empty_like(white)
    red[0] = white[0]
    for place in range(1, len(white)):
        red[place] = 0.9 * red[place - 1] + white[place]
    for rows in (white, red):
        assert np.mean(drift_of(rows) == 0.0) > 0.85


def test_that_a_ramp_is_a_drift_of_two_thirds_of_it() -> None:
    rows = np.random.default_rng(1).normal(size=(900, 2))
    rows[:, 1] += np.linspace(0.0, -9.0, 900)
    drift = drift_of(rows)
    assert drift[0] == 0.0
    assert drift[1] == pytest.approx(-6.0, abs=1.0)
