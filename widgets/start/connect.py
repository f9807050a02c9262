"""Connecting to a device: finding it, looking at what it has, choosing and naming tags, and the plant made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from drivers.driver import BrowseEntry
from drivers.probe import NOTHING, Decoding
from drivers.trust import Identity, Untrusted
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import TrustDialog
from widgets.engineering.decoding_panel import REGISTERS, DecodingPanel
from widgets.engineering.devices import Devices, Found, Offer, Stopped
from widgets.engineering.layout import line_of, plain_table, plain_tree, scrolling
from widgets.engineering.preview import Preview
from widgets.engineering.scan_panel import ScanPanel
from widgets.engineering.unit_range import units_from
from widgets.icon import IconButton
from widgets.model.chosen_table import ChosenColumn, ChosenTable
from widgets.model.device_tree import DeviceColumn, DeviceTree
from widgets.operation import Operation
from widgets.start.new_plant import DEVICE, UnknownScheme, driver_of, plant_of, tags_of
from widgets.theme import theme
from widgets.translation import tr

EXAMPLES = "opc.tcp://192.168.0.10:4840     modbus://192.168.0.20:502?unit=1"
_WIDTHS: Mapping[int, int] = {
    DeviceColumn.NAME: 210,
    DeviceColumn.VALUE: 120,
    DeviceColumn.UNIT: 60,
    DeviceColumn.TYPE: 90,
    DeviceColumn.RANGE: 100,
    DeviceColumn.ADDRESS: 190,
}
_CHOSEN: Mapping[int, int] = {
    ChosenColumn.NAME: 220,
    ChosenColumn.TITLE: 300,
    ChosenColumn.UNIT: 90,
    ChosenColumn.LOW: 90,
    ChosenColumn.HIGH: 90,
    ChosenColumn.DECIMALS: 90,
}


class ConnectPage(QWidget):
    """`devices`: what is asked of devices, in background threads. `plant_made` carries the Plant put together."""

    back_asked = Signal()
    plant_made = Signal(object)
    _stepped = Signal(float, str)

    def __init__(
        self, devices: Devices | None = None, certificates: Certificates | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._devices = devices or Devices()
        self._certificates = certificates or Certificates()
        self._operation: Operation[Offer] | None = None
        self._is_stopped = False
        self.tree = DeviceTree(self)
        self.chosen = ChosenTable(self)
        self.preview = Preview(self._devices.line, self)
        self.back = IconButton("back")
        self.title = QLabel()
        self.url = QLineEdit()
        self.units = QLineEdit()
        self.look_up = QPushButton()
        self.search = QPushButton()
        self.scan = ScanPanel(self._devices)
        self.message = QLabel()
        self.progress = QProgressBar()
        self.filter = QLineEdit()
        self.all = QPushButton()
        self.none = QPushButton()
        self.next = QPushButton()
        self.view = QTreeView()
        self.facts = QLabel()
        self.decoding = DecodingPanel()
        self.teaching = QLabel()
        self.chosen_view = QTableView()
        self.again = QPushButton()
        self.name_label = QLabel()
        self.name = QLineEdit()
        self.make_button = QPushButton()
        self.steps = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_step(0)

    def look(self) -> None:
        """Ask the device what it has."""
        url = self.url.text().strip()
        try:
            driver_of(url)
            units = self._units()
        except UnknownScheme:
            self.message.setText(
                tr("Begin the address with opc.tcp:// or modbus://, as in: {examples}", examples=EXAMPLES)
            )
            return
        except ValueError:
            self.message.setText(tr("Write unit ids such as 1-20 or 1,5,9."))
            return
        self.preview.end()
        self.scan.stop()
        self.search.setChecked(False)
        self._show_step(0)
        self._is_stopped = False
        stepped = self._stepped.emit

        def step(share: float, what: str) -> None:
            if self._is_stopped:
                raise Stopped
            stepped(share, what)

        self.message.setText(tr("Asking {url} what it offers…", url=url))
        operation = Operation(self, lambda: self._devices.look(url, units, step), interrupt=self._interrupt)
        self._operation = operation.success(self._found).failure(self._failed).start()
        self.progress.setRange(0, 0)
        self.progress.show()
        self.retranslate()

    def stop(self) -> None:
        """Wait for the device no longer."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        self.progress.hide()
        self.message.setText("")
        self.retranslate()

    def leave(self) -> None:
        """Let go of the device: nobody looks any more."""
        self.stop()
        self.scan.stop()
        self.preview.end()

    def make(self) -> None:
        """Make a plant of what was chosen."""
        if self.make_button.isEnabled():
            self.preview.end()
            self.plant_made.emit(self.plant())

    def plant(self) -> Plant:
        """Return the plant that would be made now."""
        return plant_of(self.name.text(), self.url.text(), self.chosen.tags)

    def show_message(self, text: str) -> None:
        """Tell what went wrong, with its remedy."""
        self.message.setText(text)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.back.name(tr("Back"))
        self.title.setText(tr("Connect to a device"))
        self.url.setPlaceholderText(EXAMPLES)
        self.url.setAccessibleName(tr("Address of the device"))
        self.units.setPlaceholderText(tr("Units, 1-20"))
        self.units.setAccessibleName(tr("Unit ids to ask for"))
        self.look_up.setText(tr("Browse") if self._operation is None else tr("Stop"))
        self.search.setText(tr("Search the network…"))
        self.teaching.setText(
            tr(
                "Type the address of a device and press Browse, or search the network for one. Behind a Modbus gateway "
                "give the unit ids to ask for. Nothing is written to a device."
            )
        )
        self.filter.setPlaceholderText(tr("Filter…"))
        self.filter.setAccessibleName(tr("Filter the signals"))
        self.all.setText(tr("Tick all"))
        self.none.setText(tr("Tick none"))
        self.view.setAccessibleName(tr("Signals of the device"))
        self.chosen_view.setAccessibleName(tr("Chosen signals"))
        self.again.setText(tr("Choose others"))
        self.name_label.setText(tr("Name of the plant"))
        self.name.setAccessibleName(tr("Name of the plant"))
        self._allow()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def ask_trust(self, identity: Identity) -> TrustDialog:
        """Show the certificate of the device and let the user judge it."""
        dialog = TrustDialog(identity, self)
        definition = ConnectionDefinition(DEVICE, driver_of(identity.url), identity.url)
        dialog.trusted.connect(
            lambda mark: self._judge(lambda: self._certificates.trust(definition, mark, ""), self.look)
        )
        dialog.refused.connect(lambda mark: self._judge(lambda: self._certificates.refuse(definition, mark, ""), None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def addresses_in_view(self) -> list[str]:
        """Return the addresses whose values can be seen now."""
        found = []
        index = self.view.indexAt(self.view.viewport().rect().topLeft())
        while index.isValid() and self.view.visualRect(index).top() <= self.view.viewport().height():
            each = self.tree.found_at(index)
            if each is not None and each.entry.is_readable:
                found.append(each.entry.address)
            index = self.view.indexBelow(index)
        return found

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
        elif what:
            self.message.setText(tr("Signals found so far: {n}", n=what))

    def _found(self, offer: Offer) -> None:
        self._operation = None
        self.progress.hide()
        self.retranslate()
        self.tree.show_found(offer.found)
        self.facts.setText(_facts_text(offer))
        told = [tr("Signals found: {n}", n=self.tree.readable), *offer.notes]
        self.message.setText("\n".join(told))
        if not self.tree.readable:
            return
        if not self.name.text():
            self.name.setText(urlsplit(self.url.text().strip()).hostname or "")
        self.decoding.setVisible(driver_of(self.url.text()) == "modbus")
        self.decoding.show_decodings("", [])
        self._show_step(1)
        self.view.expandToDepth(1 if self.tree.readable <= 200 else 0)
        self.view.setCurrentIndex(self.tree.index(0, 0))
        self.view.setFocus()
        self.preview.begin(self.url.text().strip(), self.addresses_in_view)

    def _failed(self, error: Exception) -> None:
        self._operation = None
        self.progress.hide()
        self.message.setText(str(error))
        self.retranslate()
        if isinstance(error, Untrusted) and error.identity.is_waiting:
            self.ask_trust(error.identity)

    def _judge(self, deed: Callable[[], object], then: Callable[[], None] | None) -> None:
        def done(_: object) -> None:
            if then is not None:
                then()

        Operation(self, deed).success(done).failure(lambda error: self.message.setText(str(error))).start()

    def _show_step(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self._allow()

    def _name_tags(self) -> None:
        """Go on to the names of what was ticked."""
        self.chosen.show_tags(tags_of(self.tree.ticked))
        self._show_step(2)
        self.chosen_view.setFocus()
        self.chosen_view.setCurrentIndex(self.chosen.index(0, ChosenColumn.NAME))

    def _allow(self) -> None:
        ticked = len(self.tree.ticked)
        self.next.setText(tr("Name {n} signals", n=ticked))
        self.next.setEnabled(ticked > 0)
        self.make_button.setText(tr("Make the plant with {n} signals", n=len(self.chosen.tags)))
        self.make_button.setEnabled(bool(self.chosen.tags and self.name.text().strip()))
        self.units.setVisible(self.url.text().strip().startswith("modbus"))

    def _toggle(self) -> None:
        if self._operation is None:
            self.look()
        else:
            self.stop()

    def _choose_device(self, url: str) -> None:
        self.url.setText(url)
        if url.startswith("modbus") and "unit" not in dict(parse_qsl(urlsplit(url).query)) and not self.units.text():
            self.units.setText("1-10")
        self.look()

    def _select(self, index: QModelIndex) -> None:
        found = self.tree.found_at(index)
        is_register = found is not None and found.entry.is_readable and "R" in found.entry.address[:6]
        self.preview.decode(found.entry.address if found is not None and is_register else "", REGISTERS)
        if not is_register:
            self.decoding.show_decodings("", [])

    def _take(self, decoding: Decoding) -> None:
        index = self.view.currentIndex()
        found = self.tree.found_at(index)
        if found is None:
            return
        address = decoding.addresses[0]
        entry = BrowseEntry(
            address,
            found.entry.name,
            found.entry.description,
            f"{decoding.data_type} {decoding.order}",
            found.entry.unit,
        )
        self.view.setCurrentIndex(self.tree.add_below(index, Found(found.level, entry)))
        self.preview.read()

    def _connect(self) -> None:
        self.back.clicked.connect(self.leave)
        self.back.clicked.connect(self.back_asked)
        self.url.returnPressed.connect(self.look)
        self.url.textChanged.connect(self._allow)
        self.units.returnPressed.connect(self.look)
        self.look_up.clicked.connect(self._toggle)
        self.search.toggled.connect(self.scan.setVisible)
        self.scan.chosen.connect(self._choose_device)
        self.filter.textChanged.connect(self._filter)
        self.all.clicked.connect(lambda: self.tree.tick_all(is_ticked=True))
        self.none.clicked.connect(lambda: self.tree.tick_all(is_ticked=False))
        self.tree.ticks_changed.connect(self._allow)
        self.next.clicked.connect(self._name_tags)
        self.again.clicked.connect(lambda: self._show_step(1))
        self.chosen.changed.connect(self._allow)
        self.chosen.refused.connect(self.message.setText)
        self.name.textChanged.connect(self._allow)
        self.name.returnPressed.connect(self.make)
        self.make_button.clicked.connect(self.make)
        self._stepped.connect(self._step)
        self.view.selectionModel().currentChanged.connect(self._select)
        self.preview.values.connect(self.tree.show_values)
        self.preview.decoded.connect(self.decoding.show_decodings)
        self.preview.failed.connect(self.message.setText)
        self.decoding.taken.connect(self._take)

    def _filter(self, text: str) -> None:
        self.tree.filter(text)
        if text.strip():
            self.view.expandAll()

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "counter")
        for button in (self.look_up, self.next, self.make_button):
            button.setProperty("kind", "primary")
        self.search.setCheckable(True)
        self.search.setChecked(True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.units.setMaximumWidth(look.px(130))
        self.message.setWordWrap(True)
        self.facts.setWordWrap(True)
        self.teaching.setWordWrap(True)
        self.teaching.setProperty("tone", "dim")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(look.px(6))
        self.progress.hide()
        plain_tree(self.view, self.tree, _WIDTHS)
        plain_table(self.chosen_view, self.chosen, _CHOSEN)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(24), look.px(16), look.px(24), look.px(24))
        column.setSpacing(look.px(12))
        column.addLayout(line_of(self.back, self.title, None))
        column.addLayout(line_of(self.url, self.units, self.look_up, self.search))
        column.addWidget(self.scan)
        column.addWidget(self.progress)
        column.addWidget(self.message)
        column.addWidget(self.steps, 1)
        for step in (self._finding(), self._choosing(), self._naming()):
            self.steps.addWidget(step)

    def _finding(self) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.teaching)
        column.addStretch(1)
        return step

    def _choosing(self) -> QWidget:
        look = theme()
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(look.px(8), 0, 0, 0)
        beside.setSpacing(look.px(12))
        beside.addWidget(self.decoding)
        beside.addWidget(scrolling(self.facts), 1)
        parts = QSplitter()
        parts.addWidget(self.view)
        parts.addWidget(side)
        parts.setStretchFactor(0, 3)
        parts.setSizes([look.px(820), look.px(460)])
        return _step_of(line_of(self.filter, self.all, self.none, self.next), parts)

    def _naming(self) -> QWidget:
        return _step_of(
            line_of(self.again, None), self.chosen_view, line_of(self.name_label, self.name, self.make_button)
        )


def _step_of(*parts: object) -> QWidget:
    step = QWidget()
    column = QVBoxLayout(step)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme().px(12))
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part, 1)
        else:
            column.addLayout(part)  # type: ignore[arg-type] # the others are lines
    return step


def _facts_text(offer: Offer) -> str:
    """Return what a device says of itself, the sections one behind the other."""
    lines: Sequence[str] = [
        line
        for section in offer.sections
        for line in (
            section.title,
            *(f"   {fact.name}: {fact.text}" for fact in section.facts if fact.text != NOTHING),
            "",
        )
    ]
    return "\n".join(lines)
