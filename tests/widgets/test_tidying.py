"""The window never stops for a whole collection in a flood; garbage in circles still goes, within the hour."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from widgets.tidying import WHOLE_EVERY, Tidying


class Ring:
    """An object that only a collection can free."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def tidying(qtbot: QtBot) -> Iterator[Tidying]:
    owner = QObject()
    tidying = Tidying(owner)
    yield tidying
    tidying.close()


def test_that_many_new_objects_begin_no_whole_collection(tidying: Tidying) -> None:
    whole: list[int] = []

    def note(phase: str, facts: dict[str, int]) -> None:
        if phase == "start" and facts["generation"] == 2:
            whole.append(1)

    gc.callbacks.append(note)
    try:
        kept = [[number] for number in range(500_000)]
    finally:
        gc.callbacks.remove(note)
    assert len(kept) == 500_000
    assert whole == []


def test_that_a_ring_that_was_set_aside_goes_with_the_hour(tidying: Tidying) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    tidying.tidy()
    del ring
    for _ in range(WHOLE_EVERY - 2):
        tidying.tidy()
    assert gone() is not None
    tidying.tidy()
    assert gone() is None


def test_that_the_process_is_left_as_it_was(qtbot: QtBot) -> None:
    before = gc.get_threshold()
    owner = QObject()
    Tidying(owner).close()
    assert gc.get_threshold() == before
