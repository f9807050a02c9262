"""One connection of the plant, looked at closely: state, reason, security, what is to be known, and its certificate."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model.connection import ConnectionDefinition, ConnectionReport
from app.model.role import Role
from drivers.trust import Identity
from widgets.connection.certificate_grid import IdentityView
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import judgement_row
from widgets.connection.wording import arrears_text, security_text
from widgets.control.session import ControlSession
from widgets.control.sign_in import SignInDialog
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr


class ConnectionDialog(QDialog):
    """Follows its connection while it is open; `failed` carries why a judgement could not be stored.

    `session`: who is signed in, where the plant has users: only an engineer judges certificates then. None where
    anybody may who can use this PC.
    """

    failed = Signal(str)

    def __init__(
        self,
        definition: ConnectionDefinition,
        certificates: Certificates,
        parent: QWidget | None = None,
        *,
        session: ControlSession | None = None,
    ) -> None:
        super().__init__(parent)
        self._definition = definition
        self._certificates = certificates
        self._session = session
        self._identity: Identity | None = None
        self._reason: str | None = None
        self.state = QLabel()
        self.reason = QLabel()
        self.security = QLabel()
        self.arrears = QLabel()
        self.notes = QLabel()
        self.view = IdentityView()
        self.trust = QPushButton()
        self.refuse = QPushButton(tr("Refuse"))
        self.done_button = QPushButton(tr("Close"))
        self._lay_out()
        self.trust.clicked.connect(self._trust)
        self.refuse.clicked.connect(self._refuse)
        self.done_button.clicked.connect(self.accept)
        self._show_identity(None)
        if session is not None:
            session.changed.connect(self._allow)

    @property
    def may_judge(self) -> bool:
        """Whether who is signed in may trust and refuse certificates."""
        role = None if self._session is None else self._session.role
        return self._session is None or (role is not None and role.includes(Role.ENGINEER))

    def show_report(self, report: ConnectionReport | None, state: str) -> None:
        """Show what the collector says of the connection now; `state`: the state in words."""
        self.state.setText(state)
        self.reason.setText(report.reason if report is not None else "")
        self.reason.setVisible(bool(self.reason.text()) and not self.trust.isVisibleTo(self))
        _show_text(self.security, security_text(report) if report is not None else "")
        _show_text(self.arrears, arrears_text(report) if report is not None else "")
        _show_text(
            self.notes, "\n".join(f"• {station_text(note)}" for note in report.notes) if report is not None else ""
        )
        reason = station_text(report.reason) if report is not None else ""
        if reason != self._reason:
            self._reason = reason
            self.look_up()

    def look_up(self) -> None:
        """Ask the certificate store what it knows of the device."""
        work = Operation(self, lambda: self._certificates.identity(self._definition))
        work.success(self._show_identity).failure(lambda error: _show_text(self.notes, station_text(error))).start()

    def _show_identity(self, identity: Identity | None) -> None:
        self._identity = identity
        self.view.show_identity(identity)
        is_waiting = identity is not None and identity.is_waiting
        self.reason.setVisible(bool(self.reason.text()) and not is_waiting)  # the view says it in this language
        self.trust.setVisible(is_waiting)
        self._allow()
        self.view.setVisible(identity is not None and (identity.offered or identity.known) is not None)
        (self.refuse if is_waiting else self.done_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self.adjustSize()

    def _allow(self) -> None:
        self.trust.setText(tr("Trust the certificate") if self.may_judge else tr("Sign in as engineer"))
        self.refuse.setVisible(self.trust.isVisibleTo(self) and self.may_judge)

    @property
    def _user(self) -> str:
        return "" if self._session is None else self._session.name

    @property
    def _mark(self) -> str:
        return self._identity.offered.thumbprint if self._identity is not None and self._identity.offered else ""

    def _trust(self) -> None:
        if not self.may_judge and self._session is not None:
            dialog = SignInDialog(self._session, parent=self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        mark, user = self._mark, self._user
        work = Operation(self, lambda: self._certificates.trust(self._definition, mark, user))
        work.success(lambda _: self.look_up()).failure(lambda error: self.failed.emit(station_text(error))).start()

    def _refuse(self) -> None:
        mark, user = self._mark, self._user
        work = Operation(self, lambda: self._certificates.refuse(self._definition, mark, user))
        work.success(lambda _: self.accept()).failure(lambda error: self.failed.emit(station_text(error))).start()

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Connection {name}", name=self._definition.id))
        place = QLabel(self._definition.url)
        place.setProperty("lettering", "large")
        self.state.setProperty("weight", "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        column.setSpacing(look.px(10))
        column.addWidget(place)
        for label in (self.state, self.reason, self.security, self.arrears, self.notes):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addWidget(self.view)
        column.addLayout(judgement_row(self.trust, self.refuse, self.done_button))
        self.setMinimumWidth(look.px(640))


def _show_text(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
