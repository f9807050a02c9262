"""The files of a Modbus connection with TLS (Modbus/TCP Security): whom we believe, and what we show of ourselves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from drivers.secret import hold_typed
from drivers.secret_store import Keeping
from widgets.choice import TickBox
from widgets.engineering.file_field import FileField
from widgets.engineering.form import Form, secret_field
from widgets.engineering.login_text import kept_text
from widgets.translation import tr


class TlsLogin(QWidget):
    """`changed` whenever the options are others; `submitted` when somebody has typed all and wants in."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: Keeping | None = None
        self.form = Form()
        self.authority = FileField(lambda: tr("Certificate of the device or its authority"))
        self.certificate = FileField(lambda: tr("Our certificate"))
        self.key = FileField(lambda: tr("Our key"))
        self.passphrase = secret_field()
        self.server_name = QLineEdit()
        self.check = TickBox()
        self.why = self.form.add(lambda: tr("Certificate of the device or its authority"), self.authority)
        self.ours = self.form.add(lambda: tr("Our certificate"), self.certificate)
        self.form.add(lambda: tr("Our key"), self.key)
        self.kept = self.form.add(lambda: tr("Passphrase of the key"), self.passphrase)
        self.named = self.form.add(lambda: tr("Name in the device's certificate"), self.server_name)
        self.check.setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self.check)
        for field in (self.authority, self.certificate, self.key):
            field.changed.connect(self.changed)
        for edit in (self.passphrase, self.server_name, self.authority.edit, self.certificate.edit, self.key.edit):
            edit.returnPressed.connect(self.submitted)
        self.check.toggled.connect(self._take)
        self.retranslate()

    def options(self) -> dict[str, object]:
        """Return the options of a connection; a passphrase is held in this process under the name that stands there."""
        found: dict[str, object] = {
            name: field.path
            for name, field in (("authority", self.authority), ("certificate", self.certificate), ("key", self.key))
            if field.path
        }
        if self.passphrase.text():
            found["key_password_secret"] = hold_typed(self.passphrase.text())
        if not self.check.isChecked():
            found["check_name"] = False
        elif self.server_name.text().strip():
            found["server_name"] = self.server_name.text().strip()
        return found

    def missing(self) -> QWidget | None:
        """Return the first field that has still to be filled, None where all is there."""
        return None if self.authority.path else self.authority

    def show_kept(self, place: Keeping) -> None:
        """Show where a passphrase would be kept."""
        self._kept = place
        self.retranslate()

    def focus_first(self) -> None:
        """Put the cursor where something has to be typed."""
        (self.missing() or self.certificate).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.form.retranslate()
        for field in (self.authority, self.certificate, self.key):
            field.retranslate()
        self.why.setText(tr("PEM. Without it nobody knows whether the right device answers."))
        self.ours.setText(tr("PEM. Leave it out where the device lets everybody in."))
        self.kept.setText("" if self._kept is None else kept_text(self._kept))
        self.named.setText(tr("Only where it is another than the address."))
        self.check.setText(tr("The certificate must hold the device's name"))

    def _take(self) -> None:
        self.server_name.setEnabled(self.check.isChecked())
        self.changed.emit()
