"""The keys of the keyboard, as Qt believes them to be held."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def let_go() -> None:
    """Hold no Shift, Ctrl or Alt any more: those of the last key that QTest pressed stay, and lists select by them."""
    if QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyClick(QWidget(), Qt.Key.Key_F35, Qt.KeyboardModifier.NoModifier)
