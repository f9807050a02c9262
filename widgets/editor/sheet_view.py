"""The view of a sheet: written as one types, with the keys that people know from spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from app.plant.draft.column import Column, Form
from app.plant.draft.sheet import SheetRow
from app.plant.problem import KeyPath
from widgets.editor.chosen_cells import ChosenCells
from widgets.editor.column_title import column_title
from widgets.editor.sheet_table import MARK, SheetTable
from widgets.theme import theme

ROW = 26
HEAD_PADDING = 8
"""px that the style sheet leaves beside the text of a head, on either side."""
_WIDE = {
    "name": 150,
    "id": 150,
    "address": 170,
    "url": 250,
    "expression": 220,
    "suppress_when": 180,
    "message": 220,
    "title": 190,
    "cause": 200,
    "action": 220,
    "checks": 260,
}


class SheetView(QTableView):
    """Signals say what was asked for; cells and rows are given in the order of the sheet.

    `move_asked(rows, target, is_behind)`: rows are to stand in front of another one, or behind it.
    """

    copy_asked = Signal()
    paste_asked = Signal()
    clear_asked = Signal()
    add_asked = Signal()
    remove_asked = Signal()
    move_asked = Signal(object, object, bool)

    def __init__(self, table: SheetTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.hint = ""
        self.setProperty("kind", "cells")
        self.setModel(table)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setIconSize(QSize(theme().px(MARK), theme().px(MARK)))
        self.setTabKeyNavigation(False)  # Tab leads out of the sheet, arrows lead about in it
        self.setCornerButtonEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().setDefaultSectionSize(theme().hit(ROW))
        self.verticalHeader().setSectionsMovable(True)
        self.verticalHeader().sectionMoved.connect(self._take_move)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        table.modelReset.connect(self._widen)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hint and not self._table.rows:
            with QPainter(self.viewport()) as painter:
                painter.setPen(theme().color("dim"))
                painter.setFont(theme().font("body"))
                side = theme().px(40)
                where = self.viewport().rect().adjusted(side, side, -side, -side)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(where, int(flags), self.hint)

    def show_hint(self, text: str) -> None:
        """Say `text` where the sheet has no rows."""
        self.hint = text
        self.setAccessibleDescription(text if not self._table.rows else "")
        self.viewport().update()

    def chosen(self) -> ChosenCells:
        """Return which cells are chosen, as cheaply for a whole sheet as for one cell."""
        ranges = [
            (r.top(), r.bottom() + 1, r.left(), r.right() + 1) for r in self.selectionModel().selection().toList()
        ]
        return ChosenCells(self._table.rows, self._table.columns, tuple(sorted(ranges)))

    def cells(self) -> list[tuple[SheetRow, Column]]:
        """Return the chosen cells, row by row."""
        return self.chosen().cells()

    def chosen_rows(self) -> list[SheetRow]:
        """Return the rows in which any cell is chosen."""
        return self.chosen().chosen_rows()

    def choose_rows(self, names: Sequence[str]) -> None:
        """Choose the rows of these names, none of which leaves the choice as it is."""
        wanted = set(names)
        places = [place for place, row in enumerate(self._table.rows) if wanted and row.name in wanted]
        if not places:
            return
        chosen, last = QItemSelection(), len(self._table.columns) - 1
        for place in places:
            chosen.select(self._table.index(place, 0), self._table.index(place, last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(self._table.index(places[0], 0))

    def go_to(self, place: KeyPath, key: str) -> bool:
        """Bring a cell into view and choose it; return whether the sheet has it."""
        index = self._table.index_of(place, key)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        return index.isValid()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.remove_asked.emit()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear_asked.emit()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self._move_by_one(is_down=event.key() == Qt.Key.Key_Down)
        elif event.key() == Qt.Key.Key_Insert:
            self.add_asked.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _take_move(self, row: int, former: int, place: int) -> None:
        """Let the draft move what was dragged by its number: all chosen rows where it is one of them."""
        header, rows = self.verticalHeader(), self._table.rows
        header.blockSignals(True)  # the sheet shows rows as the draft has them, and moves them when it has
        header.moveSection(place, former)
        header.blockSignals(False)
        chosen = self.chosen_rows()
        moved = chosen if rows[row] in chosen else [rows[row]]
        if rows[place] not in moved:
            self.move_asked.emit(moved, rows[place], place > former)

    def _move_by_one(self, *, is_down: bool) -> None:
        """Let the chosen rows change places with the one below or above them."""
        places = sorted({place for top, bottom, _, _ in self.chosen().ranges for place in range(top, bottom)})
        target = -1 if not places else places[-1] + 1 if is_down else places[0] - 1
        if 0 <= target < len(self._table.rows):
            self.move_asked.emit(self.chosen_rows(), self._table.rows[target], is_down)

    def _widen(self) -> None:
        """Give each column its usual width, and at least that of its head."""
        look = theme()
        metrics = QFontMetrics(look.font("small"))
        for place, column in enumerate(self._table.columns):
            usual = 84 if column.form in {Form.NUMBER, Form.WHOLE} else 116
            head = metrics.horizontalAdvance(column_title(column)) + 2 * HEAD_PADDING + look.px(4)
            self.setColumnWidth(place, max(look.px(_WIDE.get(column.key, usual)), head))
