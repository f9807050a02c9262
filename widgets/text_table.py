"""A table of texts that is replaced as a whole, and the quiet view it is shown in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.column_width import ColumnWidth
from widgets.column_width import widths as shared
from widgets.explain.subject import Subject, row_at
from widgets.theme import SEMIBOLD, theme

Index = QModelIndex | QPersistentModelIndex
ROW = 28
LEAST = 64
ELASTIC_LEAST, ELASTIC_MOST = 120, 420
"""What a column of texts keeps, and the elastic one has, where room is short, px at scale 1."""
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


class TextTableView(QTableView):
    """Columns as wide as what is in them; the `elastic` one takes what is left, and texts give where room is short.

    Numbers are never cut: a view that is too narrow even for those scrolls. `explains`: which value the row with a key
    shows, so that it can be explained.
    """

    explains: Callable[[str], Subject | None] | None = None

    def __init__(self, model: TextTable, *, elastic: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._elastic = elastic
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
        widths = [self._needed(column) for column in range(self._table.columnCount())]
        if not widths:
            return
        look = theme()
        texts = set(range(len(widths))) - self._table.right
        columns = [
            ColumnWidth(width, min(width, look.px(LEAST)) if column in texts else width, float(column == self._elastic))
            for column, width in enumerate(widths)
        ]
        elastic = columns[self._elastic].needed
        columns[self._elastic] = ColumnWidth(min(elastic, look.px(ELASTIC_MOST)), look.px(ELASTIC_LEAST), 1.0)
        for column, width in enumerate(shared(columns, self.viewport().width())):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _needed(self, column: int) -> int:
        look = theme()
        fonts: list[tuple[QFont, str]] = [
            (look.font("small"), str(self._table.headerData(column, Qt.Orientation.Horizontal)))
        ]
        fonts += [(look.font("body", weight=SEMIBOLD), row.cells[column]) for row in self._table.rows]
        return max(QFontMetrics(font).horizontalAdvance(text) for font, text in fonts) + look.px(24)
