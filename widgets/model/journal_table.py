"""The alarm journal as a table model: the newest page first, older ones read off the GUI thread as one scrolls down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.model.alarm import AlarmEvent, AlarmState
from app.model.former_name import FormerNames
from app.model.journal_search import JournalSearch
from widgets import number
from widgets.alarm.wording import limit_text, place_text, priority_text, reading_text
from widgets.feed import Feed
from widgets.former_text import as_then, former_text
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.translation import local, tr

if TYPE_CHECKING:
    from app.alarm.journal import JournalEntry
    from app.alarm.journal_search import JournalPage

Index = QModelIndex | QPersistentModelIndex
PAGE = 200


class JournalColumn(IntEnum):
    """The columns from left to right."""

    PRIORITY = 0
    TIME = 1
    EVENT = 2
    EQUIPMENT = 3
    MESSAGE = 4
    VALUE = 5
    LIMIT = 6
    OPERATOR = 7
    COMMENT = 8
    TAG = 9


NUMERIC = frozenset({JournalColumn.VALUE, JournalColumn.LIMIT})


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """One page: lines numbered below `before` (0: the newest) that a search finds; `alarms`: of the page before."""

    search: JournalSearch = field(default_factory=JournalSearch)
    before: int = 0
    limit: int = PAGE
    alarms: tuple[str, ...] | None = None


ReadPage: TypeAlias = "Callable[[JournalQuery], JournalPage]"


def event_text(event: AlarmEvent | None, state: AlarmState) -> str:
    """Return what happened to an alarm, by the state that it led to where a former version did not say it."""
    events: Mapping[AlarmEvent, str] = {
        AlarmEvent.RESET: tr("Reset"),
        AlarmEvent.COMMENT: tr("Commented"),
        AlarmEvent.SHELVE: tr("Shelved"),
        AlarmEvent.UNSHELVE: tr("Unshelved"),
        AlarmEvent.SUPPRESS: tr("Suppressed"),
        AlarmEvent.UNSUPPRESS: tr("No longer suppressed"),
        AlarmEvent.REMOVE_FROM_SERVICE: tr("Taken out of service"),
        AlarmEvent.RETURN_TO_SERVICE: tr("Returned to service"),
        AlarmEvent.RELATE: tr("Cause known"),
    }
    states: Mapping[AlarmState, str] = {
        AlarmState.UNACKNOWLEDGED: tr("Raised"),
        AlarmState.ACKNOWLEDGED: tr("Acknowledged"),
        AlarmState.RETURNED: tr("Returned"),
        AlarmState.LATCHED: tr("Latched"),
        AlarmState.NORMAL: tr("Ended"),
    }
    if event is not None and event in events:
        return events[event]
    if event is AlarmEvent.CLEAR:
        return states[AlarmState.NORMAL if state is AlarmState.NORMAL else AlarmState.RETURNED]
    return tr("Acknowledged") if event is AlarmEvent.ACKNOWLEDGE else states.get(state, tr("Raised"))


class JournalTable(QAbstractTableModel):
    """Lines of the journal, newest first; `read` gives one page and is called in a background thread."""

    failed = Signal(str)
    searched = Signal()  # a search has begun, come further, or ended

    def __init__(self, feed: Feed, read: ReadPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._former = FormerNames(feed.plant)
        self._read = read
        self._entries: list[JournalEntry] = []
        self._cells: list[tuple[str, ...]] = []
        self._search = JournalSearch()
        self._before = 0
        self._alarms: tuple[str, ...] | None = None
        self._is_stale = False
        self._is_complete = False
        self._missing = PAGE
        self._is_renewal_due = False
        self._operation: Operation[JournalPage] | None = None

    @property
    def entries(self) -> list[JournalEntry]:
        """Return the lines that have been read."""
        return list(self._entries)

    def entry(self, row: int) -> JournalEntry:
        """Return the line in a row."""
        return self._entries[row]

    @property
    def is_searching(self) -> bool:
        """Whether older lines are being looked for."""
        return self._operation is not None

    def cells(self, entry: JournalEntry, columns: Sequence[int]) -> list[str]:
        """Return what stands in some columns of a line; may be called in any thread."""
        texts = self._texts(entry)
        return [texts[column] for column in columns]

    def choose(self, search: JournalSearch) -> None:
        """Show only lines that a search looks for; what is in view stays until the first of them are there."""
        self._search = search
        if self._operation is not None:
            self._operation.cancel()
        self._before, self._alarms, self._is_complete, self._is_stale = 0, None, False, True
        self._operation = None
        self._fetch()

    def renew(self) -> None:
        """Read what was added at the top since."""
        self._is_renewal_due = self._operation is not None
        if not self._is_renewal_due:
            self._start(JournalQuery(self._search), self._prepend)

    def retranslate(self) -> None:
        """Tell that all texts are to be read again."""
        self._cells = [self._texts(entry) for entry in self._entries]
        if self._entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, len(JournalColumn) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(JournalColumn) - 1)

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's signature
        return not parent.isValid() and not self._is_complete and self._operation is None

    def fetchMore(self, parent: Index = QModelIndex()) -> None:  # noqa: B008 - Qt's signature
        if self.canFetchMore(parent):
            self._missing = PAGE
            self._fetch()

    def _fetch(self) -> None:
        self._start(JournalQuery(self._search, self._before, PAGE, self._alarms), self._append)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(JournalColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._cells[index.row()][index.column()]
            case Qt.ItemDataRole.UserRole:
                return entry.record
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _titles()[JournalColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if JournalColumn(section) in NUMERIC else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _start(self, query: JournalQuery, take: Callable[[JournalPage], None]) -> None:
        operation = Operation(self, lambda: self._read(query))
        self._operation = operation.success(take).failure(self._tell_failure).start()
        self.searched.emit()

    def _append(self, page: JournalPage) -> None:
        self._operation = None
        self._drop_stale()
        self._before, self._alarms = page.before, page.alarms
        self._is_complete = not page.before
        if page.entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(page.entries) - 1)
            self._entries += page.entries
            self._cells += [self._texts(entry) for entry in page.entries]
            self.endInsertRows()
        self._missing -= len(page.entries)
        if self._missing > 0 and not self._is_complete:
            self._fetch()  # little was found in the time of one page: look on
        elif self._is_renewal_due:
            self.renew()
        self.searched.emit()

    def _drop_stale(self) -> None:
        """Take away the lines of the search before, once there are some of this one, or none are."""
        if not self._is_stale:
            return
        self._is_stale = False
        self._missing = PAGE
        if self._entries:
            self.beginRemoveRows(QModelIndex(), 0, len(self._entries) - 1)
            self._entries, self._cells = [], []
            self.endRemoveRows()

    def _prepend(self, page: JournalPage) -> None:
        self._operation = None
        if self._is_renewal_due:
            self.renew()
        newest = self._entries[0].number if self._entries else 0
        fresh = [entry for entry in page.entries if entry.number > newest]
        if page.before > newest and newest:
            # more came than one page holds: what is between is not known, so begin anew
            self.choose(self._search)
        elif fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._entries[:0] = fresh
            self._cells[:0] = [self._texts(entry) for entry in fresh]
            self.endInsertRows()
        self.searched.emit()

    def _tell_failure(self, error: Exception) -> None:
        self._operation = None
        self._is_complete = True
        self._drop_stale()
        self.searched.emit()
        self.failed.emit(station_text(error))

    def _texts(self, entry: JournalEntry) -> tuple[str, ...]:
        record = entry.record
        now = self._former.present
        tag = self._feed.tags.get(now(record.tag) or record.tag)
        equipment = self._feed.equipment.get(now(record.equipment) or record.equipment)
        return (
            priority_text(record.priority),
            number.day_and_millisecond(entry.time),
            event_text(record.event, record.course),
            as_then(place_text(record, equipment), record.equipment if now(record.equipment) else ""),
            local(record.message),
            reading_text(record, tag),
            limit_text(record, tag, with_unit=True),
            record.by or record.acknowledged_by,
            record.reason or record.comment,
            former_text(record.tag, now(record.tag)),
        )


def _titles() -> Mapping[JournalColumn, str]:
    return {
        JournalColumn.PRIORITY: tr("Pr."),
        JournalColumn.TIME: tr("Time"),
        JournalColumn.EVENT: tr("Event"),
        JournalColumn.EQUIPMENT: tr("Equipment"),
        JournalColumn.MESSAGE: tr("Message"),
        JournalColumn.VALUE: tr("Value then"),
        JournalColumn.LIMIT: tr("Limit"),
        JournalColumn.OPERATOR: tr("Operator"),
        JournalColumn.COMMENT: tr("Comment"),
        JournalColumn.TAG: tr("Tag"),
    }
