"""A fault in a handler is logged once, and the window lives on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plant.folder import PlantFolder
from tests.widgets import plant
from widgets import guarded_event
from widgets.feed import Feed
from widgets.picture.view import PictureView


def click_at(view: PictureView, kind: QEvent.Type) -> QMouseEvent:
    left, held = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    if kind is QEvent.Type.MouseButtonPress:
        held = left
    return QMouseEvent(kind, QPointF(9, 9), QPointF(9, 9), left, held, Qt.KeyboardModifier.NoModifier)


def test_that_a_fault_in_a_handler_of_a_picture_is_logged_and_the_next_event_is_served(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = PictureView(Feed(plant.plant(), PlantFolder(tmp_path)))
    qtbot.addWidget(view)
    view.show()
    asked: list[QPointF] = []

    def fails(place: QPointF) -> str:
        asked.append(place)
        raise ValueError("no such place")

    logged: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda _, fault, __: logged.append(fault))
    monkeypatch.setattr(view, "writable_at", fails)
    monkeypatch.setattr(view, "tip_at", fails)
    for _ in range(3):
        assert qapp.sendEvent(view, click_at(view, QEvent.Type.MouseButtonPress))
        assert qapp.sendEvent(view, click_at(view, QEvent.Type.MouseButtonRelease))
        assert qapp.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, QPoint(9, 9), QPoint(9, 9)))
    assert len(asked) == 6
    assert [str(fault).endswith("no such place") for fault in logged] == [True] * 6
    assert view.isVisible()


def test_that_every_widget_that_takes_events_itself_is_guarded() -> None:
    found = [
        (path, [ast.unparse(each) for each in node.decorator_list])
        for path in Path(guarded_event.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "event" and path.name != "guarded_event.py"
    ]
    assert len(found) >= 5
    assert [path for path, decorators in found if decorators != ["guarded_event"]] == []
