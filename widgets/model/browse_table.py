"""What a device offers, to be ticked: a table model over the readable entries of a browse."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from drivers.driver import BrowseEntry
from widgets import number
from widgets.translation import tr

Index = QModelIndex | QPersistentModelIndex


class BrowseColumn(IntEnum):
    """The columns from left to right."""

    NAME = 0
    ADDRESS = 1
    TYPE = 2
    UNIT = 3
    RANGE = 4
    DESCRIPTION = 5


class BrowseTable(QAbstractTableModel):
    """Entries with a tick each; a filter hides rows but keeps their ticks."""

    ticks_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[BrowseEntry] = []
        self._rows: list[int] = []
        self._ticked: set[int] = set()

    @property
    def ticked(self) -> list[BrowseEntry]:
        """Return the entries that were ticked, in the device's order."""
        return [self._entries[place] for place in sorted(self._ticked)]

    def show_entries(self, entries: Sequence[BrowseEntry]) -> None:
        """Show what was found, nothing ticked."""
        self.beginResetModel()
        self._entries = [entry for entry in entries if entry.is_readable]
        self._rows = list(range(len(self._entries)))
        self._ticked = set()
        self.endResetModel()
        self.ticks_changed.emit(0)

    def filter(self, text: str) -> None:
        """Show only entries that hold `text`."""
        wanted = text.strip().casefold()
        self.beginResetModel()
        self._rows = [place for place, entry in enumerate(self._entries) if wanted in _searched(entry)]
        self.endResetModel()

    def tick_all(self, *, is_ticked: bool) -> None:
        """Tick all rows in view, or none of them."""
        self._ticked = self._ticked | set(self._rows) if is_ticked else self._ticked - set(self._rows)
        if self._rows:
            last = self.index(len(self._rows) - 1, BrowseColumn.NAME)
            self.dataChanged.emit(self.index(0, BrowseColumn.NAME), last, [Qt.ItemDataRole.CheckStateRole])
        self.ticks_changed.emit(len(self._ticked))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(BrowseColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == BrowseColumn.NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place = self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == BrowseColumn.NAME:
            return Qt.CheckState.Checked if place in self._ticked else Qt.CheckState.Unchecked
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return _text(self._entries[place], BrowseColumn(index.column()))
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        place = self._rows[index.row()]
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._ticked.add(place)
        else:
            self._ticked.discard(place)
        self.dataChanged.emit(index, index, [role])
        self.ticks_changed.emit(len(self._ticked))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return _titles()[BrowseColumn(section)] if role == Qt.ItemDataRole.DisplayRole else None


def _searched(entry: BrowseEntry) -> str:
    return f"{entry.name}\n{entry.address}\n{entry.description}".casefold()


def _text(entry: BrowseEntry, column: BrowseColumn) -> str:
    has_range = math.isfinite(entry.low) and math.isfinite(entry.high)
    texts: Mapping[BrowseColumn, str] = {
        BrowseColumn.NAME: entry.name,
        BrowseColumn.ADDRESS: entry.address,
        BrowseColumn.TYPE: entry.data_type,
        BrowseColumn.UNIT: number.unit_symbol(entry.unit),
        BrowseColumn.RANGE: f"{entry.low:g} – {entry.high:g}" if has_range else "",
        BrowseColumn.DESCRIPTION: entry.description,
    }
    return texts[column]


def _titles() -> Mapping[BrowseColumn, str]:
    return {
        BrowseColumn.NAME: tr("Name"),
        BrowseColumn.ADDRESS: tr("Address"),
        BrowseColumn.TYPE: tr("Type"),
        BrowseColumn.UNIT: tr("Unit"),
        BrowseColumn.RANGE: tr("Range"),
        BrowseColumn.DESCRIPTION: tr("Description"),
    }
