"""The probe for a Qt binding that loses references: PySide6 6.12.0 on Python 3.11 ends the process by it.

There, each call that returns nothing takes one reference from None and each emitted signal one from True, until the
interpreter aborts. docs/decisions/0003-pyside6-pin.md has the figures.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 1000
DRIFT = CALLS // 10
"""More references than other threads and caches gain or lose meanwhile, far fewer than one for each call."""

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="from Python 3.12 on None and True are immortal and cannot be lost"
)


class Source(QObject):
    """An object with one signal."""

    changed = Signal(bool)


def lost_references(singleton: object, call: Callable[[], object]) -> int:
    """References of the singleton that are gone after CALLS calls."""
    before = sys.getrefcount(singleton)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(singleton)


def test_that_qt_calls_that_return_nothing_keep_the_references_of_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)

    assert lost_references(None, widget.update) < DRIFT
    assert lost_references(None, lambda: widget.setObjectName("pump")) < DRIFT
    assert lost_references(None, widget.parent) < DRIFT


@pytest.mark.usefixtures("qapp")
def test_that_an_emitted_signal_keeps_the_references_of_true() -> None:
    source = Source()

    assert lost_references(True, lambda: source.changed.emit(True)) < DRIFT
    assert lost_references(None, lambda: source.changed.emit(True)) < DRIFT
