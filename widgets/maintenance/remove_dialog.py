"""Asks who takes a planned stop away, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.maintenance import PlannedStop
from app.model.provision import ProvisionCommand, ProvisionDeed
from widgets.theme import theme
from widgets.translation import local, tr


class RemoveDialog(QDialog):
    """`command` returns what is to be done."""

    def __init__(self, stop: PlannedStop, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self.reason, self.name = QLineEdit(), QLineEdit(operator)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        look = theme()
        self.setWindowTitle(tr("Remove a planned stop"))
        self.setMinimumWidth(look.px(420))
        form = QFormLayout()
        for name, field in ((tr("Why"), self.reason), (tr("Your name"), self.name)):
            field.setAccessibleName(name)
            field.textChanged.connect(self._allow)
            form.addRow(name, field)
        what = QLabel(local(stop.name))
        what.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(what)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Remove"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._allow()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def command(self) -> ProvisionCommand:
        """Return what is to be done."""
        return ProvisionCommand(ProvisionDeed.REMOVE_STOP, seen=self._stop, reason=self.reason.text().strip())

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip() and self.reason.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)
