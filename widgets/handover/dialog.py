"""Asks what must be known before a point is noted or closed, or a shift is handed or taken over, and for a PIN."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.model.alarm import Priority
from app.model.handover import HandoverAction, HandoverCommand
from app.model.plant import Plant
from widgets.alarm.wording import priority_text
from widgets.choice import ChoiceBox
from widgets.handover.wording import action_text
from widgets.theme import theme
from widgets.translation import local, tr

_NEEDS_TEXT = {HandoverAction.NOTE, HandoverAction.CLOSE, HandoverAction.AMEND}


class HandoverDialog(QDialog):
    """`command` returns the deed that it began with, filled in; `needs_pin`: whether it is signed with one."""

    def __init__(
        self,
        plant: Plant,
        begin: HandoverCommand,
        *,
        about: str,
        operator: str,
        needs_pin: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._begin, self._needs_pin = begin, needs_pin
        self.equipment, self.priority = ChoiceBox(), ChoiceBox()
        self.text = QPlainTextEdit(begin.text)
        self.name, self.pin = QLineEdit(operator), QLineEdit()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._fill(plant)
        self._lay_out(about)
        for field in (self.name, self.pin):
            field.textChanged.connect(self._allow)
        self.text.textChanged.connect(self._allow)
        self._allow()

    def command(self) -> HandoverCommand:
        """Return what is to be done."""
        begin, is_note = self._begin, self._begin.action is HandoverAction.NOTE
        return HandoverCommand(
            begin.action,
            begin.number,
            str(self.equipment.currentData() or "") if is_note else "",
            Priority(self.priority.currentData()) if is_note else begin.priority,
            self.text.toPlainText().strip(),
            begin.key,
            begin.report,
        )

    def _fill(self, plant: Plant) -> None:
        self.equipment.addItem(tr("the plant"), "")
        for each in plant.equipment:
            self.equipment.addItem(f"{each.id}  {local(each.name)}", each.id)
        self.equipment.setCurrentIndex(max(0, self.equipment.findData(self._begin.equipment)))
        for priority in Priority:
            self.priority.addItem(priority_text(priority), priority)
        self.priority.setCurrentIndex(list(Priority).index(self._begin.priority))

    def _lay_out(self, about: str) -> None:
        look = theme()
        action = self._begin.action
        self.setWindowTitle(action_text(action).rstrip("…"))
        self.setMinimumWidth(look.px(540))
        self.text.setMaximumHeight(look.px(140))
        self.text.setTabChangesFocus(True)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        fields: list[tuple[str, QWidget]] = []
        if action is HandoverAction.NOTE:
            fields += [(tr("Equipment"), self.equipment), (tr("Priority"), self.priority)]
        fields += [(self._text_label(), self.text), (tr("Your name"), self.name)]
        if self._needs_pin:
            fields.append((tr("PIN, as your signature"), self.pin))
        for label, field in fields:
            field.setAccessibleName(label)
            form.addRow(label, field)
        head = QLabel(about)
        head.setWordWrap(True)
        head.setProperty("lettering", "title")
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        if about:
            column.addWidget(head)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(action_text(action).rstrip("…"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text_label(self) -> str:
        match self._begin.action:
            case HandoverAction.NOTE:
                return tr("What the next shift has to know")
            case HandoverAction.CLOSE:
                return tr("What was done about it")
            case HandoverAction.AMEND:
                return tr("What is to be corrected or added")
            case _:
                return tr("Remark")

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip())
        is_told = is_told and (bool(self.text.toPlainText().strip()) or self._begin.action not in _NEEDS_TEXT)
        is_told = is_told and (bool(self.pin.text()) or not self._needs_pin)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)
