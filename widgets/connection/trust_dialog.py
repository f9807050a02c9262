"""The certificate of a server that is not trusted: to be compared, then trusted or refused."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from drivers.trust import Identity
from widgets.connection.certificate_grid import IdentityView
from widgets.help.button import HelpButton
from widgets.theme import theme
from widgets.translation import tr


class TrustDialog(QDialog):
    """`trusted` and `refused` carry the thumbprint that was judged; closing the dialog judges nothing."""

    trusted = Signal(str)
    refused = Signal(str)

    def __init__(self, identity: Identity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme()
        self._mark = identity.offered.thumbprint if identity.offered is not None else ""
        is_changed = identity.known is not None and identity.known != identity.offered
        self.setWindowTitle(
            tr("The server's certificate has changed") if is_changed else tr("Is this the right server?")
        )
        self.view = IdentityView(identity)
        self.trust = QPushButton(tr("Trust the new certificate") if is_changed else tr("Trust this server"))
        self.refuse = QPushButton(tr("Refuse"))
        place = QLabel(identity.url)
        place.setProperty("lettering", "large")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        column.setSpacing(look.px(12))
        column.addWidget(place)
        column.addWidget(self.view)
        column.addLayout(judgement_row(self.trust, self.refuse))
        self.setMinimumWidth(look.px(760 if is_changed else 620))
        self.trust.clicked.connect(self._trust)
        self.refuse.clicked.connect(self._refuse)
        self.refuse.setDefault(True)
        self.refuse.setFocus(Qt.FocusReason.OtherFocusReason)

    def _trust(self) -> None:
        self.accept()
        self.trusted.emit(self._mark)

    def _refuse(self) -> None:
        self.reject()
        self.refused.emit(self._mark)


def judgement_row(trust: QPushButton, refuse: QPushButton, *others: QPushButton) -> QHBoxLayout:
    """Return the buttons of a judgement side by side; none of them answers to a mere Enter but the refusal."""
    row = QHBoxLayout()
    row.setSpacing(theme().px(10))
    row.addWidget(HelpButton())
    row.addStretch(1)
    trust.setAutoDefault(False)
    for button in (trust, refuse, *others):
        row.addWidget(button)
    return row
