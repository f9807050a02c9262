"""Finding devices in a network: which one, how many addresses that are, what has answered, and who that is."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.acquisition.host_scan import BadNetwork
from app.acquisition.search_range import LAST_PORT, SearchRange, ranges_of
from widgets.choice import ChoiceBox, TickBox
from widgets.engineering.devices import DeviceFound, Devices, SearchEnd, SearchWish, Stopped
from widgets.engineering.introduction_text import introduction_text, kind_text
from widgets.line_delegate import DETAIL, KIND, LineDelegate, line
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

SMALLEST = 24
"""The largest network that is proposed: of a larger one the part around this PC."""
LOW = 150
"""So high is the list, px, while something else is in view below."""
_MOST_THERE = 50
"""So many addresses without a device are listed: in a large office network are hundreds."""


def local_networks() -> Iterator[str]:
    """Yield the networks that this PC stands in, its own computer last."""
    for address in _own_addresses():
        yield str(ipaddress.ip_network(f"{address}/{SMALLEST}", strict=False))
    yield "127.0.0.1"


def _own_addresses() -> Iterator[str]:
    """Yield the addresses of this PC in its networks."""
    for each in QNetworkInterface.allAddresses():
        if each.protocol() == QAbstractSocket.NetworkLayerProtocol.IPv4Protocol and not each.isLoopback():
            yield each.toString()


class ScanPanel(QFrame):
    """`chosen` carries the DeviceFound that was pressed."""

    chosen = Signal(object)
    _found = Signal(object)
    _stepped = Signal(int)

    def __init__(self, devices: Devices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices = devices
        self._operation: Operation[SearchEnd] | None = None
        self._is_stopped = False
        self._is_direct = False
        self._items: dict[tuple[str, int], QListWidgetItem] = {}
        self.network = ChoiceBox()
        self._local = list(dict.fromkeys(local_networks()))
        self.progress = QProgressBar()
        self.start_button = QPushButton()
        self.ask = TickBox()
        self.told = QLabel()
        self.teaching = QLabel()
        self.list = QListWidget()
        self._lay_out()
        self.network.addItem("")
        self.network.addItems(self._local)
        self.network.currentTextChanged.connect(self._count)
        self.ask.toggled.connect(self._count)
        self.start_button.clicked.connect(self._toggle)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self._found.connect(self._show)
        self._stepped.connect(self._step)
        self.retranslate()

    def start(self) -> None:
        """Try the addresses of the network that stands there, or of all that this PC is in."""
        wish = SearchWish(tuple(self._networks), self.ask.isChecked())
        self._is_stopped = self._is_direct = False
        self._items.clear()
        self.list.clear()
        found, stepped, told = self._found.emit, self._stepped.emit, [-1]

        def step(share: float, _: str) -> None:
            if self._is_stopped:
                raise Stopped
            percent = round(share * 100)
            if percent != told[0]:  # all ports of an address are 65,535 steps
                told[0] = percent
                stepped(percent)

        operation = Operation(self, lambda: self._devices.search(wish, found, step), interrupt=self._interrupt)
        self._operation = operation.success(self._ended).failure(self._failed).start()
        self.progress.setValue(0)
        self.progress.show()
        self.retranslate()

    def search_at(self, place: str, *, is_direct: bool = False) -> None:
        """Look for devices at one address, at one port of it, or at several.

        `is_direct`: the only one that is found is chosen at once: it is the one whose address was written.
        """
        self.stop()
        self.network.setEditText(place)
        if self.start_button.isEnabled():
            self.start()
            self._is_direct = is_direct

    def stop(self) -> None:
        """Try no further addresses; what was found stays."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
            self.progress.hide()
            self._count()
        for item in self._items.values():
            device = item.data(Qt.ItemDataRole.UserRole)
            item.setData(Qt.ItemDataRole.UserRole, replace(device, is_asked=False))  # nobody waits for the answer
        self.retranslate()

    def show_low(self, *, is_low: bool) -> None:
        """Take all the room there is, or little where something else is in view below."""
        height = theme().px(LOW)
        self.list.setMinimumHeight(height)
        self.list.setMaximumHeight(height if is_low else 16_777_215)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.network.setAccessibleName(tr("Network to be searched"))
        self.network.setItemText(0, tr("All networks of this PC"))
        self.start_button.setText(tr("Search") if self._operation is None else tr("Stop"))
        self.ask.setText(tr("Ask who answers"))
        self.list.setAccessibleName(tr("Devices that answered"))
        self.teaching.setText(
            tr(
                "Press Search: every OPC UA server and Modbus device that answers is listed here with its name; press "
                "it to see its signals.\n\n"
                "A device at an unusual port: write 192.168.0.10:1502 as the network, or 192.168.0.10:1-65535 to try "
                "all of its ports.\n"
                "A device on a serial line, or in a network that this PC does not stand in: write its address above, "
                "such as modbus+rtu:///dev/ttyUSB0?baud=9600&unit=1 or modbus://10.1.2.3:502?unit=1.\n\n"
                "Nothing is written to a device."
            )
        )
        for item in self._items.values():
            self._write(item)
        self.teaching.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        if self._operation is None:
            self._count()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @property
    def _networks(self) -> list[str]:
        text = self.network.currentText()
        return self._local if text == self.network.itemText(0) else [text]

    def _interrupt(self) -> None:
        self._is_stopped = True

    def _toggle(self) -> None:
        if self._operation is None:
            self.start()
        else:
            self.stop()

    def _count(self) -> None:
        try:
            ranges = ranges_of(self._networks)
        except BadNetwork as reason:
            self.told.setText(str(reason))
            self.start_button.setEnabled(False)
            return
        self.start_button.setEnabled(True)
        self.told.setText(_count_text(ranges, is_asking=self.ask.isChecked()))

    def _choose(self, item: QListWidgetItem) -> None:
        payload = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(payload, DeviceFound):
            self.chosen.emit(payload)
        else:
            self.search_at(f"{payload}:1-{LAST_PORT}")

    def _show(self, device: DeviceFound) -> None:
        key = (device.port.host, device.port.port)
        item = self._items.get(key)
        if item is None:
            item = self._items[key] = QListWidgetItem()
            self.list.addItem(item)
            self.teaching.hide()
            self.list.show()
        item.setData(Qt.ItemDataRole.UserRole, device)
        self._write(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    @staticmethod
    def _write(item: QListWidgetItem) -> None:
        device = item.data(Qt.ItemDataRole.UserRole)
        written = line(device.port.url, detail=introduction_text(device), kind=kind_text(device))
        item.setText(written.text())
        for role in (DETAIL, KIND, Qt.ItemDataRole.AccessibleTextRole):
            item.setData(role, written.data(role))

    def _step(self, percent: int) -> None:
        if self._operation is not None:
            self.progress.setValue(percent)
            self.told.setText(tr("Searching: {share} %. What is found can be chosen already.", share=percent))

    def _ended(self, end: SearchEnd) -> None:
        self._operation = None
        self.progress.hide()
        own = set(_own_addresses())
        for host in end.there[:_MOST_THERE]:
            detail = tr("somebody is there, but not at the usual ports: press to try all of its ports")
            if host not in own and not any(each.ports for each in ranges_of(self._networks)):
                self.list.addItem(line(host, detail=detail, payload=host))
        self.retranslate()
        if self._items:
            self.told.setText(tr("Addresses tried: {n}. Choose a device.", n=end.tried))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if self._is_direct and len(self._items) == 1:
                self._choose(next(iter(self._items.values())))
        else:
            self.told.setText(_nothing_text(end))

    def _failed(self, error: Exception) -> None:
        self._operation = None
        self.progress.hide()
        self.retranslate()
        self.told.setText(station_text(error))

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "panel")
        self.network.setEditable(True)
        self.network.setMinimumWidth(look.px(220))
        self.start_button.setProperty("kind", "primary")
        self.start_button.setAutoDefault(True)  # Enter presses it, as everywhere
        self.ask.setChecked(True)
        self.told.setWordWrap(True)
        self.teaching.setWordWrap(True)
        self.teaching.setProperty("tone", "dim")
        self.teaching.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.teaching.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(look.px(6))
        room = self.progress.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # the lines below stay where a hand is about to press them
        self.progress.setSizePolicy(room)
        self.progress.hide()
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(self.network)
        row.addWidget(self.start_button)
        row.addWidget(self.told, 1)
        row.addWidget(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self.teaching, 1)
        column.addWidget(self.list, 1)


