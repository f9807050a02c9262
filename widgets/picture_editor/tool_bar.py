"""The tools of the editor and the keys that do the same: on the sheet alone, so that writing stays writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from widgets.theme import theme
from widgets.translation import tr


@dataclass(frozen=True, slots=True)
class Command:
    """What can be done: its `name`, the key on the sheet, and the call; `within` are the parts of a menu."""

    name: str
    key: str = ""
    call: Callable[[], object] | None = None
    within: list[Command] = field(default_factory=list)
    is_switch: bool = False
    is_on: bool = False


class ToolBar(QWidget):
    """A button for each command, and a menu for each group of them."""

    def __init__(self, commands: list[Command], sheet: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self.actions_of: dict[str, QAction] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(4))
        for command in commands:
            row.addWidget(self._button(command, sheet))
        row.addStretch(1)

    def _button(self, command: Command, sheet: QWidget) -> QPushButton:
        button = QPushButton(command.name)
        button.setMinimumWidth(theme().hit(0))
        button.setProperty("kind", "flat")
        button.setAutoDefault(False)
        self.buttons[command.name] = button
        if command.within:
            menu = QMenu(button)
            for each in command.within:
                menu.addAction(self._action(each, sheet))
            button.setMenu(menu)
            return button
        action = self._action(command, sheet)
        button.setToolTip(_tip(command))
        if command.is_switch:
            button.setCheckable(True)
            button.setChecked(command.is_on)
            button.toggled.connect(action.setChecked)
            action.toggled.connect(button.setChecked)
        else:
            button.clicked.connect(action.trigger)
        return button

    def _action(self, command: Command, sheet: QWidget) -> QAction:
        action = QAction(command.name, sheet)
        self.actions_of[command.name] = action
        if command.key:
            action.setShortcut(QKeySequence(command.key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            sheet.addAction(action)
        if command.is_switch:
            action.setCheckable(True)
            action.setChecked(command.is_on)
        call = command.call
        if call is not None:
            signal = action.toggled if command.is_switch else action.triggered
            signal.connect(lambda *_: call())
        return action


def _tip(command: Command) -> str:
    return tr("{name} ({key})", name=command.name, key=command.key) if command.key else command.name
