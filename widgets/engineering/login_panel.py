"""Login and security of a device that is being connected: the fields that its protocol has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.model.connection import ConnectionDefinition
from drivers.login import LoginOffer, Misfit
from drivers.secret_store import Keeping, keeping
from widgets.engineering.devices import Devices
from widgets.engineering.login_text import misfit_text
from widgets.engineering.opcua_login import AUTO, OpcUaLogin
from widgets.engineering.tls_login import TlsLogin
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr


class LoginPanel(QFrame):
    """Asks an OPC UA server what it offers while somebody looks; `submitted` when all is typed."""

    submitted = Signal()

    def __init__(self, devices: Devices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices = devices
        self._asked = ""
        self._definition: ConnectionDefinition | None = None
        self.title = QLabel()
        self.told = QLabel()
        self.opcua = OpcUaLogin()
        self.tls = TlsLogin()
        self._lay_out()
        self.opcua.submitted.connect(self.submitted)
        self.tls.submitted.connect(self.submitted)
        self.retranslate()

    @property
    def has_fields(self) -> bool:
        """Whether the device in question asks for anything here."""
        return self._form is not None

    @property
    def options(self) -> dict[str, object]:
        """Return the options of the connection that were chosen and typed."""
        form = self._form
        return {} if form is None else form.options()

    @property
    def missing(self) -> QWidget | None:
        """Return the first field that has still to be filled, None where all is there."""
        form = self._form
        return None if form is None else form.missing()

    def show_device(self, definition: ConnectionDefinition | None) -> None:
        """Show the fields of a device, whose options do not matter; None for none. Another one is asked anew."""
        self._definition = definition
        for each in (self.opcua, self.tls):
            each.setVisible(each is self._form)
        if definition is None or definition.url != self._asked:
            self._asked = ""
            self._tell("")
            self.opcua.show_offer(None)
            self.opcua.show_own("")
        if self.isVisible():
            self.ask()

    def ask(self) -> None:
        """Ask the server what it offers, once for each address, and where a password could be kept."""
        if self._definition is not None:  # a keyring may take its time to answer
            Operation(self, keeping).success(self._show_kept).failure(
                lambda error: self._tell(station_text(error))
            ).start()
        definition = self._definition
        if definition is None or self._form is not self.opcua or definition.url == self._asked:
            return
        self._asked = url = definition.url
        self._tell(tr("Asking {url} how it lets users in…", url=url))

        def show(offer: LoginOffer | None) -> None:
            if url == self._asked:
                self._tell("")
                self.opcua.show_offer(offer)

        def fail(error: Exception) -> None:
            if url == self._asked:
                self._asked = ""
                self._tell(station_text(error))

        Operation(self, lambda: self._devices.login_offer(definition)).success(show).failure(fail).start()
        own = Operation(self, lambda: self._devices.own_certificate(definition))
        own.success(lambda path: self.opcua.show_own("" if path is None else str(path)))
        own.failure(lambda error: self._tell(station_text(error))).start()

    def show_misfit(self, misfit: Misfit) -> Callable[[], str]:
        """Offer what the server does after it has let nobody in, and return what tells why it has not."""
        wanted = "None" if self.opcua.wanted == AUTO else self.opcua.wanted
        kind = self.opcua.kind
        if misfit.offer.securities and self._asked != misfit.offer.url:
            self.opcua.show_offer(misfit.offer)
        return lambda: misfit_text(misfit, wanted, kind)

    def focus_first(self) -> None:
        """Put the cursor where something has to be typed."""
        form = self._form
        if form is not None:
            form.focus_first()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.title.setText(tr("Login and security"))
        self.opcua.retranslate()
        self.tls.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show_kept(self, place: Keeping) -> None:
        self.opcua.show_kept(place)
        self.tls.show_kept(place)

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))

    @property
    def _form(self) -> OpcUaLogin | TlsLogin | None:
        if self._definition is None:
            return None
        if self._definition.driver == "opcua":
            return self.opcua
        return self.tls if self._definition.url.lower().startswith("modbus+tls:") else None

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "panel")
        self.title.setProperty("lettering", "title")
        self.told.setWordWrap(True)
        self.told.setProperty("tone", "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(8))
        column.addWidget(self.title)
        column.addWidget(self.told)
        column.addWidget(self.opcua)
        column.addWidget(self.tls)
