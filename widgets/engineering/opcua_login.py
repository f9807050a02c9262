"""Security and login of an OPC UA server: chosen from what its endpoints offer, with the reason where none fits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from drivers.login import LoginKind, LoginOffer
from drivers.secret import hold_typed
from drivers.secret_store import Keeping
from widgets.choice import ChoiceBox
from widgets.engineering.file_field import FileField
from widgets.engineering.form import Form, fill, secret_field
from widgets.engineering.login_text import kept_text, login_text, offer_text, security_name
from widgets.translation import tr

AUTO = "auto"
_KINDS = (LoginKind.ANONYMOUS, LoginKind.PASSWORD, LoginKind.CERTIFICATE)


class OpcUaLogin(QWidget):
    """`changed` whenever the options are others; `submitted` when somebody has typed all and wants in."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: LoginOffer | None = None
        self._own = ""
        self._kept: Keeping | None = None
        self.form = Form()
        self.security = ChoiceBox()
        self.login = ChoiceBox()
        self.user = QLineEdit()
        self.password = secret_field()
        self.certificate = FileField(lambda: tr("Certificate of the user"))
        self.key = FileField(lambda: tr("Key of the user"))
        self.passphrase = secret_field()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.advice = self.form.add(lambda: tr("Security"), self.security)
        self.login_advice = self.form.add(lambda: tr("Login"), self.login)
        self.form.add(lambda: tr("User"), self.user)
        self.kept = self.form.add(lambda: tr("Password"), self.password)
        self.form.add(lambda: tr("Certificate of the user"), self.certificate)
        self.form.add(lambda: tr("Key of the user"), self.key)
        self.key_kept = self.form.add(lambda: tr("Passphrase of the key"), self.passphrase)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self.note)
        for box in (self.security, self.login):
            box.currentIndexChanged.connect(self._take)
        for field in (self.user, self.password, self.passphrase):
            field.returnPressed.connect(self.submitted)
        self.retranslate()

    @property
    def kind(self) -> LoginKind:
        """Return how the user logs in."""
        return LoginKind(self.login.currentData() or LoginKind.ANONYMOUS)

    @property
    def wanted(self) -> str:
        """Return the security that was chosen, "auto" for the best that is offered."""
        return str(self.security.currentData() or AUTO)

    def options(self) -> dict[str, object]:
        """Return the options of a connection; a password is held in this process under the name that stands there."""
        found: dict[str, object] = {}
        if self.wanted != AUTO:
            found["security"] = self.wanted
            offered = self._offer.find(self.wanted) if self._offer is not None else None
            if offered is not None and offered.is_legacy:
                found["legacy_security"] = True
        if self.kind is LoginKind.PASSWORD:
            found["user"] = self.user.text().strip()
            found["password_secret"] = hold_typed(self.password.text())
        elif self.kind is LoginKind.CERTIFICATE:
            found |= {"user_certificate": self.certificate.path, "user_key": self.key.path}
            if self.passphrase.text():
                found["user_key_password_secret"] = hold_typed(self.passphrase.text())
        return found

    def missing(self) -> QWidget | None:
        """Return the first field that has still to be filled, None where all is there."""
        if self.kind is LoginKind.PASSWORD and not self.user.text().strip():
            return self.user
        if self.kind is LoginKind.CERTIFICATE:
            return next((field for field in (self.certificate, self.key) if not field.path), None)
        return None

    def show_offer(self, offer: LoginOffer | None) -> None:
        """Offer what the server does; None while that is not known. The first login that it takes is chosen."""
        self._offer = offer
        self._fill()
        taken = () if offer is None else offer.logins
        if taken and self.kind not in taken:
            fitting = next((kind for kind in _KINDS if kind in taken), None)
            if fitting is not None:
                self.login.setCurrentIndex(self.login.findData(fitting.value))

    def show_own(self, path: str) -> None:
        """Show the file of our certificate, which the server has to trust."""
        self._own = path
        self._tell()

    def show_kept(self, place: Keeping) -> None:
        """Show where a password would be kept."""
        self._kept = place
        self._tell()

    def focus_first(self) -> None:
        """Put the cursor where something has to be typed."""
        (self.missing() or self.password).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.form.retranslate()
        for field in (self.certificate, self.key):
            field.retranslate()
        self._fill()

    def _fill(self) -> None:
        offered = () if self._offer is None else self._offer.securities
        choices = [(tr("The best that the server offers"), AUTO)]
        choices += [
            (f"{security_name(each.text)}{' – ' + tr('can be broken') if each.is_legacy else ''}", each.text)
            for each in offered
        ]
        fill(self.security, choices, self.wanted)
        kind = self.kind
        fill(self.login, [(login_text(each), each.value) for each in _KINDS], kind.value)
        taken = () if self._offer is None else self._offer.logins
        model = self.login.model()
        if isinstance(model, QStandardItemModel):
            for row, each in enumerate(_KINDS):
                model.item(row).setEnabled(not taken or each in taken)
        self._take()

    def _take(self) -> None:
        kind = self.kind
        for edit in (self.user, self.password):
            self.form.show_row(edit, is_shown=kind is LoginKind.PASSWORD)
        for field in (self.certificate, self.key, self.passphrase):
            self.form.show_row(field, is_shown=kind is LoginKind.CERTIFICATE)
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        offer = self._offer
        kept = "" if self._kept is None else kept_text(self._kept)
        self.kept.setText(kept)
        self.key_kept.setText(kept)
        if offer is None:
            self.advice.setText("")
            self.login_advice.setText("")
        else:
            best = next((each for each in offer.securities if not each.is_legacy), None)
            told = offer_text(offer)
            if not told and self.wanted == AUTO and best is not None:
                told = tr("It will be: {security}", security=security_name(best.text))
            elif not told and self.wanted == "None":
                told = tr("Not protected: what is sent can be read and changed on its way.")
            self.advice.setText(told)
            taken = ", ".join(login_text(each) for each in offer.logins)
            self.login_advice.setText(tr("The server takes: {logins}", logins=taken) if taken else "")
        is_secured = self.wanted != "None" and any(each.text != "None" for each in (offer.securities if offer else ()))
        self.note.setVisible(bool(self._own) and is_secured)
        self.note.setText(
            tr("Let the server's administrator trust our certificate: {path}", path=self._own) if self._own else ""
        )
