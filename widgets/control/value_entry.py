"""Where an operator says a value: types a number or a text, or presses one of the values that are allowed."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model.content import Content, content_from
from app.model.exact import DataType
from app.model.value_rule import ValueRule
from widgets import number
from widgets.choice import ChoiceBox
from widgets.control.keypad import KEY
from widgets.number import MINUS, Quantity
from widgets.theme import theme
from widgets.translation import tr

MOST_BUTTONS = 8
_COLUMNS = 2


class ValueEntry(QWidget):
    """One value of a tag or an argument; `edited` comes whenever another one is typed or chosen by hand."""

    edited = Signal()
    focused = Signal()

    def __init__(self, quantity: Quantity, rule: ValueRule, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity, self.rule = quantity, rule
        self.line = QLineEdit()
        self.buttons = QButtonGroup(self)
        self.box = ChoiceBox()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(6))
        for field in (self.line, self.box):
            field.setAccessibleName(name)
            field.setMinimumHeight(theme().px(KEY))
            self._column.addWidget(field)
        self.line.setPlaceholderText(name)
        self._lay_out(name)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(lambda _: self.edited.emit())
        self.box.activated.connect(lambda _: self.edited.emit())
        self.buttons.idClicked.connect(lambda _: self.edited.emit())

    @property
    def is_choice(self) -> bool:
        """Whether it is chosen, and not typed."""
        return bool(self.rule.allowed)

    @property
    def is_number(self) -> bool:
        """Whether digits are typed, for which there are large keys."""
        return not self.is_choice and self.quantity.data_type is not DataType.STRING

    @property
    def hint(self) -> str:
        """Return what to do where there is no value yet."""
        if self.is_choice:
            return tr("Choose a value")
        return tr("Type a number") if self.is_number else tr("Type a text")

    @property
    def content(self) -> Content | None:
        """Return the value, None where it is none of its type."""
        if self.is_choice:
            place = self.buttons.checkedId() if self.box.isHidden() else self.box.currentIndex()
            return self.rule.allowed[place] if place >= 0 else None
        text = self.line.text()
        if self.is_number:
            text = text.strip().replace(",", ".").replace(MINUS, "-")
        try:
            content = content_from(text, self.quantity.data_type)
        except ValueError:
            return None
        return None if isinstance(content, float) and not math.isfinite(content) else content

    def take_focus(self) -> None:
        """Let what is typed go here."""
        field = self.box if not self.box.isHidden() else self.line
        if self.is_choice and self.box.isHidden():
            self.buttons.button(0).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        return super().eventFilter(watched, event)

    def _lay_out(self, name: str) -> None:
        look = theme()
        is_long = len(self.rule.allowed) > MOST_BUTTONS
        self.line.setFont(look.font("value" if self.is_number else "large"))
        if self.is_choice:  # shown by its parent alone: shown by itself, it would lose its font to the style sheet
            self.line.hide()
        if not (self.is_choice and is_long):
            self.box.hide()
        if self.is_number:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        names = [
            each if isinstance(each, str) and each else number.content_text(each, tag=self.quantity)
            for each in self.rule.allowed
        ]
        if is_long:
            self.box.addItems(names)
            self.box.setCurrentIndex(-1)
            self.box.setFont(look.font("large"))
            return
        grid = QGridLayout()
        grid.setSpacing(look.px(6))
        for place, text in enumerate(names):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{name}: {text}")
            button.setFont(look.font("large"))
            button.setMinimumHeight(look.px(KEY))
            self.buttons.addButton(button, place)
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self._column.addLayout(grid)
