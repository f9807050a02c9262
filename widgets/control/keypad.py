"""Large keys for a number, to be pressed with gloves; the keyboard writes into the same line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from widgets.number import MINUS
from widgets.theme import theme

KEY = 52
_KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", MINUS, "0", ".")


class Keypad(QWidget):
    """Digits, sign, point and a key that takes back the last one."""

    def __init__(self, line: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme().px(6))
        for place, key in enumerate(_KEYS):
            grid.addWidget(self._key(key, partial(self._press, key)), place // 3, place % 3)
        grid.addWidget(self._key("⌫", self._take_back), 4, 0, 1, 3)

    def write_into(self, line: QLineEdit) -> None:
        """Let the keys write into another line."""
        self._line = line

    def _take_back(self) -> None:
        self._line.backspace()

    def _press(self, key: str) -> None:
        if key == MINUS:
            text = self._line.text()
            self._line.setText(text[1:] if text[:1] in {MINUS, "-"} else MINUS + text)
        else:
            self._line.insert(key)
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _key(self, text: str, call: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setFont(theme().font("large"))
        button.setMinimumSize(theme().px(KEY + 20), theme().px(KEY))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoDefault(False)
        button.clicked.connect(call)
        return button
