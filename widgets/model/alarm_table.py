"""The list of standing alarms as a table model: own order, groups and filter; rows come and go, it is never reset.

What is in a cell is written when it is looked at, so that ten thousand alarms cost no more than those in view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.model import clock
from app.model.alarm import AlarmRecord
from widgets.feed import Feed
from widgets.model.alarm_column import NUMERIC, Column, cell_text, column_titles, sort_value, sort_values
from widgets.model.alarm_filter import AlarmFilter, AlarmSearch, FilterCounts
from widgets.model.alarm_group import HEAD, AlarmGroup, Grouping, group_key, group_of
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
        self._filter = AlarmFilter()
        self._grouping = Grouping.NONE
        self._closed: set[str] = set()
        self._rows: list[str] = []
        self._listed: dict[str, AlarmRecord] = {}
        self._leaving: dict[str, AlarmRecord] = {}
        self._order = UrgencyOrder()
        self._places: tuple[Sequence[str], list[int]] | None = None
        self._groups: dict[str, AlarmGroup] = {}
        self._members: dict[str, list[str]] = {}
        self._values: dict[str, str] = {}
        self._sort_column: Column | None = None
        self._is_descending = False
        self._is_held = False
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
            RowChange(self, self._rows).reorder(self._by_column(self._urgent()))

    def refresh(self) -> None:
        """Take all present alarms anew."""
        present = self._feed.alarms
        if self._is_held:
            gone = [record for alarm, record in self._listed.items() if alarm not in present]
            renewed, _ = self._absorb([*gone, *present.values()])
        else:
            renewed = self._list(self._search.passing(present.values(), self._filter))
        self._arrange()
        self._tell(renewed)

    def take(self, changed: Iterable[AlarmRecord]) -> None:
        """Take those alarms that changed (Feed.alarms_changed); rows that stay keep their selection.

        Where none comes, leaves or moves, no row is looked at but those in view.
        """
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

    def _tell(self, renewed: Sequence[str]) -> None:
        """Tell the rows in view whose record changed; the others are read when they come into view."""
        first, last = self.visible()
        wanted = set(renewed)
        for row in range(max(0, first), min(last, len(self._rows) - 1) + 1):
            if self._rows[row] in wanted or self._rows[row].startswith(HEAD):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _follow(self) -> None:
        """Bring alarms that came, left or moved to their places; where only a few did, no other row is looked at."""
        is_plain = not self._is_held and self._grouping is Grouping.NONE and self._sort_column is None
        shift = self._order.shift(self._listed) if is_plain else None
        if shift is None:
            self._arrange()
            return
        RowChange(self, self._rows).follow(self._urgent(), shift, visible=self.visible())
        self._forget_leaving()

    def _arrange(self) -> None:
        """Bring the rows into their order, telling the view no more than needed."""
        if self._is_held and self._grouping is Grouping.NONE:
            known = set(self._rows)
            fresh = [alarm for alarm in self._urgent() if alarm not in known]
            wanted = [*self._rows, *self._by_column(fresh)]
        else:
            wanted = self._grouped(self._by_column(self._urgent()))
        RowChange(self, self._rows).make(wanted)
        self._forget_leaving()
        self._groups = {key: group for key, group in self._groups.items() if key in self._members}

    def _forget_leaving(self) -> None:
        if not self._leaving:
            return
        self._values = {alarm: text for alarm, text in self._values.items() if alarm not in self._leaving}
        self._order.forget(self._leaving.keys() - self._feed.alarms.keys())
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
                    self._order.enter(record)
                    is_moved = True
                elif self._order.judge(record):
                    is_moved = True
                if former is not None and former != record:
                    renewed.append(alarm)
                    is_moved = is_moved or self._stands_elsewhere(former, record)
            elif former is not None:
                self._leaving[alarm] = self._listed.pop(alarm)
                self._order.leave(alarm)
                is_moved = True
        if is_moved:
            self._places = None
        return renewed, is_moved

    def _list(self, records: Sequence[AlarmRecord]) -> list[str]:
        """List these alarms and no others; return those that are listed anew as another."""
        former, listed = self._listed, {record.alarm: record for record in records}
        # `map` and `zip` ask for a hundred thousand in half of the time that a loop takes
        others = [pair for pair in zip(records, map(former.get, listed), strict=True) if pair[0] is not pair[1]]
        self._leaving |= {alarm: record for alarm, record in former.items() if alarm not in listed}
        self._listed, self._places = listed, None
        if others or self._leaving:
            self._order.renew([record for record, _ in others])
        return [record.alarm for record, known in others if known is not None and known != record]

    def _stands_elsewhere(self, former: AlarmRecord, record: AlarmRecord) -> bool:
        """Return whether a record may have another place than the former one of equal urgency."""
        if self._grouping is not Grouping.NONE:
            return True  # also the head of its group says something else
        if self._sort_column is None:
            return False
        value = sort_value(self._feed, self._sort_column)
        return bool(value(former) != value(record))

    def _urgent(self) -> list[str]:
        """Return the listed alarms by urgency."""
        return self._order.alarms(self._listed)

    def _by_column(self, urgent: Sequence[str]) -> list[str]:
        """Return alarms, given by urgency, in the order of the column that was chosen."""
        if self._sort_column is None:
            return list(urgent)
        if len(urgent) < len(self._listed):
            keys = dict(zip(urgent, self._sort_values([self._listed[alarm] for alarm in urgent]), strict=True))
            return sorted(urgent, key=keys.__getitem__, reverse=self._is_descending)
        # in the order in which they came records lie side by side in memory: half of the time for a hundred thousand
        values = self._sort_values(list(self._listed.values()))
        order = sorted(self._places_by_urgency(urgent), key=values.__getitem__, reverse=self._is_descending)
        alarms = list(self._listed)
        return [alarms[place] for place in order]

    def _sort_values(self, records: Sequence[AlarmRecord]) -> list[Any]:
        return sort_values(self._feed, self._sort_column, records) if self._sort_column is not None else []

    def _places_by_urgency(self, urgent: Sequence[str]) -> list[int]:
        """Return where in `_listed` all alarms stand, by urgency; kept until one comes, leaves or moves."""
        if self._places is None or self._places[0] is not urgent:
            place_of = {alarm: place for place, alarm in enumerate(self._listed)}
            self._places = (urgent, [place_of[alarm] for alarm in urgent])
        return self._places[1]

    def _grouped(self, alarms: Sequence[str]) -> list[str]:
        """Return heads and alarms; the group with the most urgent alarm comes first."""
        if self._grouping is Grouping.NONE:
            self._members = {}
            return list(alarms)
        key_of = group_key(self._grouping, self._listed)
        members: dict[str, list[str]] = {}
        for alarm in alarms:
            members.setdefault(key_of(self._listed[alarm]), []).append(alarm)
        self._members = members
        # heads that are going must still be readable until the view knows it
        self._groups |= {key: self._group(key) for key in members}
        worst = sorted(members, key=lambda key: min(self._order[alarm] for alarm in members[key]))
        return [row for key in worst for row in [key, *([] if key in self._closed else members[key])]]

    def _group(self, key: str) -> AlarmGroup:
        records = [self._listed[alarm] for alarm in self._members[key]]
        return group_of(self._feed, self._grouping, key, records, is_open=key not in self._closed)
