"""A table of texts that is replaced as a whole, and the quiet view it is shown in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from heapq import nlargest

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.column_width import ColumnWidth
from widgets.column_width import widths as shared
from widgets.explain.subject import Subject, row_at
from widgets.theme import SEMIBOLD, theme

Index = QModelIndex | QPersistentModelIndex
ROW = 28
SHORT = 150
"""Up to which width a column is never cut: a time, a name or a state says nothing without its end, px at scale 1."""
ELASTIC_LEAST, ELASTIC_MOST = 120, 420
"""What the elastic column keeps, and asks for, where room is short, px at scale 1."""
KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: its `key`, its cells, what a pointer on it is told, and whether it asks for attention."""

    key: str
    cells: tuple[str, ...]
    tip: str = ""
    is_strong: bool = False


class TextTable(QAbstractTableModel):
    """Rows of texts; `right` columns hold numbers."""

    def __init__(self, right: Collection[int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.right = frozenset(right)
        self._heads: tuple[str, ...] = ()
        self.rows: tuple[TextRow, ...] = ()

    def show_rows(self, heads: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Replace everything; where only cells have changed, a selection stays."""
        is_same = len(heads) == len(self._heads) and [row.key for row in rows] == [row.key for row in self.rows]
        if not is_same:
            self.beginResetModel()
        self._heads, self.rows = tuple(heads), tuple(rows)
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(heads) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(heads) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.cells[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                cell = row.cells[index.column()]
                return cell if row.tip in {"", cell} else "\n".join(text for text in (cell, row.tip) if text)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._side(index.column())
            case Qt.ItemDataRole.FontRole:
                return theme().font("body", weight=SEMIBOLD) if row.is_strong else theme().font("body")
        return row.key if role == KEY else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._heads):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


MEASURED = 200
"""Of so many texts of a column the widths are taken, the longest ones, to find how wide it needs to be."""


class TextTableView(QTableView):
    """Columns as wide as what is in them; the `elastic` one takes what is left, and long texts give where it is short.

    Numbers and short texts are never cut: a view that is too narrow even for those scrolls. A column in which nothing
    stands takes no room; `keeps_empty`: it does, where values come and go. `explains`: which value the row with a key
    shows, so that it can be explained.
    """

    explains: Callable[[str], Subject | None] | None = None

    def __init__(
        self, model: TextTable, *, elastic: int, keeps_empty: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._elastic, self._keeps_empty = elastic, keeps_empty
        self._table = model
        self.setProperty("kind", "texts")
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme().hit(ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(theme().px(24))  # Qt's own is wider than some heads
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def chosen(self) -> str:
        """Return the key of the selected row, "" where none is."""
        rows = self.selectionModel().selectedRows()
        return str(rows[0].data(KEY)) if rows else ""

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value in the row at a place, or in the present row."""
        row = row_at(self, place)
        return self.explains(str(row.data(KEY))) if self.explains is not None and row.isValid() else None

    def fit(self) -> None:
        """Share the width anew."""
        every = range(self._table.columnCount())
        for column in every:
            self.setColumnHidden(column, not self._says_something(column))
        shown = [column for column in every if not self.isColumnHidden(column)]
        columns = [self._wanted(column) for column in shown]
        for column, width in zip(shown, shared(columns, self.viewport().width()), strict=True):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _says_something(self, column: int) -> bool:
        rows = self._table.rows
        return self._keeps_empty or not rows or column == self._elastic or any(row.cells[column] for row in rows)

    def _wanted(self, column: int) -> ColumnWidth:
        look, width = theme(), self._needed(column)
        if column == self._elastic:
            return ColumnWidth(min(width, look.px(ELASTIC_MOST)), min(width, look.px(ELASTIC_LEAST)), 1.0)
        is_text = column not in self._table.right
        return ColumnWidth(width, min(width, look.px(SHORT)) if is_text else width, 0.0)

    def _needed(self, column: int) -> int:
        look = theme()
        head = str(self._table.headerData(column, Qt.Orientation.Horizontal))
        texts = [row.cells[column] for row in self._table.rows]
        if len(texts) > MEASURED:  # to lay out ten thousand texts takes longer than a frame
            texts = nlargest(MEASURED, texts, key=len)
        body = QFontMetrics(look.font("body", weight=SEMIBOLD))
        widths = [QFontMetrics(look.font("small")).horizontalAdvance(head), *map(body.horizontalAdvance, texts)]
        return max(widths) + look.px(24)
