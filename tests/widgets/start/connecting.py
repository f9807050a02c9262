"""A page that connects to a device, what the device offers, and where that stands in the page's tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from app.model.connection import ConnectionDefinition
from drivers.driver import BrowseEntry
from drivers.probe import Fact, ProposedTag, Section
from tests.widgets.engineering.lines import SilentLine
from widgets.connection.certificates import Certificates
from widgets.engineering.devices import (
    DeviceLine,
    Devices,
    Found,
    Offer,
    OnStep,
)
from widgets.model.device_tree import DeviceColumn
from widgets.start.connect import ConnectPage

ENTRIES = [
    BrowseEntry("ns=2;s=Line", "Line", is_readable=False, has_children=True),
    BrowseEntry("ns=2;s=T", "Temperature", "Oil temperature", "Double", "Cel", 0.0, 150.0),
    BrowseEntry("ns=2;s=RUN", "Running", data_type="Boolean"),
    BrowseEntry("ns=3;s=T", "Temperature", data_type="Double"),
]
OFFER = Offer(tuple(Found(0 if each.has_children else 1, each) for each in ENTRIES))
REGISTERS = Offer(
    (
        Found(0, BrowseEntry("unit5", "Unit 5", is_readable=False, has_children=True)),
        Found(1, BrowseEntry("5/HR100:U16", "HR100", data_type="U16")),
        Found(1, BrowseEntry("5/HR101:U16", "HR101", data_type="U16")),
        Found(
            1, BrowseEntry("INV", "INV.W", "Power", "I16N", "W"), ProposedTag("INV.W", "5/HR9:I16N", "Power", "W", 0.1)
        ),
    ),
    (Section("Unit 5", "modbus://a?unit=5", (Fact("vendor", "Acme"),)),),
    ("something was left out",),
)
Look = Callable[[ConnectionDefinition, Sequence[int], OnStep], Offer]


def page_of(
    qtbot: QtBot, look: Look | Offer, line: DeviceLine | None = None, certificates: Certificates | None = None
) -> ConnectPage:
    asked = (lambda _definition, _units, _step: look) if isinstance(look, Offer) else look
    page = ConnectPage(Devices(look=asked, line=lambda _: line or SilentLine()), certificates)
    qtbot.addWidget(page)
    page.resize(1300, 760)
    page.show()
    page.device.preview._timer.setInterval(20)
    return page


def looked_at(qtbot: QtBot, page: ConnectPage, url: str = "opc.tcp://127.0.0.1:4840") -> None:
    page.url.setText(url)
    page.look()
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 1)


def index_of(page: ConnectPage, name: str, parent: QModelIndex | None = None) -> QModelIndex:
    above = QModelIndex() if parent is None else parent
    for row in range(page.device.tree.rowCount(above)):
        index = page.device.tree.index(row, 0, above)
        if page.device.tree.data(index) == name:
            return index
        if (below := index_of(page, name, index)).isValid():
            return below
    return QModelIndex()


def text_at(page: ConnectPage, name: str, column: DeviceColumn) -> object:
    return page.device.tree.data(index_of(page, name).siblingAtColumn(column))