def _count_text(ranges: tuple[SearchRange, ...], *, is_asking: bool) -> str:
    count = sum(len(each.hosts) for each in ranges)
    ports = [port for each in ranges for port in each.ports]
    if ports:
        return tr(
            "{n} addresses will be tried at {ports} ports. Who listens there is asked whether it speaks OPC UA or "
            "Modbus; nothing is written.",
            n=count,
            ports=len(ports),
        )
    if is_asking:
        return tr(
            "{n} addresses will be tried for OPC UA, Modbus and MQTT. Those that answer are asked who they are; "
            "nothing is written.",
            n=count,
        )
    return tr("{n} addresses will be tried for OPC UA, Modbus and MQTT. Nothing is sent to them.", n=count)


def _nothing_text(end: SearchEnd) -> str:
    if end.strangers:
        return tr(
            "{n} ports take connections there, and none speaks OPC UA or Modbus. Is it the right address, and is the "
            "server of the device switched on?",
            n=end.strangers,
        )
    if end.there:
        return tr(
            "No device answered at the usual ports, though {n} of {all} addresses are there. Is the server of the "
            "device switched on, and no firewall between?",
            n=len(end.there),
            all=end.tried,
        )
    return tr(
        "None of {n} addresses answered. Is the device on and in this network, and no firewall between? "
        "Its address can also be typed above.",
        n=end.tried,
    )
