import numpy as np
import pytest

from app.anomaly.limit import MONTH_S, Budget, limit_of


def test_that_a_budget_of_alarms_becomes_a_share_of_looks() -> None:
    assert Budget(alarms=2.0).share_per_look(period_s=60.0, look_rows=10.0) == pytest.approx(1_200.0 / MONTH_S)
    assert Budget(share=0.01).share_per_look(period_s=60.0, look_rows=10.0) == 0.01


def test_that_a_budget_of_nothing_and_one_without_end_stay_within_reason() -> None:
    assert 0.0 < Budget(alarms=0.0).share_per_look(period_s=1.0, look_rows=1.0) < 1e-6
    assert Budget(alarms=1e9).share_per_look(period_s=1.0, look_rows=1.0) < 0.5


@pytest.mark.parametrize("freedom", [3, 20, 100])
def test_that_sums_of_squares_exceed_an_extrapolated_limit_no_more_often_than_asked(freedom: int) -> None:
    random = np.random.default_rng(freedom)
    limit = limit_of(random.chisquare(freedom, 2_000), 1e-4)
    assert 1e-7 < np.mean(random.chisquare(freedom, 2_000_000) > limit) < 1e-4


def test_that_a_smaller_share_means_a_higher_limit() -> None:
    values = np.random.default_rng(1).chisquare(10, 500)
    limits = [limit_of(values, share) for share in (0.1, 0.01, 1e-3, 1e-5, 1e-8)]
    assert limits == sorted(limits)
