"""How many requests are on their way at once."""

from __future__ import annotations

import pytest

from app.model.clock import NS_PER_MS as MS
from drivers.modbus.window import Window


def _answered(window: Window, times: int, *, took: int = 1, more_wait: bool = True) -> None:
    for _ in range(times):
        window.answered(took, more_wait=more_wait)


def test_that_a_window_grows_by_one_for_each_window_of_answers_up_to_its_limit() -> None:
    window = Window(1, limit=4, patience=100)
    sizes = []
    for _ in range(12):
        _answered(window, 1)
        sizes.append(window.size)
    assert sizes == [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]


def test_that_a_window_halves_when_an_answer_is_missing() -> None:
    window = Window(1, limit=16, patience=100)
    _answered(window, 1_000)
    window.missed()
    assert window.size == 8
    for _ in range(9):
        window.missed()
    assert window.size == 1


def test_that_a_window_does_not_grow_without_need() -> None:
    window = Window(1, limit=16, patience=100)
    _answered(window, 100, more_wait=False)
    assert window.size == 1


@pytest.mark.parametrize(("each_ms", "timeout_ms", "size"), [(5, 600, 11), (20, 100, 2), (30, 10_000, 2), (1, 600, 16)])
def test_that_a_device_that_answers_one_after_the_other_gets_no_long_queue(
    each_ms: int, timeout_ms: int, size: int
) -> None:
    window = Window(1, limit=16, patience=timeout_ms * MS)
    for _ in range(1_000):
        window.answered(window.size * each_ms * MS, more_wait=True)
    assert window.size == size


def test_that_a_long_way_is_filled() -> None:
    window = Window(1, limit=16, patience=600 * MS)
    _answered(window, 1_000, took=250 * MS)
    assert window.size == 16


def test_that_a_window_never_runs_into_the_time_out() -> None:
    window = Window(1, limit=16, patience=600 * MS)
    _answered(window, 1_000, took=301 * MS)
    assert window.size == 1


def test_that_a_fixed_window_stays() -> None:
    window = Window(4, limit=4, patience=100)
    _answered(window, 100)
    assert window.size == 4
    window.fix(1)
    _answered(window, 100)
    assert window.size == 1
