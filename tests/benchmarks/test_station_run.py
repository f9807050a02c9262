"""What is found missing in the file of a run."""

from __future__ import annotations

import numpy as np

from app.model.clock import NS_PER_S
from app.model.series import Series
from tests.benchmarks.station_run import left_out_scans, lost_changes


def kept(*seconds: float, delay: float = 0.0) -> Series:
    """Values that tell their instant, each with a time `delay` seconds later."""
    value = np.array(seconds)
    return Series(((value + delay) * NS_PER_S).astype(np.int64), value, np.zeros(len(value), np.uint32))


def test_that_each_change_that_a_tag_lacks_is_counted() -> None:
    file = {"a": kept(1.0, 2.0, 3.0), "b": kept(1.0, 3.0), "c": kept()}

    assert lost_changes(file.__getitem__, ["a"], np.array([1.0, 2.0, 3.0])) == 0
    assert lost_changes(file.__getitem__, ["a", "b", "c"], np.array([1.0, 2.0, 3.0])) == 4


def test_that_a_scan_left_out_is_counted_and_a_late_one_is_not() -> None:
    file = {"even": kept(1.0, 1.1, 1.2, 1.3), "late": kept(1.0, 1.14, 1.2, 1.3), "gap": kept(1.0, 1.1, 1.3)}

    assert left_out_scans(file.__getitem__, ["even", "late"], 100, (0.0, 9.0)) == 0
    assert left_out_scans(file.__getitem__, ["even", "gap"], 100, (0.0, 9.0)) == 1


def test_that_only_the_measured_stretch_is_looked_at() -> None:
    file = {"gap": kept(1.0, 1.1, 1.3, 1.4, delay=0.02)}

    assert left_out_scans(file.__getitem__, ["gap"], 100, (1.2, 9.0)) == 0
