"""Asks what must be known before work is asked for: on what, why, how urgent, and by whom."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.model.alarm import Priority
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.work_order import WorkRequest
from widgets.alarm.wording import priority_text
from widgets.choice import ChoiceBox
from widgets.theme import theme
from widgets.translation import local, tr


class RequestDialog(QDialog):
    """`request` returns what was filled in, with the source and reference that the dialog began with."""

    def __init__(self, plant: Plant, begin: WorkRequest, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin = begin
        self.equipment = ChoiceBox()
        self.title = QLineEdit(local(begin.title))
        self.reason = QPlainTextEdit(begin.reason)
        self.priority = ChoiceBox()
        self.name = QLineEdit(operator)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for each in plant.equipment:
            self.equipment.addItem(f"{each.id}  {local(each.name)}", each.id)
        self.equipment.setCurrentIndex(max(0, self.equipment.findData(begin.equipment)))
        for priority in Priority:
            self.priority.addItem(priority_text(priority), priority)
        self.priority.setCurrentIndex(list(Priority).index(begin.priority))
        self._lay_out()
        self.name.textChanged.connect(self._allow)
        self.reason.textChanged.connect(self._allow)
        self._allow()
        (self.reason if begin.title.en else self.title).setFocus(Qt.FocusReason.OtherFocusReason)

    def request(self) -> WorkRequest:
        """Return what is asked for."""
        title = self.title.text().strip()
        is_same = title == local(self._begin.title)
        return replace(
            self._begin,
            equipment=str(self.equipment.currentData()),
            title=self._begin.title if is_same else LocalText(title),
            reason=self.reason.toPlainText().strip(),
            priority=Priority(self.priority.currentData()),
        )

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Request work"))
        self.setMinimumWidth(look.px(520))
        self.reason.setMaximumHeight(look.px(110))
        self.reason.setTabChangesFocus(True)
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        for name, field in (
            (tr("Equipment"), self.equipment),
            (tr("What is to be done"), self.title),
            (tr("Why"), self.reason),
            (tr("Priority"), self.priority),
            (tr("Your name"), self.name),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Request"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip()) and bool(self.reason.toPlainText().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)
