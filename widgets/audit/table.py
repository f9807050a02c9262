"""The audit trail as a table model: the newest page first, older ones read off the GUI thread as one scrolls down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.audit.journal import AuditLine
from app.audit.search import PAGE, AuditPage, AuditQuery
from app.model.former_name import FormerNames
from widgets import number
from widgets.audit.wording import action_text, detail_text, full_text, object_text
from widgets.feed import Feed
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

Index = QModelIndex | QPersistentModelIndex


class AuditColumn(IntEnum):
    """The columns from left to right."""

    NUMBER = 0
    TIME = 1
    ACTION = 2
    PERSON = 3
    OBJECT = 4
    DETAIL = 5


class AuditTable(QAbstractTableModel):
    """Records, newest first; `read` gives one page and is called in a background thread.

    `searched` tells after each page how far back was looked: its last record, or where the search has come to.
    """

    failed = Signal(str)
    searched = Signal()

    def __init__(self, feed: Feed, read: Callable[[AuditQuery], AuditPage], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed, self._read = feed, read
        self._former = FormerNames(feed.plant)
        self._lines: list[AuditLine] = []
        self._cells: list[tuple[str, ...]] = []
        self._operation: Operation[AuditPage] | None = None
        self.query = AuditQuery()
        self.reached = 0

    @property
    def is_complete(self) -> bool:
        """Whether all was looked through."""
        return self.reached == 1

    def line(self, row: int) -> AuditLine:
        """Return the record in a row."""
        return self._lines[row]

    def choose(self, query: AuditQuery) -> None:
        """Show what a query asks for, from the newest on."""
        self.query = query
        self.beginResetModel()
        self._lines, self._cells, self.reached = [], [], 0
        self.endResetModel()
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        self.fetchMore()

    def renew(self) -> None:
        """Read what was added at the top since."""
        if self._operation is None and self.reached:
            query = replace(self.query, before=0, limit=PAGE)
            self._operation = Operation(self, lambda: self._read(query)).success(self._prepend)
            self._operation.failure(self._tell_failure).start()

    def retranslate(self) -> None:
        """Tell that all texts are to be read again."""
        self._cells = [self._texts(line) for line in self._lines]
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(AuditColumn) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(AuditColumn) - 1)

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's signature
        return not parent.isValid() and not self.is_complete and self._operation is None

    def fetchMore(self, parent: Index = QModelIndex()) -> None:  # noqa: B008 - Qt's signature
        if self.canFetchMore(parent):
            query = replace(self.query, before=self.reached, limit=PAGE)
            self._operation = Operation(self, lambda: self._read(query)).success(self._append)
            self._operation.failure(self._tell_failure).start()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(AuditColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cells[index.row()][index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return full_text(self._lines[index.row()])
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(index.column())
            case Qt.ItemDataRole.FontRole:
                return theme().font("body")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _titles()[AuditColumn(section)]
        return _side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _append(self, page: AuditPage) -> None:
        self._operation, self.reached = None, page.reached
        self._insert(len(self._lines), page.lines)
        self.searched.emit()
        if len(page.lines) < PAGE and not page.is_last and len(self._lines) < PAGE:
            self.fetchMore()  # the view asks only once it has rows enough to scroll

    def _prepend(self, page: AuditPage) -> None:
        self._operation = None
        newest = self._lines[0].number if self._lines else 0
        fresh = [line for line in page.lines if line.number > newest]
        if len(fresh) == PAGE:
            self.choose(self.query)  # more came than one page holds
        else:
            self._insert(0, fresh)

    def _insert(self, row: int, lines: Sequence[AuditLine]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
            self._lines[row:row] = lines
            self._cells[row:row] = [self._texts(line) for line in lines]
            self.endInsertRows()

    def _tell_failure(self, error: Exception) -> None:
        self._operation, self.reached = None, 1
        self.failed.emit(station_text(error))

    def _texts(self, line: AuditLine) -> tuple[str, ...]:
        record = line.record
        head = (number.count(line.number), number.day_and_time(line.time), action_text(line.action))
        if record is None:
            return (*head, "", "", tr("(text dropped)"))
        return (*head, record.user, object_text(record, self._feed, self._former), detail_text(record, self._feed))


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == AuditColumn.NUMBER else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _titles() -> Mapping[AuditColumn, str]:
    return {
        AuditColumn.NUMBER: tr("No."),
        AuditColumn.TIME: tr("Time"),
        AuditColumn.ACTION: tr("What was done"),
        AuditColumn.PERSON: tr("Who"),
        AuditColumn.OBJECT: tr("Object"),
        AuditColumn.DETAIL: tr("Details"),
    }
