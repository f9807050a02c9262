"""Work off the GUI thread ends on the GUI thread, with its result or its error."""

from __future__ import annotations

import logging
import threading

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from widgets.operation import Operation, wait_for_all


def test_that_the_result_comes_back_on_the_gui_thread(qtbot: QtBot) -> None:
    owner = QObject()
    gui = QThread.currentThread()
    seen: list[tuple[int, bool, bool]] = []

    def work() -> bool:
        return QThread.currentThread() is gui

    Operation(owner, work).success(lambda inside: seen.append((1, inside, QThread.currentThread() is gui))).start()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(1, False, True)]


def test_that_an_exception_goes_to_failure_with_its_kind(qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[Exception] = []

    def work() -> None:
        raise FileNotFoundError("history.sqlite")

    Operation(owner, work).failure(seen.append).start()
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], FileNotFoundError)


def test_that_an_exception_nobody_asked_for_is_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    owner = QObject()

    def work() -> None:
        raise ValueError("lost?")

    with caplog.at_level(logging.ERROR):
        operation = Operation(owner, work).start()
        qtbot.waitUntil(lambda: not operation.is_running)
    assert "lost?" in caplog.text


def test_that_a_cancelled_operation_is_interrupted_and_delivers_nothing(qtbot: QtBot) -> None:
    owner = QObject()
    started, interrupted = threading.Event(), threading.Event()
    seen: list[str] = []

    def work() -> str:
        started.set()
        assert interrupted.wait(5)
        return "late"

    operation = Operation(owner, work, interrupt=interrupted.set).success(seen.append).start()
    assert started.wait(5)
    operation.cancel()
    qtbot.waitUntil(lambda: not operation.is_running)
    assert seen == []


def test_that_work_that_ended_is_not_interrupted_any_more(qtbot: QtBot) -> None:
    owner = QObject()
    interrupted: list[bool] = []
    operation = Operation(owner, lambda: None, interrupt=lambda: interrupted.append(True)).start()
    assert wait_for_all()
    operation.cancel()
    qtbot.waitUntil(lambda: not operation.is_running)
    assert interrupted == []


def test_that_an_interrupt_that_comes_too_late_harms_nobody(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    owner = QObject()
    proceed = threading.Event()

    def interrupt() -> None:
        proceed.set()
        raise RuntimeError("closed already")

    operation = Operation(owner, lambda: proceed.wait(5), interrupt=interrupt).start()
    with caplog.at_level(logging.INFO):
        operation.cancel()
    qtbot.waitUntil(lambda: not operation.is_running)
    assert "closed already" in caplog.text


def test_that_a_result_for_a_closed_widget_is_dropped(qtbot: QtBot) -> None:
    owner = QObject()
    proceed = threading.Event()
    seen: list[bool] = []
    operation = Operation(owner, lambda: proceed.wait(5)).success(seen.append).start()
    owner.deleteLater()
    del owner
    qtbot.wait(20)
    proceed.set()
    qtbot.waitUntil(lambda: not operation.is_running)
    assert seen == []


def test_that_the_end_of_the_window_waits_for_running_work(qtbot: QtBot) -> None:
    owner = QObject()
    ended: list[bool] = []
    Operation(owner, lambda: ended.append(True)).start()
    assert wait_for_all()
    assert ended == [True]
    qtbot.wait(10)
