"""The faults of the demo plant open a case in time, with the true cause first."""

from __future__ import annotations

import pytest

from drivers.simulation.fault import FAULTS
from tests.app.case.demo_run import BEGIN_H, fault_outcome


def test_that_a_clogging_strainer_opens_a_case_with_the_true_cause_first() -> None:
    found = fault_outcome(3, seed=7)
    assert found.is_warned
    assert found.at_h > BEGIN_H
    assert found.has_true_cause_first


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_that_every_fault_opens_a_case_before_the_trip_with_the_true_cause_first(fault: int, seed: int) -> None:
    found = fault_outcome(fault, seed=seed)
    assert found.is_warned
    assert found.has_true_cause_first
