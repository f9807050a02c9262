"""The window never stops for a whole collection in a flood; garbage in circles still goes, within the hour."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from widgets import tidying as rule
from widgets.tidying import MIDDLE, MUCH, OLD, WHOLE_EVERY, YOUNG, Tidying


class Ring:
    """An object that only a collection can free."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector_on() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


@pytest.fixture
def tidying(qtbot: QtBot) -> Iterator[Tidying]:
    owner = QObject()
    tidying = Tidying(owner)
    yield tidying
    tidying.close()


def test_that_no_thread_but_that_of_the_window_ever_collects(qtbot: QtBot, tidying: Tidying) -> None:
    threads: list[int] = []

    def note(phase: str, facts: dict[str, int]) -> None:
        threads.append(threading.get_ident())

    def make_rings() -> None:
        for _ in range(100_000):
            Ring()

    ring = Ring()
    gone = weakref.ref(ring)
    del ring
    gc.callbacks.append(note)
    try:
        other = threading.Thread(target=make_rings)
        other.start()
        other.join()
        assert threads == []
        qtbot.waitUntil(lambda: gone() is None, timeout=20_000)
    finally:
        gc.callbacks.remove(note)
    assert set(threads) == {threading.get_ident()}


@pytest.mark.parametrize("is_much", [True, False])
def test_that_much_that_was_looked_through_is_set_aside_at_once(
    qtbot: QtBot, tidying: Tidying, monkeypatch: pytest.MonkeyPatch, *, is_much: bool
) -> None:
    monkeypatch.setattr(rule, "MUCH", 0 if is_much else 10**9)
    kept = Ring()
    many = []
    for _ in range(3 * MIDDLE * OLD):
        many.append([[number] for number in range(2 * YOUNG)])
        tidying.look()
    assert any(each is kept for each in gc.get_objects()) is not is_much


def test_that_a_burst_of_objects_is_looked_through_and_set_aside_at_once(qtbot: QtBot, tidying: Tidying) -> None:
    gc.collect()
    kept = [[number] for number in range(2 * MUCH)]
    tidying.look()
    assert gc.get_freeze_count() >= len(kept)


def test_that_what_came_and_went_within_a_minute_is_freed_in_it(qtbot: QtBot, tidying: Tidying) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    gc.collect(0)
    gc.collect(1)  # grown old, as a page that was open for some seconds
    del ring
    rounds = 0
    while gone() is not None and rounds < 200:
        many = [[number] for number in range(2 * YOUNG)]
        tidying.look()
        del many
        rounds += 1
    assert gone() is None


def test_that_what_is_closed_after_the_minute_in_which_it_was_opened_is_freed_with_the_next(
    tidying: Tidying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule, "MUCH", 10**9)
    ring = Ring()
    gone = weakref.ref(ring)
    tidying.tidy()
    del ring
    tidying.tidy()
    assert gone() is None


def test_that_a_ring_that_was_set_aside_goes_with_the_hour(tidying: Tidying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "MUCH", 0)
    ring = Ring()
    gone = weakref.ref(ring)
    tidying.tidy()
    del ring
    for _ in range(WHOLE_EVERY - 2):
        tidying.tidy()
    assert gone() is not None
    tidying.tidy()
    assert gone() is None


def test_that_the_process_is_left_as_it_was(qtbot: QtBot, collector_on: None) -> None:
    owner = QObject()
    tidying = Tidying(owner)
    assert not gc.isenabled()
    tidying.close()
    assert gc.isenabled()
