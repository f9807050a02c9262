"""A key that a test held does not change what a list selects in the next one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.keys import let_go


def test_that_no_key_stays_held(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier
    let_go()
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
