"""The alarms that are kept from the list: shelved, suppressed or out of service, with who, why and how much longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, Hold
from app.model.clock import NS_PER_S
from widgets import number
from widgets.alarm.wording import priority_text, short_state_text, state_text
from widgets.feed import Feed
from widgets.model.alarm_column import equipment_name, message_of
from widgets.model.alarm_filter import AlarmFilter, AlarmSearch
from widgets.model.row_change import RowChange
from widgets.translation import local, tr

Index = QModelIndex | QPersistentModelIndex


class HiddenColumn(IntEnum):
    """The columns from left to right."""

    PRIORITY = 0
    STATE = 1
    LEFT = 2
    UNTIL = 3
    EQUIPMENT = 4
    TAG = 5
    MESSAGE = 6
    BENEATH = 7
    RAISES = 8
    BY = 9
    REASON = 10


NUMERIC = frozenset({HiddenColumn.LEFT, HiddenColumn.RAISES})
ELASTIC = frozenset({HiddenColumn.EQUIPMENT, HiddenColumn.MESSAGE, HiddenColumn.REASON})
ALWAYS = frozenset({HiddenColumn.PRIORITY, HiddenColumn.STATE, HiddenColumn.LEFT, HiddenColumn.MESSAGE})


def hold_of(record: AlarmRecord) -> Hold | None:
    """Return what hides an alarm; None where that is its causes or its plant's state, which have no end."""
    match record.state:
        case AlarmState.SHELVED:
            return record.shelf
        case AlarmState.OUT_OF_SERVICE:
            return record.out_of_service
        case _:
            return record.suppression


class HiddenTable(QAbstractTableModel):
    """Those that come back soonest are first, those without an end last; what is left of their time is renewed."""

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._search = AlarmSearch(feed)
        self._filter = AlarmFilter()
        self._rows: list[str] = []
        self._records: dict[str, AlarmRecord] = {}
        feed.alarms_changed.connect(self.take)
        self.refresh()

    @property
    def rows(self) -> list[AlarmRecord]:
        """Return the alarms in view, in their order."""
        return [self._records[alarm] for alarm in self._rows]

    def set_filter(self, wanted: AlarmFilter) -> None:
        """List only what `wanted` lets through."""
        self._filter = wanted
        self.refresh()

    def take(self, changed: Iterable[AlarmRecord]) -> None:
        """Take those alarms that changed (Feed.alarms_changed)."""
        hidden = self._feed.hidden_alarms
        if any(record.alarm in hidden or record.alarm in self._records for record in changed):
            self.refresh()

    def refresh(self) -> None:
        """Take the present alarms; rows that stay keep their selection."""
        former = self._records
        hidden = self._feed.hidden_alarms
        passes = self._search.predicate(self._filter)
        listed = {alarm: record for alarm, record in hidden.items() if passes(record)}
        self._records = former | listed
        RowChange(self, self._rows).make(sorted(listed, key=lambda alarm: _order(listed[alarm])))
        self._records = listed
        for row, alarm in enumerate(self._rows):
            if former.get(alarm) != listed[alarm]:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(HiddenColumn) - 1))

    def count_down(self) -> None:
        """Tell that less time is left."""
        if self._rows:
            last = len(self._rows) - 1
            self.dataChanged.emit(self.index(0, HiddenColumn.LEFT), self.index(last, HiddenColumn.LEFT))

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(HiddenColumn) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HiddenColumn) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(HiddenColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        record = self._records[self._rows[index.row()]]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(record, HiddenColumn(index.column()))
            case Qt.ItemDataRole.UserRole:
                return record
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _titles()[HiddenColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if HiddenColumn(section) in NUMERIC else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, record: AlarmRecord, column: HiddenColumn) -> str:
        hold, now = hold_of(record), clock.now_ns()
        texts: Mapping[HiddenColumn, str] = {
            HiddenColumn.PRIORITY: priority_text(record.priority),
            HiddenColumn.STATE: state_text(record.state),
            HiddenColumn.LEFT: number.countdown((hold.until - now) / NS_PER_S) if hold else tr("while it holds"),
            HiddenColumn.UNTIL: number.moment(hold.until, now=now) if hold else number.NO_VALUE,
            HiddenColumn.EQUIPMENT: equipment_name(self._feed, record.equipment),
            HiddenColumn.TAG: record.tag,
            HiddenColumn.MESSAGE: local(record.message),
            HiddenColumn.BENEATH: short_state_text(record.beneath),
            HiddenColumn.RAISES: str(record.hidden_raises),
            HiddenColumn.BY: hold.by if hold else tr("by design"),
            HiddenColumn.REASON: self._reason(record, hold),
        }
        return texts[column]

    def _reason(self, record: AlarmRecord, hold: Hold | None) -> str:
        if hold is None:
            return ", ".join(message_of(self._feed, cause) for cause in record.suppressed_by)
        return tr("{reason} (ends with the alarm)", reason=hold.reason) if hold.is_one_shot else hold.reason


def _order(record: AlarmRecord) -> tuple[bool, int, int, str]:
    hold = hold_of(record)
    return (hold is None, hold.until if hold else 0, int(record.priority), record.alarm)


def _titles() -> Mapping[HiddenColumn, str]:
    return {
        HiddenColumn.PRIORITY: tr("Pr."),
        HiddenColumn.STATE: tr("State"),
        HiddenColumn.LEFT: tr("Back in"),
        HiddenColumn.UNTIL: tr("Until"),
        HiddenColumn.EQUIPMENT: tr("Equipment"),
        HiddenColumn.TAG: tr("Tag"),
        HiddenColumn.MESSAGE: tr("Message"),
        HiddenColumn.BENEATH: tr("Beneath it"),
        HiddenColumn.RAISES: tr("Raised meanwhile"),
        HiddenColumn.BY: tr("By"),
        HiddenColumn.REASON: tr("Reason"),
    }
