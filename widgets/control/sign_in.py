"""Asks who acts, and for the PIN that proves it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from widgets.control.session import ControlSession
from widgets.theme import theme
from widgets.translation import tr


class SignInDialog(QDialog):
    """Stays open until the collector has let somebody in; says why it has not."""

    def __init__(self, session: ControlSession, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme()
        self._session = session
        self.name, self.secret = QLineEdit(name), QLineEdit()
        self.message = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(tr("Sign in"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.name.setAccessibleName(tr("Your name"))
        self.secret.setAccessibleName(tr("PIN or password"))
        self.message.setWordWrap(True)
        form = QFormLayout()
        form.setSpacing(look.px(12))
        for label, edit in ((tr("Your name"), self.name), (tr("PIN or password"), self.secret)):
            edit.setMinimumHeight(look.px(44))
            edit.setFont(look.font("large"))
            form.addRow(label, edit)
        for button in self.buttons.buttons():
            button.setMinimumHeight(look.px(44))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addLayout(form)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.setMinimumWidth(look.px(420))
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        session.refused.connect(self._refuse)
        session.changed.connect(self._end)
        (self.secret if name else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        self.message.setText("")
        self._session.sign_in(self.name.text(), self.secret.text())

    def _refuse(self, reason: str) -> None:
        self.message.setText(tr("Not signed in: {reason}", reason=reason))
        self.secret.clear()
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        if self._session.is_signed_in:
            self.secret.clear()
            self.accept()
