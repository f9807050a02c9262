"""A sheet of the draft as a table that is written in: what is wrong, and what an instance has of its own, is marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.plant.draft.cell import cell_text
from app.plant.draft.check import DraftProblem
from app.plant.draft.column import Column, Form
from app.plant.draft.draft import Draft
from app.plant.draft.sheet import Sheet, SheetRow
from app.plant.problem import KeyPath
from widgets.editor.column_title import column_title
from widgets.editor.sheet_request import Problems, ShownSheet, place_of, problem_at
from widgets.icon import icon_of
from widgets.station_text import station_text
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

Index = QModelIndex | QPersistentModelIndex
MARK = 14
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SheetTable(QAbstractTableModel):
    """`written(row, column, text)`: somebody has written a cell; what becomes of it is for the draft to say.

    `draft`: the one of which `rows` are in view.
    """

    written = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Sequence[Column] = ()
        self.rows: list[SheetRow] = []
        self._sheet: Sheet | None = None
        self.draft: Draft | None = None
        self.problems: Problems = {}

    def show_sheet(self, shown: ShownSheet) -> None:
        """Show a sheet; where it has the same rows and columns, a selection stays."""
        self._sheet, self.draft = shown.sheet, shown.draft
        columns, rows = shown.sheet.columns, list(shown.rows)
        if list(self.columns) == list(columns) and [r.place for r in rows] == [r.place for r in self.rows]:
            self.rows = rows
            self._tell_all()
            return
        self.beginResetModel()
        self.columns, self.rows = columns, rows
        self.endResetModel()

    def show_problems(self, problems: Sequence[DraftProblem]) -> None:
        """Mark the cells that problems are about."""
        self.problems = {place_of(problem.path): problem for problem in reversed(problems)}
        self._tell_all()

    def problem_at(self, row: SheetRow, column: Column) -> DraftProblem | None:
        """Return what is wrong with a cell, None for nothing."""
        return problem_at(self.problems, row, column)

    def index_of(self, place: KeyPath, key: str) -> QModelIndex:
        """Return the cell of a table and key, an invalid index where the sheet does not show it."""
        row = next((number for number, row in enumerate(self.rows) if row.place == place), -1)
        column = next((number for number, column in enumerate(self.columns) if column.key == key), 0)
        return self.index(row, column) if row >= 0 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        return flags if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: PLR0911 - one for each role
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell_text(row.table, column) or self._usual(column)
            case Qt.ItemDataRole.EditRole:
                return cell_text(row.table, column)
            case Qt.ItemDataRole.FontRole:
                return theme().font("body", weight=SEMIBOLD) if row.is_override(column) else theme().font("body")
            case Qt.ItemDataRole.ForegroundRole:
                is_of_class = row.origin is not None and not row.is_override(column)
                is_usual = not cell_text(row.table, column)
                return theme().color("dim" if is_of_class or is_usual else "text")
            case Qt.ItemDataRole.DecorationRole:
                # a mark, so that no problem is told by colour alone
                is_wrong = self.problem_at(row, column) is not None
                return icon_of("warning", theme().color("text").rgba(), theme().px(MARK)) if is_wrong else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, column)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row, column, text = self.rows[index.row()], self.columns[index.column()], str(value)
        if text.strip() != cell_text(row.table, column):
            self.written.emit(row, column, text)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_of_column = orientation == Qt.Orientation.Horizontal and section < len(self.columns)
            return _side(self.columns[section]) if is_of_column else LEFT
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return self._told(self.columns[section]) if section < len(self.columns) else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        return column_title(self.columns[section]) if section < len(self.columns) else None

    def _told(self, column: Column) -> str:
        """Return the name of a column in the file, and what stands there as the help tells it."""
        from widgets.help.column_help import column_help  # noqa: PLC0415 - read when somebody asks for it

        told = column_help(self._sheet.kind, column_title(column)) if self._sheet is not None else ""
        return f"{told}\n{column.name}" if told else column.name

    def _usual(self, column: Column) -> str:
        """Return in parentheses what is meant by an empty cell."""
        found = "" if self._sheet is None else self._sheet.usual.get(column.name, "")
        return f"({found})" if found else ""

    def _tip(self, row: SheetRow, column: Column) -> str | None:
        problem = self.problem_at(row, column)
        parts = [text] if (text := cell_text(row.table, column) or self._usual(column)) else []
        parts += [station_text(problem.message)] if problem is not None else []
        if row.origin is not None and row.is_override(column):
            usual = cell_text(row.origin.plain, column) or "–"
            own = tr("An own value of {equipment}; its class says {value}", equipment=row.origin.id, value=usual)
            parts.append(own)
        elif row.origin is not None:
            same = tr("As the class of {equipment} has it; what is written here is its own", equipment=row.origin.id)
            parts.append(same)
        return "\n".join(parts) or None

    def _tell_all(self) -> None:
        if self.rows and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))


def _side(column: Column) -> Qt.AlignmentFlag:
    """Return where the texts of a column stand, and its head above them: numbers on the right."""
    return RIGHT if column.form in {Form.NUMBER, Form.WHOLE} else LEFT
