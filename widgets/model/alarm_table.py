"""The list of standing alarms as a table model: own order and filter, and only cells that changed are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets import number
from widgets.alarm.wording import limit_text, priority_text, state_text
from widgets.feed import Feed
from widgets.translation import local, tr

Index = QModelIndex | QPersistentModelIndex
VALUES_NS = 500 * clock.NS_PER_MS
RECORD = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    """The columns from left to right."""

    PRIORITY = 0
    STATE = 1
    RAISED = 2
    EQUIPMENT = 3
    MESSAGE = 4
    VALUE = 5
    LIMIT = 6
    OPERATOR = 7
    COMMENT = 8


NUMERIC = frozenset({Column.VALUE, Column.LIMIT})

_STATE_ORDER = (
    AlarmState.UNACKNOWLEDGED,
    AlarmState.RETURNED,
    AlarmState.ACKNOWLEDGED,
    AlarmState.LATCHED,
    AlarmState.NORMAL,
    AlarmState.SHELVED,
    AlarmState.SUPPRESSED,
    AlarmState.OUT_OF_SERVICE,
)


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """Which alarms are listed: `text` in message, tag or equipment; `priority` and more urgent ones; state."""

    text: str = ""
    priority: Priority = Priority.DIAGNOSTIC
    only_waiting: bool = False


def column_titles() -> Mapping[Column, str]:
    """Return the heads of the columns in the present language."""
    return {
        Column.PRIORITY: tr("Pr."),
        Column.STATE: tr("State"),
        Column.RAISED: tr("Since"),
        Column.EQUIPMENT: tr("Equipment"),
        Column.MESSAGE: tr("Message"),
        Column.VALUE: tr("Value now"),
        Column.LIMIT: tr("Limit"),
        Column.OPERATOR: tr("Acknowledged by"),
        Column.COMMENT: tr("Comment"),
    }


class AlarmTable(QAbstractTableModel):
    """Rows are an index list over the feed's alarms: unacknowledged ones first, then by priority, the newest first."""

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._filter = AlarmFilter()
        self._rows: list[str] = []
        self._records: dict[str, AlarmRecord] = {}
        self._cells: dict[str, list[str]] = {}
        self._sort_column: Column | None = None
        self._is_descending = False
        self._valued = 0
        feed.alarms_changed.connect(self.refresh)
        feed.values_changed.connect(self.refresh_values)
        feed.collector_link_changed.connect(self.retranslate)
        self.refresh()

    @property
    def rows(self) -> list[AlarmRecord]:
        """Return the alarms in view, in their order."""
        return [self._records[alarm] for alarm in self._rows]

    def set_filter(self, wanted: AlarmFilter) -> None:
        """List only what `wanted` lets through."""
        self._filter = wanted
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 is the order of urgency."""
        self._sort_column = Column(column) if column >= 0 else None
        self._is_descending = order == Qt.SortOrder.DescendingOrder
        self._reorder(self._sorted(self._rows))

    def refresh(self) -> None:
        """Take the present alarms; rows that stay keep their selection."""
        former = self._records
        self._records = dict(self._feed.alarms)
        listed = {alarm for alarm, record in self._records.items() if self._is_wanted(record)}
        for row in reversed(range(len(self._rows))):
            if self._rows[row] not in listed:
                self._remove(row, former)
        added = [alarm for alarm in self._records if alarm in listed and alarm not in self._cells]
        if added:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(added) - 1)
            self._cells.update((alarm, self._texts(self._records[alarm])) for alarm in added)
            self._rows += added
            self.endInsertRows()
        self._reorder(self._sorted(self._rows))
        for row, alarm in enumerate(self._rows):
            if former.get(alarm) != self._records[alarm]:
                self._renew(row, range(len(Column)))

    def refresh_values(self) -> None:
        """Renew the values, at most twice a second."""
        now = clock.monotonic_ns()
        if now - self._valued >= VALUES_NS:
            self._valued = now
            for row in range(len(self._rows)):
                self._renew(row, [Column.VALUE])

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        for row in range(len(self._rows)):
            self._renew(row, range(len(Column)))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        alarm = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._cells[alarm][index.column()]
            case Qt.ItemDataRole.UserRole:
                return self._records[alarm]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_titles()[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if Column(section) in NUMERIC else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _is_wanted(self, record: AlarmRecord) -> bool:
        wanted = self._filter
        if record.priority > wanted.priority or (wanted.only_waiting and not record.state.needs_acknowledge):
            return False
        equipment = self._feed.equipment.get(record.equipment)
        names = [record.message, *([equipment.name] if equipment is not None else [])]
        texts = [record.alarm, record.tag, *(text for name in names for text in (name.en, name.zh))]
        return any(wanted.text.strip().casefold() in text.casefold() for text in texts)

    def _remove(self, row: int, former: Mapping[str, AlarmRecord]) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        alarm = self._rows.pop(row)
        self._cells.pop(alarm)
        self._records.setdefault(alarm, former[alarm])
        self.endRemoveRows()

    def _sorted(self, rows: list[str]) -> list[str]:
        records = self._records
        urgent = sorted(
            rows,
            key=lambda alarm: (
                not records[alarm].state.needs_acknowledge,
                records[alarm].priority,
                -records[alarm].raised,
            ),
        )
        if self._sort_column is None:
            return urgent
        return sorted(urgent, key=self._sort_key(self._sort_column), reverse=self._is_descending)

    def _sort_key(self, column: Column) -> Callable[[str], tuple[float, str]]:
        records = self._records
        numbers: Mapping[Column, Callable[[AlarmRecord], float]] = {
            Column.PRIORITY: lambda record: record.priority,
            Column.STATE: lambda record: _STATE_ORDER.index(record.state),
            Column.RAISED: lambda record: record.raised,
            Column.LIMIT: lambda record: record.limit,
            Column.VALUE: lambda record: record.value,
        }
        if column in numbers:
            return lambda alarm: (numbers[column](records[alarm]), "")
        return lambda alarm: (0, self._cells[alarm][column].casefold())

    def _reorder(self, rows: list[str]) -> None:
        if rows == self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = {alarm: row for row, alarm in enumerate(rows)}
        after = [self.index(places[self._rows[index.row()]], index.column()) for index in before]
        self._rows = rows
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _renew(self, row: int, columns: range | list[Column]) -> None:
        """Write cells anew; tell those whose text changed, and the state's sign."""
        alarm = self._rows[row]
        texts = self._texts(self._records[alarm])
        cells = self._cells[alarm]
        for column in columns:
            if texts[column] != cells[column] or column == Column.PRIORITY:
                cells[column] = texts[column]
                index = self.index(row, column)
                self.dataChanged.emit(index, index)

    def _texts(self, record: AlarmRecord) -> list[str]:
        tag = self._feed.tags.get(record.tag)
        equipment = self._feed.equipment.get(record.equipment)
        return [
            priority_text(record.priority),
            state_text(record.state),
            number.moment(record.raised, now=clock.now_ns()),
            local(equipment.name) if equipment is not None else record.equipment,
            local(record.message),
            self._value(record),
            limit_text(record, tag, with_unit=True),
            record.acknowledged_by,
            record.comment,
        ]

    def _value(self, record: AlarmRecord) -> str:
        tag = self._feed.tags.get(record.tag)
        if tag is None:
            return number.NO_VALUE
        sample = self._feed.value(tag.handle)
        linked = self._feed.is_linked
        return number.reading_of(sample, tag=tag, now=clock.now_ns(), is_linked=linked).full
