"""Finding devices in a network: which one, how many addresses that are, and what has answered."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.acquisition.host_scan import BadNetwork, OpenPort, hosts_in
from widgets.choice import ChoiceBox
from widgets.engineering.devices import Devices, Stopped
from widgets.line_delegate import LineDelegate, line
from widgets.operation import Operation
from widgets.theme import theme
from widgets.translation import tr

SMALLEST = 24
"""The largest network that is proposed: of a larger one the part around this PC."""
_KINDS = {"opc.tcp": "OPC UA", "modbus": "Modbus", "modbus+tls": "Modbus TLS", "sparkplug": "MQTT"}


def local_networks() -> Iterator[str]:
    """Yield the networks that this PC stands in, its own computer last."""
    for each in QNetworkInterface.allAddresses():
        if each.protocol() != QAbstractSocket.NetworkLayerProtocol.IPv4Protocol or each.isLoopback():
            continue
        yield str(ipaddress.ip_network(f"{each.toString()}/{SMALLEST}", strict=False))
    yield "127.0.0.1"


class ScanPanel(QFrame):
    """`chosen` carries the URL of a device that was found."""

    chosen = Signal(str)
    _found = Signal(object)
    _stepped = Signal(float)

    def __init__(self, devices: Devices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices = devices
        self._operation: Operation[int] | None = None
        self._is_stopped = False
        self.network = ChoiceBox()
        self._local = list(dict.fromkeys(local_networks()))
        self.progress = QProgressBar()
        self.start_button = QPushButton()
        self.told = QLabel()
        self.list = QListWidget()
        self._lay_out()
        self.network.addItem("")
        self.network.addItems(self._local)
        self.network.currentTextChanged.connect(self._count)
        self.start_button.clicked.connect(self._toggle)
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self._found.connect(self._show)
        self._stepped.connect(self._step)
        self.retranslate()

    def start(self) -> None:
        """Try the addresses of the network that stands there, or of all that this PC is in."""
        networks = self._networks
        self._is_stopped = False
        self.list.clear()
        found, stepped = self._found.emit, self._stepped.emit

        def step(share: float, _: str) -> None:
            if self._is_stopped:
                raise Stopped
            stepped(share)

        operation = Operation(self, lambda: self._devices.scan(networks, found, step), interrupt=self._interrupt)
        self._operation = operation.success(self._ended).failure(self._failed).start()
        self.progress.setValue(0)
        self.progress.show()
        self.retranslate()

    def stop(self) -> None:
        """Try no further addresses; what was found stays."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
            self.progress.hide()
            self._count()
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.network.setAccessibleName(tr("Network to be searched"))
        self.network.setItemText(0, tr("All networks of this PC"))
        self.start_button.setText(tr("Search") if self._operation is None else tr("Stop"))
        self.list.setAccessibleName(tr("Devices that answered"))
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
            count = sum(len(hosts_in(network)) for network in self._networks)
        except BadNetwork as reason:
            self.told.setText(str(reason))
            self.start_button.setEnabled(False)
            return
        self.start_button.setEnabled(True)
        self.told.setText(
            tr(
                "{n} addresses will be tried for OPC UA, Modbus and MQTT. Nothing is sent to them.",
                n=count,
            )
        )

    def _show(self, found: OpenPort) -> None:
        item = line(found.url, detail=_KINDS.get(found.url.partition("://")[0], ""), payload=found.url)
        self.list.addItem(item)
        if self.list.count() == 1:
            self.list.setCurrentRow(0)

    def _step(self, share: float) -> None:
        if self._operation is not None:
            self.progress.setValue(round(share * 100))
            self.told.setText(
                tr("Searching: {share} %. What is found can be chosen already.", share=round(share * 100))
            )

    def _ended(self, tried: int) -> None:
        self._operation = None
        self.progress.hide()
        self.retranslate()
        if self.list.count():
            self.told.setText(tr("{n} addresses were tried. Choose a device.", n=tried))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.told.setText(
                tr(
                    "None of {n} addresses answered. Is the device on and in this network, and no firewall between? "
                    "Its address can also be typed above.",
                    n=tried,
                )
            )

    def _failed(self, error: Exception) -> None:
        self._operation = None
        self.progress.hide()
        self.retranslate()
        self.told.setText(str(error))

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "panel")
        self.network.setEditable(True)
        self.network.setMinimumWidth(look.px(220))
        self.start_button.setProperty("kind", "primary")
        self.told.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setFixedHeight(look.px(150))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(look.px(6))
        self.progress.hide()
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(self.network)
        row.addWidget(self.start_button)
        row.addWidget(self.told, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self.list)
