"""The list of standing alarms as a table model: own order, groups and filter; rows come and go, it is never reset.

What is in a cell is written when it is looked at, so that ten thousand alarms cost no more than those in view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.model import clock
from app.model.alarm import AlarmRecord
from widgets.feed import Feed
from widgets.model.alarm_column import NUMERIC, Column, cell_text, column_titles, sort_value, urgency
from widgets.model.alarm_filter import AlarmFilter, AlarmSearch, FilterCounts
from widgets.model.alarm_group import HEAD, AlarmGroup, Grouping, group_key, group_of
from widgets.model.alarm_index import AlarmIndex
from widgets.model.row_change import RowChange
from widgets.model.urgency_order import UrgencyOrder

Index = QModelIndex | QPersistentModelIndex
VALUES_NS = 500 * clock.NS_PER_MS
RECORD = Qt.ItemDataRole.UserRole  # AlarmRecord, or AlarmGroup for the head of a group

__all__ = ["NUMERIC", "RECORD", "AlarmFilter", "AlarmTable", "Column", "Grouping"]


class AlarmTable(QAbstractTableModel):
    """Rows are a list of ids over the feed's alarms: unacknowledged ones first, then by priority, the newest first.

    `visible`: gives the first and the last row in view, beyond which no new value needs to be told.
    """

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._search = AlarmSearch(feed)
        self._index = AlarmIndex(feed, self._search)
        self._filter = AlarmFilter()
        self._grouping = Grouping.NONE
        self._closed: set[str] = set()
        self._rows: list[str] = []
        self._listed: dict[str, AlarmRecord] = {}
        self._leaving: dict[str, AlarmRecord] = {}
        self._order = UrgencyOrder()
        self._groups: dict[str, AlarmGroup] = {}
        self._members: dict[str, list[str]] = {}
        self._values: dict[str, str] = {}
        self._sort_column: Column | None = None
        self._is_descending = False
        self._is_held = False
        self._is_indexed = False  # whether the rows are what the index told last
        self._valued = 0
        self.visible: Callable[[], tuple[int, int]] = lambda: (0, len(self._rows) - 1)
        feed.alarms_changed.connect(self.take)
        feed.values_changed.connect(self.refresh_values)
        feed.collector_link_changed.connect(self.retranslate)
        self.refresh()

    @property
    def rows(self) -> list[AlarmRecord]:
        """Return the alarms in view, in their order."""
        return [self._listed[alarm] for alarm in self._rows if alarm in self._listed]

    @property
    def grouping(self) -> Grouping:
        """Return by what the alarms stand together."""
        return self._grouping

    @property
    def filter(self) -> AlarmFilter:
        """Return what is let through."""
        return self._filter

    def row_of(self, alarm: str) -> int | None:
        """Return the row of an alarm; None where it does not stand, or where a filter or a closed group hides it."""
        return self._rows.index(alarm) if alarm in self._rows else None

    def members(self, group: str) -> list[AlarmRecord]:
        """Return the alarms of a group by its key, in view or not."""
        return [self._listed[alarm] for alarm in self._members.get(group, ())]

    def counts(self) -> FilterCounts:
        """Return how many alarms each choice of the filter would list."""
        return self._search.counts(self._feed.alarms.values(), self._filter)

    def set_filter(self, wanted: AlarmFilter) -> None:
        """List only what `wanted` lets through."""
        self._filter = wanted
        self.refresh()

    def group_by(self, grouping: Grouping) -> None:
        """Let alarms stand together; every group is open at first."""
        self._grouping = grouping
        self._closed.clear()
        self._arrange()

    def open_group(self, row: int, *, is_open: bool) -> int:
        """Open or close the group in which `row` is; return the row of its head, -1 where there are no groups."""
        if self._grouping is Grouping.NONE or not 0 <= row < len(self._rows):
            return -1
        key = self._rows[row]
        if not key.startswith(HEAD):
            key = group_key(self._grouping, self._listed)(self._listed[key])
        (self._closed.discard if is_open else self._closed.add)(key)
        self._arrange()
        return self._rows.index(key)

    def hold(self, is_held: bool) -> None:  # noqa: FBT001 - a slot
        """Let no row move or leave while somebody is about to point at one; what is new stands at the end."""
        if is_held != self._is_held:
            self._is_held = is_held
            if not is_held:
                self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 is the order of urgency."""
        self._sort_column = Column(column) if column >= 0 else None
        self._is_descending = order == Qt.SortOrder.DescendingOrder
        if self._is_held or self._grouping is not Grouping.NONE:
            self._arrange()
        else:
            RowChange(self, self._rows).reorder(self._in_order(), place_of=self._index.place_of)
            self._is_indexed = True

    def refresh(self) -> None:
        """Take all present alarms anew."""
        self._index.choose(self._filter)
        if self._is_held:
            renewed, _ = self._absorb([*self._listed.values(), *self._feed.alarms.values()])
            self._arrange()
        else:
            former, self._listed = self._listed, self._index.chosen()
            self._leaving = former
            self._arrange()
            renewed = [row for row in self._seen() if row in former and former[row] is not self._listed.get(row)]
        self._tell(renewed)

    def take(self, changed: Iterable[AlarmRecord]) -> None:
        """Take those alarms that changed (Feed.alarms_changed); rows that stay keep their selection.

        Where none comes, leaves or moves, no row is looked at but those in view.
        """
        changed = list(changed)
        self._index.note(record.alarm for record in changed)
        renewed, is_moved = self._absorb(changed)
        if is_moved:
            self._follow()
        self._tell(renewed)

    def refresh_values(self) -> None:
        """Renew the values in view, at most twice a second."""
        now = clock.monotonic_ns()
        if now - self._valued >= VALUES_NS:
            self._valued = now
            first, last = self.visible()
            for row in range(max(0, first), min(last, len(self._rows) - 1) + 1):
                self._renew_value(row)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self._values.clear()
        self._groups = {key: self._group(key) for key in self._groups}
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(row, Column(index.column()))
            case Qt.ItemDataRole.UserRole:
                return self._groups[row] if row.startswith(HEAD) else self._record(row)
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

    def _text(self, row: str, column: Column) -> str:
        if row.startswith(HEAD):
            return self._groups[row].text
        text = cell_text(self._feed, self._record(row), column)
        if column is Column.VALUE:
            self._values[row] = text
        return text

    def _record(self, alarm: str) -> AlarmRecord:
        """Return the record of a row; one that is about to leave is still looked at."""
        return self._listed[alarm] if alarm in self._listed else self._leaving[alarm]

    def _renew_value(self, row: int) -> None:
        alarm = self._rows[row]
        if alarm.startswith(HEAD):
            return
        before = self._values.get(alarm)
        if self._text(alarm, Column.VALUE) != before:
            index = self.index(row, Column.VALUE)
            self.dataChanged.emit(index, index)

    def _seen(self) -> list[str]:
        """Return the rows in view."""
        first, last = self.visible()
        return self._rows[max(0, first) : last + 1]

    def _tell(self, renewed: Sequence[str]) -> None:
        """Tell the rows in view whose record changed; the others are read when they come into view."""
        first, wanted = max(0, self.visible()[0]), set(renewed)
        for row, alarm in enumerate(self._seen(), first):
            if alarm in wanted or alarm.startswith(HEAD):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _follow(self) -> None:
        """Bring alarms that came, left or moved to their places; where only a few did, no other row is looked at."""
        shift = self._order.shift(self._listed) if self._is_plain() else None
        if shift is None:
            self._arrange()
            return
        self._is_indexed = False
        RowChange(self, self._rows).follow(self._order.alarms, shift, visible=self.visible())
        self._forget_leaving()

    def _is_plain(self) -> bool:
        """Return whether all listed alarms stand by urgency alone."""
        return not self._is_held and self._grouping is Grouping.NONE and self._sort_column is None

    def _arrange(self) -> None:
        """Bring the rows into their order, telling the view no more than needed."""
        change, rows, was_indexed = RowChange(self, self._rows), self._in_order(), self._is_indexed
        self._is_indexed = not self._is_held and self._grouping is Grouping.NONE
        if self._is_indexed:
            self._members = {}
            differences = self._index.differences() if was_indexed else None
            change.make(rows, differences=differences, place_of=self._index.place_of)
        elif self._grouping is Grouping.NONE:
            known = set(self._rows)
            change.make([*self._rows, *(alarm for alarm in rows if alarm not in known)])
        else:
            change.make(self._grouped(rows))
        self._forget_leaving()
        self._groups = {key: group for key, group in self._groups.items() if key in self._members}
        if self._is_plain():
            self._order.begin(self._rows)
        else:
            self._order.end()

    def _forget_leaving(self) -> None:
        if self._leaving:
            self._values = {alarm: text for alarm, text in self._values.items() if alarm in self._listed}
            self._leaving = {}

    def _absorb(self, changed: Iterable[AlarmRecord]) -> tuple[list[str], bool]:
        """Take records; return the alarms that are listed anew as another, and whether rows come, leave or move."""
        renewed, is_moved = [], False
        passes, stands = self._search.predicate(self._filter), self._feed.alarms
        for record in changed:
            alarm, former = record.alarm, self._listed.get(record.alarm)
            is_listed = alarm in stands and passes(record)
            if is_listed or (self._is_held and former is not None):
                if record is former:
                    continue
                self._listed[alarm] = record
                if former is None:
                    self._order.enter(alarm)
                    is_moved = True
                elif former != record:
                    renewed.append(alarm)
                    is_moved = self._order.judge(former, record) or is_moved or self._stands_elsewhere(former, record)
            elif former is not None:
                self._leaving[alarm] = self._listed.pop(alarm)
                self._order.leave(former)
                is_moved = True
        return renewed, is_moved

    def _stands_elsewhere(self, former: AlarmRecord, record: AlarmRecord) -> bool:
        """Return whether a record may have another place than the former one of equal urgency."""
        if self._grouping is not Grouping.NONE:
            return True  # also the head of its group says something else
        if self._sort_column is None:
            return False
        value = sort_value(self._feed, self._sort_column)
        return bool(value(former) != value(record))

    def _in_order(self) -> list[str]:
        """Return the listed alarms in their order, without heads."""
        if not self._is_held:
            return self._index.rows(self._sort_column, is_descending=self._is_descending)
        # what has ended is held in its row, of which the index knows no more
        records = sorted(self._listed.values(), key=urgency)
        if self._sort_column is not None:
            records.sort(key=sort_value(self._feed, self._sort_column), reverse=self._is_descending)
        return [record.alarm for record in records]

    def _grouped(self, alarms: Sequence[str]) -> list[str]:
        """Return heads and alarms; the group with the most urgent alarm comes first."""
        key_of = group_key(self._grouping, self._listed)
        members: dict[str, list[str]] = {}
        for alarm in alarms:
            members.setdefault(key_of(self._listed[alarm]), []).append(alarm)
        self._members = members
        # heads that are going must still be readable until the view knows it
        self._groups |= {key: self._group(key) for key in members}
        worst = sorted(members, key=lambda key: min(urgency(self._listed[alarm]) for alarm in members[key]))
        return [row for key in worst for row in [key, *([] if key in self._closed else members[key])]]

    def _group(self, key: str) -> AlarmGroup:
        records = [self._listed[alarm] for alarm in self._members[key]]
        return group_of(self._feed, self._grouping, key, records, is_open=key not in self._closed)
