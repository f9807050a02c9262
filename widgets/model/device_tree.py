"""What a device offers as a tree to be ticked, whole folders too, with the values that were just read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal

from app.model.unit_symbol import unit_symbol
from drivers.driver import BrowseEntry
from drivers.probe import ProposedTag
from widgets import number
from widgets.engineering.devices import Found, Reading
from widgets.engineering.fact_text import name_text, section_text
from widgets.model.register_place import place_of
from widgets.theme import theme
from widgets.translation import tr

ROW = 32
SERVER = "i=2253"
"""The object in which an OPC UA server tells of itself."""
PLAIN = ":U16"
"""How a register without a type stands in the tree."""
Index = QModelIndex | QPersistentModelIndex


class DeviceColumn(IntEnum):
    """The columns from left to right."""

    NAME = 0
    VALUE = 1
    UNIT = 2
    TYPE = 3
    RANGE = 4
    ADDRESS = 5
    DESCRIPTION = 6


@dataclass(slots=True)
class _Node:
    """A thing in the tree; numbers are places in the model's list of nodes, `row` its place among those shown."""

    found: Found
    parent: int
    children: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    row: int = 0
    is_ticked: bool = False
    value: str = ""
    is_below_server: bool = False

    @property
    def is_of_server(self) -> bool:
        """Return whether a server tells of itself here: below its object Server, or in OPC UA's own namespace.

        Diagnostics of sessions stand in a namespace of the server's own (OPC UA Part 5, 6.3.4), and are gone with them.
        """
        return self.is_below_server or self.found.entry.address.startswith("i=")


