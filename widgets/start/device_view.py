"""Looking at a device: its tree to be ticked, with values live, the four byte orders of registers, and who it is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSplitter, QTreeView, QVBoxLayout, QWidget

from app.model.connection import ConnectionDefinition
from drivers.driver import BrowseEntry
from drivers.probe import Decoding
from widgets.engineering.decoding_panel import REGISTERS, DecodingPanel
from widgets.engineering.devices import Devices, Found, Offer
from widgets.engineering.fact_text import facts_text
from widgets.engineering.layout import line_of, plain_tree, scrolling
from widgets.engineering.preview import Preview
from widgets.model.device_tree import PLAIN, DeviceColumn, DeviceTree
from widgets.theme import theme
from widgets.translation import tr

_WIDTHS: Mapping[int, int] = {
    DeviceColumn.NAME: 210,
    DeviceColumn.VALUE: 150,
    DeviceColumn.UNIT: 60,
    DeviceColumn.TYPE: 90,
    DeviceColumn.RANGE: 100,
    DeviceColumn.ADDRESS: 190,
}
_FEW = 200
"""So many signals are shown with their folders open."""


class DeviceView(QWidget):
    """`named` asks for the names of what was ticked; `failed` carries why the device gives no values."""

    named = Signal()
    failed = Signal(str)

    def __init__(self, devices: Devices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = Offer()
        self.tree = DeviceTree(self)
        self.preview = Preview(devices.line, self)
        self.filter = QLineEdit()
        self.all = QPushButton()
        self.none = QPushButton()
        self.next = QPushButton()
        self.view = QTreeView()
        self.facts = QLabel()
        self.decoding = DecodingPanel()
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_offer(self, definition: ConnectionDefinition, offer: Offer) -> None:
        """Show what a device has, nothing ticked, and read what is in view."""
        self._offer = offer
        self.tree.show_found(offer.found)
        self.facts.setText(facts_text(offer.sections))
        self.decoding.setVisible(definition.driver == "modbus")
        self.decoding.show_decodings("", [])
        if self.tree.readable:
            self.view.expandToDepth(1 if self.tree.readable <= _FEW else 0)
            self.view.setCurrentIndex(self.tree.index(0, 0))
            self.preview.begin(definition, self.addresses_in_view)

    def leave(self) -> None:
        """Let go of the device: nobody looks any more."""
        self.preview.end()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.filter.setPlaceholderText(tr("Filter…"))
        self.filter.setAccessibleName(tr("Filter the signals"))
        self.all.setText(tr("Tick all"))
        self.none.setText(tr("Tick none"))
        self.view.setAccessibleName(tr("Signals of the device"))
        self.facts.setText(facts_text(self._offer.sections))
        self._allow()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

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

    def _allow(self) -> None:
        ticked = len(self.tree.ticked)
        self.next.setText(tr("Name {n} signals", n=ticked))
        self.next.setEnabled(ticked > 0)

    def _select(self, index: QModelIndex) -> None:
        found = self.tree.found_at(index)
        is_register = found is not None and found.entry.is_readable and "R" in found.entry.address[:6]
        is_typed = found is not None and not found.entry.address.endswith(PLAIN)
        self.decoding.offer_others(len(self.tree.like(index)) if is_register and is_typed else 0)
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

    def _take_others(self) -> None:
        index = self.view.currentIndex()
        address = index.siblingAtColumn(DeviceColumn.ADDRESS).data()
        self.tree.add_like(index)
        self.decoding.offer_others(0)
        self.view.expandAll() if self.tree.readable <= _FEW else self.view.expandToDepth(1)
        again = self.tree.index_of(address)
        self.view.setCurrentIndex(again)
        self.view.scrollTo(again)
        self.preview.read()

    def _filter(self, text: str) -> None:
        self.tree.filter(text)
        if text.strip():
            self.view.expandAll()

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.all.clicked.connect(lambda: self.tree.tick_all(is_ticked=True))
        self.none.clicked.connect(lambda: self.tree.tick_all(is_ticked=False))
        self.tree.ticks_changed.connect(self._allow)
        self.next.clicked.connect(self.named)
        self.view.selectionModel().currentChanged.connect(self._select)
        self.preview.values.connect(self.tree.show_values)
        self.preview.decoded.connect(self.decoding.show_decodings)
        self.preview.failed.connect(self.failed)
        self.decoding.taken.connect(self._take)
        self.decoding.others_asked.connect(self._take_others)

    def _lay_out(self) -> None:
        look = theme()
        self.next.setProperty("kind", "primary")
        self.facts.setWordWrap(True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        plain_tree(self.view, self.tree, _WIDTHS)
        self.setFocusProxy(self.view)
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(look.px(8), 0, 0, 0)
        beside.setSpacing(look.px(12))
        beside.addWidget(self.decoding)
        beside.addWidget(self.facts, 1)
        parts = QSplitter()
        parts.addWidget(self.view)
        parts.addWidget(scrolling(side))  # on a small screen both are longer than there is room
        parts.setStretchFactor(0, 3)
        parts.setSizes([look.px(820), look.px(460)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addLayout(line_of(self.filter, self.all, self.none, self.next))
        column.addWidget(parts, 1)
