"""Connecting to a device: finding it, being let in, looking at what it has, naming tags, and the plant made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.acquisition.host_scan import BadNetwork
from app.acquisition.search_range import range_of
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from drivers.driver import Refused
from drivers.login import Misfit
from drivers.trust import Identity, Untrusted
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import TrustDialog
from widgets.engineering.devices import DeviceFound, Devices, Offer, Stopped
from widgets.engineering.layout import line_of
from widgets.engineering.login_panel import LoginPanel
from widgets.engineering.scan_panel import ScanPanel
from widgets.engineering.unit_range import units_from
from widgets.help.button import HelpButton
from widgets.icon import IconButton
from widgets.operation import Operation
from widgets.start.device_view import DeviceView
from widgets.start.naming import Naming
from widgets.start.new_plant import DEVICE, UnknownScheme, driver_of, plant_of
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

EXAMPLES = "opc.tcp://192.168.0.10:4840     modbus://192.168.0.20:502?unit=1"
FINDING, CHOOSING, NAMING = range(3)
USUAL_UNITS = "1-10"
"""The unit ids that are asked for where nobody has said which answer."""


class ConnectPage(QWidget):
    """`devices`: what is asked of devices, in background threads. `plant_made` carries the Plant put together.

    `plant`: the open one that a device is to be added to; `addition_asked` then asks for that.
    """

    back_asked = Signal()
    plant_made = Signal(object)
    addition_asked = Signal()
    _stepped = Signal(float, str)

    def __init__(
        self,
        devices: Devices | None = None,
        certificates: Certificates | None = None,
        parent: QWidget | None = None,
        *,
        plant: Plant | None = None,
        folder: str = "",
    ) -> None:
        super().__init__(parent)
        self._devices = devices or Devices()
        self._certificates = certificates or Certificates()
        self._plant = plant
        self._folder = folder
        self._operation: Operation[Offer] | None = None
        self._is_stopped = False
        self._told: Callable[[], str] = str
        self.back = IconButton("back")
        self.title = QLabel()
        self.url = QLineEdit()
        self.units = QLineEdit()
        self.look_up = QPushButton()
        self.search = QPushButton()
        self.secure = QPushButton()
        self.scan = ScanPanel(self._devices)
        self.login = LoginPanel(self._devices)
        self.message = QLabel()
        self.progress = QProgressBar()
        self.device = DeviceView(self._devices)
        self.naming = Naming(plant)
        self.steps = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._take_address()
        self._show_step(FINDING)

    def definition(self) -> ConnectionDefinition:
        """Return the connection as it stands there; raise UnknownScheme."""
        url = self.url.text().strip()
        return ConnectionDefinition(DEVICE, driver_of(url), url, self.login.options, folder=self._folder)

    def look(self) -> None:
        """Ask the device what it has."""
        try:
            definition = self.definition()
            units = self._units()
        except UnknownScheme:
            self._search_typed()
            return
        except ValueError:
            self._tell(lambda: tr("Write unit ids such as 1-20 or 1,5,9."))
            return
        if self._asks_for_more():
            return
        self.device.leave()
        self.scan.stop()
        self.search.setChecked(False)
        self._show_step(FINDING)
        self._is_stopped = False
        stepped = self._stepped.emit

        def step(share: float, what: str) -> None:
            if self._is_stopped:
                raise Stopped
            stepped(share, what)

        self._tell(lambda: tr("Asking {url} what it offers…", url=definition.url))
        operation = Operation(self, lambda: self._devices.look(definition, units, step), interrupt=self._interrupt)
        self._operation = operation.success(lambda offer: self._found(definition, offer)).failure(self._failed).start()
        self.progress.setRange(0, 0)
        self.progress.show()
        self.retranslate()

    def _search_typed(self) -> None:
        """Find out what listens at an address that is written without a protocol, or say how to write one."""
        text = self.url.text().strip()
        try:
            range_of(text)
        except BadNetwork:
            self._tell(
                lambda: tr("Begin the address with opc.tcp:// or modbus://, as in: {examples}", examples=EXAMPLES)
            )
            return
        self._tell(lambda: tr("Looking for what listens at {place}…", place=text))
        self._show_step(FINDING)
        self.search.setChecked(True)
        self.scan.search_at(text, is_direct=True)

    def stop(self) -> None:
        """Wait for the device no longer."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        self.progress.hide()
        self._tell(str)
        self.retranslate()

    def leave(self) -> None:
        """Let go of the device: nobody looks any more."""
        self.stop()
        self.scan.stop()
        self.device.leave()

    def make(self) -> None:
        """Make a plant of what was chosen, or ask for it to be added to the open one."""
        if self.naming.make_button.isEnabled():
            self.device.leave()
            if self._plant is None:
                self.plant_made.emit(self.plant())
            else:
                self.addition_asked.emit()

    def plant(self) -> Plant:
        """Return the plant that would be made now."""
        return plant_of(self.naming.name.text(), self.definition(), self.naming.chosen.tags)

    def show_message(self, text: str) -> None:
        """Tell what went wrong, with its remedy."""
        self._tell(lambda: text)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.back.name(tr("Back"))
        self.title.setText(tr("Connect to a device") if self._plant is None else tr("Add a device"))
        self.url.setPlaceholderText(EXAMPLES)
        self.url.setAccessibleName(tr("Address of the device"))
        self.units.setPlaceholderText(tr("Units, 1-20"))
        self.units.setAccessibleName(tr("Unit ids to ask for"))
        self.look_up.setText(tr("Browse") if self._operation is None else tr("Stop"))
        self.search.setText(tr("Search the network…"))
        self.secure.setText(tr("Login and security"))
        self._tell(self._told)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def ask_trust(self, identity: Identity) -> TrustDialog:
        """Show the certificate of the device and let the user judge it."""
        dialog = TrustDialog(identity, self)
        definition = ConnectionDefinition(DEVICE, driver_of(identity.url), identity.url, {}, folder=self._folder)
        dialog.trusted.connect(
            lambda mark: self._judge(lambda: self._certificates.trust(definition, mark, ""), self.look)
        )
        dialog.refused.connect(lambda mark: self._judge(lambda: self._certificates.refuse(definition, mark, ""), None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _asks_for_more(self) -> bool:
        """Show the field that has still to be filled, and return whether there is one."""
        missing = self.login.missing
        if missing is None:
            return False
        self.secure.setChecked(True)
        missing.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell(lambda: tr("Fill in: {field}", field=missing.accessibleName()))
        return True

    def _units(self) -> tuple[int, ...]:
        url = self.url.text().strip()
        if not url.startswith("modbus") or not self.units.text().strip():
            return ()
        return units_from(self.units.text())

    def _interrupt(self) -> None:
        self._is_stopped = True

    def _step(self, share: float, what: str) -> None:
        if self._operation is None:
            return
        if share == share:  # noqa: PLR0124 - NaN: nobody knows how much there is
            self.progress.setRange(0, 100)
            self.progress.setValue(round(share * 100))
            if what.isdecimal():
                url = self.url.text().strip()
                self._tell(lambda: tr("Asking {url} what it offers: unit {n}…", url=url, n=what))
        elif what:
            self._tell(lambda: tr("Signals found so far: {n}", n=what))

    def _found(self, definition: ConnectionDefinition, offer: Offer) -> None:
        self._operation = None
        self.progress.hide()
        if offer.url and offer.url != definition.url:
            definition = replace(definition, url=offer.url)
            self.url.setText(offer.url)
        self.retranslate()
        self.device.show_offer(definition, offer)
        readable, of_server = self.device.tree.readable, self.device.tree.of_server
        found = _found_text(readable, of_server)
        units, asked = _units_of(offer), self.units.text().strip() or "1"
        if len(units) > 1:
            found = tr(
                "{signals}. Units {units} of {asked} answer.", signals=found, units=", ".join(units), asked=asked
            )
        self._tell(lambda: "\n".join([found, *map(station_text, offer.notes)]))
        if not readable:
            return
        self.secure.setChecked(False)
        self.naming.propose_name(urlsplit(definition.url).hostname or "")
        self._show_step(CHOOSING)
        self.device.view.setFocus()

    def _failed(self, error: Exception) -> None:
        self._operation = None
        self.progress.hide()
        self.show_message(station_text(error))
        self.retranslate()
        if isinstance(error, Untrusted) and error.identity.is_waiting:
            self.ask_trust(error.identity)
        elif isinstance(error, Misfit | Refused) and self.login.has_fields:
            if isinstance(error, Misfit):
                self._tell(self.login.show_misfit(error))
            self.secure.setChecked(True)
            self.login.focus_first()

    def _judge(self, deed: Callable[[], object], then: Callable[[], None] | None) -> None:
        def done(_: object) -> None:
            if then is not None:
                then()

        Operation(self, deed).success(done).failure(lambda error: self.show_message(station_text(error))).start()

    def _tell(self, text: Callable[[], str]) -> None:
        """Say something in the present language, and anew in another one."""
        self._told = text
        self.message.setText(text())
        self.message.setVisible(bool(self.message.text()))

    def _show_step(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self._share_room()

    def _share_room(self) -> None:
        """Give the room to what was found, as long as nothing else is in view."""
        is_alone = self.steps.currentIndex() == FINDING
        self.scan.show_low(is_low=not is_alone)
        self._column.setStretchFactor(self.scan, 1 if is_alone else 0)
        self.steps.setVisible(not (is_alone and self.search.isChecked()))

    def _name_tags(self) -> None:
        """Go on to the names of what was ticked."""
        self.naming.show_found(self.device.tree.ticked)
        self._tell(lambda: tr("Names, titles, units and ranges can be written in their cells."))
        self._show_step(NAMING)

    def _take_address(self) -> None:
        """Show the fields that the device at the address has, if any."""
        url = self.url.text().strip()
        self.units.setVisible(url.startswith("modbus"))
        try:
            definition = ConnectionDefinition(DEVICE, driver_of(url), url, {}, folder=self._folder)
        except UnknownScheme:
            definition = None
        self.login.show_device(definition)
        self.secure.setVisible(self.login.has_fields)
        self.login.setVisible(self.login.has_fields and self.secure.isChecked())

    def _show_login(self) -> None:
        self.login.setVisible(self.login.has_fields and self.secure.isChecked())
        if self.login.isVisible():
            self.login.ask()

    def _toggle(self) -> None:
        if self._operation is None:
            self.look()
        else:
            self.stop()

    def _choose_device(self, device: DeviceFound) -> None:
        self.url.setText(device.port.url)
        if device.port.url.startswith("modbus"):
            known = device.who.units if device.who is not None else ()
            self.units.setText(",".join(map(str, known)) if known else USUAL_UNITS)
        self.look()

    def _connect(self) -> None:
        self.back.clicked.connect(self.leave)
        self.back.clicked.connect(self.back_asked)
        self.url.returnPressed.connect(self.look)
        self.url.textChanged.connect(self._take_address)
        self.units.returnPressed.connect(self.look)
        self.look_up.clicked.connect(self._toggle)
        self.search.toggled.connect(self.scan.setVisible)
        self.search.toggled.connect(self._share_room)
        self.secure.toggled.connect(self._show_login)
        self.login.submitted.connect(self.look)
        self.scan.chosen.connect(self._choose_device)
        self.device.named.connect(self._name_tags)
        self.device.failed.connect(self.show_message)
        self.naming.again.connect(lambda: self._show_step(CHOOSING))
        self.naming.refused.connect(self.show_message)
        self.naming.done.connect(self.make)
        self._stepped.connect(self._step)

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "counter")
        self.look_up.setProperty("kind", "primary")
        for button in (self.search, self.secure):
            button.setCheckable(True)
        self.search.setChecked(True)
        self.units.setMaximumWidth(look.px(130))
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(look.px(6))
        self.progress.hide()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(look.px(24), look.px(16), look.px(24), look.px(24))
        column.setSpacing(look.px(12))
        column.addLayout(line_of(self.back, self.title, None, HelpButton()))
        column.addLayout(line_of(self.url, self.units, self.look_up, self.search, self.secure))
        for part in (self.progress, self.message):
            column.addWidget(part)
        column.addWidget(self.scan, 1)
        column.addWidget(self.login)
        column.addWidget(self.steps, 1)
        for step in (QWidget(), self.device, self.naming):
            self.steps.addWidget(step)


def _found_text(readable: int, of_server: int) -> str:
    """Return how many signals a device has; what an OPC UA server says of itself is not what anybody looks for."""
    if 0 < of_server < readable:
        return tr(
            "Signals found: {n}, beside {m} in which the server tells of itself", n=readable - of_server, m=of_server
        )
    return tr("Signals found: {n}", n=readable)


def _units_of(offer: Offer) -> list[str]:
    """Return the numbers of the units of a bus that have something to be read."""
    folders = {each.entry.address for each in offer.found if each.level == 0}
    units = [each for each in offer.sections if each.title.startswith("Unit ") and each.url in folders]
    return [each.title.rpartition(" ")[2] for each in units]