class DeviceTree(QAbstractItemModel):
    """Only what can be read is ticked; a folder shows whether all, some or none below it are."""

    ticks_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[_Node] = []
        self._roots: list[int] = []
        self._shown_roots: list[int] = []
        self._wanted = ""

    @property
    def ticked(self) -> list[Found]:
        """Return what was ticked, in the device's order."""
        return [self._nodes[place].found for place in self._in_order() if self._nodes[place].is_ticked]

    @property
    def readable(self) -> int:
        """Return how many things can be read."""
        return sum(node.found.entry.is_readable for node in self._nodes)

    @property
    def of_server(self) -> int:
        """Return in how many of them an OPC UA server tells of itself."""
        return sum(node.found.entry.is_readable and node.is_of_server for node in self._nodes)

    def show_found(self, found: Sequence[Found]) -> None:
        """Show what a device has, nothing ticked."""
        self.beginResetModel()
        self._nodes = []
        above: list[int] = []
        for each in found:
            del above[each.level :]
            parent = above[-1] if above else -1
            is_below = parent >= 0 and self._nodes[parent].is_below_server
            self._nodes.append(_Node(each, parent, is_below_server=is_below or each.entry.address == SERVER))
            place = len(self._nodes) - 1
            if parent >= 0:
                self._nodes[parent].children.append(place)
            above.append(place)
        self._roots = [place for place, node in enumerate(self._nodes) if node.parent < 0]
        self._arrange()
        self.endResetModel()
        self.ticks_changed.emit(0)

    def add_below(self, index: Index, found: Found) -> QModelIndex:
        """Add one thing beside the one at `index`, ticked; what was ticked there no longer is."""
        self.beginResetModel()
        self._add(index.internalId(), found)
        self._arrange()
        self.endResetModel()
        self._tell_ticks()
        return self._index(len(self._nodes) - 1)

    def index_of(self, address: str) -> QModelIndex:
        """Return where an address stands, nowhere where it is not shown."""
        addresses = [node.found.entry.address for node in self._nodes]
        return self._index(addresses.index(address)) if address in addresses else QModelIndex()

    def like(self, index: Index) -> list[tuple[int, Found]]:
        """Return values like the one at `index` in the registers behind it, each with the place of its first one."""
        found = self.found_at(index)
        first = None if found is None else place_of(found.entry.address)
        if found is None or first is None:
            return []
        known = {self._nodes[place].found.entry.address: place for place in self._siblings(index.internalId())}
        offset, like = first.offset + first.width, []
        plain = replace(first, rest=PLAIN)
        while all(plain.at(offset + each) in known for each in range(first.width)):
            if first.at(offset) not in known:
                entry = replace(found.entry, address=first.at(offset), name=f"{first.table}{offset}", description="")
                like.append((known[plain.at(offset)], Found(found.level, entry)))
            offset += first.width
        return like

    def add_like(self, index: Index) -> int:
        """Add the values that `like` tells of, ticked, and return how many those are."""
        like = self.like(index)
        self.beginResetModel()
        for place, found in like:
            self._add(place, found)
        self._arrange()
        self.endResetModel()
        self._tell_ticks()
        return len(like)

    def _add(self, place: int, found: Found) -> None:
        self._nodes[place].is_ticked = False
        self._nodes.append(_Node(found, self._nodes[place].parent, is_ticked=True))
        siblings = self._siblings(place)
        siblings.insert(siblings.index(place) + 1, len(self._nodes) - 1)

    def _siblings(self, place: int) -> list[int]:
        parent = self._nodes[place].parent
        return self._nodes[parent].children if parent >= 0 else self._roots

    def filter(self, text: str) -> None:
        """Show only what holds `text`, and the folders that it is in."""
        self.beginResetModel()
        self._wanted = text.strip().casefold()
        self._arrange()
        self.endResetModel()

    def tick_all(self, *, is_ticked: bool) -> None:
        """Tick all that is shown, or none of it.

        What an OPC UA server says of itself is ticked only where there is nothing else: nobody means its diagnostics.
        """
        for place in self._shown_roots:
            self._tick(place, is_ticked=is_ticked)
        shown = (self._nodes[place] for place in self._shown(self._shown_roots))
        ticked = [node for node in shown if node.is_ticked]
        if any(not node.is_of_server for node in ticked):
            for node in ticked:
                node.is_ticked = not node.is_of_server
        self._tell_ticks()

    def found_at(self, index: Index) -> Found | None:
        """Return what stands at an index."""
        return self._nodes[index.internalId()].found if index.isValid() else None

    def show_values(self, values: Mapping[str, Reading]) -> None:
        """Show values by their addresses."""
        for place, node in enumerate(self._nodes):
            reading = values.get(node.found.entry.address)
            if reading is None:
                continue
            text = value_text(_scaled(reading, node.found.tag))
            if text != node.value:
                node.value = text
                at = self._index(place, DeviceColumn.VALUE)
                if at.isValid():
                    self.dataChanged.emit(at, at, [Qt.ItemDataRole.DisplayRole])

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's signature
        places = self._nodes[parent.internalId()].shown if parent.isValid() else self._shown_roots
        if not 0 <= row < len(places) or not 0 <= column < len(DeviceColumn):
            return QModelIndex()
        return self.createIndex(row, column, places[row])

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008 - Qt's signature
        if not index.isValid():
            return QModelIndex()
        parent = self._nodes[index.internalId()].parent
        return QModelIndex() if parent < 0 else self.createIndex(self._nodes[parent].row, 0, parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        if parent.column() > 0:
            return 0
        return len(self._nodes[parent.internalId()].shown if parent.isValid() else self._shown_roots)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        del parent
        return len(DeviceColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == DeviceColumn.NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place, column = index.internalId(), DeviceColumn(index.column())
        node = self._nodes[place]
        if role == Qt.ItemDataRole.CheckStateRole and column is DeviceColumn.NAME:
            return self._check_state(place)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, theme().hit(ROW))
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return node.value if column is DeviceColumn.VALUE else _text(node.found, column)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self._tick(index.internalId(), is_ticked=Qt.CheckState(value) == Qt.CheckState.Checked)
        self._tell_ticks()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return _titles()[DeviceColumn(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def _tick(self, place: int, *, is_ticked: bool) -> None:
        for below in [place, *self._shown(self._nodes[place].shown)]:
            node = self._nodes[below]
            node.is_ticked = is_ticked and node.found.entry.is_readable

    def _shown(self, places: Iterable[int]) -> list[int]:
        found = []
        waiting = list(places)[::-1]
        while waiting:
            place = waiting.pop()
            found.append(place)
            waiting += self._nodes[place].shown[::-1]
        return found

    def _check_state(self, place: int) -> Qt.CheckState:
        below = [self._nodes[each] for each in [place, *self._shown(self._nodes[place].shown)]]
        states = {node.is_ticked for node in below if node.found.entry.is_readable}
        if states == {True}:
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if True in states else Qt.CheckState.Unchecked

    def _tell_ticks(self) -> None:
        for place in range(len(self._nodes)):
            at = self._index(place)
            if at.isValid():
                self.dataChanged.emit(at, at, [Qt.ItemDataRole.CheckStateRole])
        self.ticks_changed.emit(sum(node.is_ticked for node in self._nodes))

    def _arrange(self) -> None:
        """Find out who is shown: those that hold the text, those above them, and all below a folder that holds it."""
        hits = [not self._wanted or self._wanted in _searched(node.found.entry) for node in self._nodes]
        for place in self._in_order():
            parent = self._nodes[place].parent
            hits[place] = hits[place] or (parent >= 0 and hits[parent])
        keeps = list(hits)
        for place in reversed(self._in_order()):
            parent = self._nodes[place].parent
            if keeps[place] and parent >= 0:
                keeps[parent] = True
        for node in self._nodes:
            node.shown = [child for child in node.children if keeps[child]]
            for row, child in enumerate(node.shown):
                self._nodes[child].row = row
        self._shown_roots = [root for root in self._roots if keeps[root]]
        for row, root in enumerate(self._shown_roots):
            self._nodes[root].row = row

    def _in_order(self) -> list[int]:
        """Return all nodes, each before those below it."""
        found: list[int] = []
        waiting = self._roots[::-1]
        while waiting:
            place = waiting.pop()
            found.append(place)
            waiting += self._nodes[place].children[::-1]
        return found

    def _index(self, place: int, column: int = 0) -> QModelIndex:
        node = self._nodes[place]
        siblings = self._nodes[node.parent].shown if node.parent >= 0 else self._shown_roots
        is_shown = node.row < len(siblings) and siblings[node.row] == place
        return self.createIndex(node.row, column, place) if is_shown else QModelIndex()


def value_text(reading: Reading) -> str:
    """Return a value that was just read as a screen shows it, a state as number and name; a bad one as its status."""
    if reading.status:
        return number.status_text(reading.status)
    value = reading.value
    if reading.state and isinstance(value, int):
        return f"{int(value)}  {reading.state}"
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return f"{value:.7g}" if isinstance(value, float) else "" if value is None else str(value)[:80]


def _scaled(reading: Reading, tag: ProposedTag | None) -> Reading:
    """Return a reading in the unit of the tag that a device proposes."""
    if tag is None or not isinstance(reading.value, float):
        return reading
    return Reading(reading.value * tag.gain + tag.offset, reading.status)


def _searched(entry: BrowseEntry) -> str:
    return f"{entry.name}\n{entry.address}\n{entry.description}".casefold()


def _text(found: Found, column: DeviceColumn) -> str:
    entry = found.entry
    has_range = math.isfinite(entry.low) and math.isfinite(entry.high)
    texts: Mapping[DeviceColumn, str] = {
        DeviceColumn.NAME: entry.name if entry.is_readable else section_text(name_text(entry.name)),
        DeviceColumn.UNIT: unit_symbol(entry.unit),
        DeviceColumn.TYPE: entry.data_type.partition(" (")[0] if entry.states else entry.data_type,
        DeviceColumn.RANGE: f"{entry.low:g} – {entry.high:g}" if has_range else states_text(entry.states),
        DeviceColumn.ADDRESS: entry.address if entry.is_readable else "",
        DeviceColumn.DESCRIPTION: entry.description,
    }
    return texts.get(column, "")


def states_text(states: Iterable[tuple[int, str]]) -> str:
    """Return what numbers mean: "0 Stopped, 1 Running"."""
    return ", ".join(f"{value} {name}" for value, name in states)


def _titles() -> Mapping[DeviceColumn, str]:
    return {
        DeviceColumn.NAME: tr("Name"),
        DeviceColumn.VALUE: tr("Value now"),
        DeviceColumn.UNIT: tr("Unit"),
        DeviceColumn.TYPE: tr("Type"),
        DeviceColumn.RANGE: tr("Range"),
        DeviceColumn.ADDRESS: tr("Address"),
        DeviceColumn.DESCRIPTION: tr("Description"),
    }
