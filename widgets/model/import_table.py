"""What a list of tags would change in a plant, as a table: what is left out first, then what is changed or new."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.plant.tag_list.difference import Difference, TagChange
from widgets.translation import tr

Index = QModelIndex | QPersistentModelIndex


class ImportColumn(IntEnum):
    """The columns from left to right."""

    WHAT = 0
    LINE = 1
    NAME = 2
    DETAIL = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the list; `kind`: 0 left out, 1 changed, 2 new."""

    kind: int
    line: int
    name: str
    detail: str


class ImportTable(QAbstractTableModel):
    """Read only: it is a dry run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def show_difference(self, difference: Difference | None) -> None:
        """Show a difference, None for nothing."""
        self.beginResetModel()
        self._rows = []
        if difference is not None:
            self._rows += [_Row(0, problem.line, "", problem.message) for problem in difference.problems]
            self._rows += [_Row(1, change.line, change.name, _changed(change)) for change in difference.changed]
            self._rows += [_Row(2, change.line, change.name, _new(change)) for change in difference.new]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(ImportColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        row = self._rows[index.row()]
        texts: Mapping[ImportColumn, str] = {
            ImportColumn.WHAT: (tr("left out"), tr("changed"), tr("new"))[row.kind],
            ImportColumn.LINE: str(row.line) if row.line else "",
            ImportColumn.NAME: row.name,
            ImportColumn.DETAIL: row.detail,
        }
        return texts[ImportColumn(index.column())]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        titles = (tr("What"), tr("Line"), tr("Name"), tr("Details"))
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None


def _new(change: TagChange) -> str:
    parts = (change.table.get(key, "") for key in ("connection", "address", "unit"))
    return "   ".join(str(part) for part in parts if part)


def _changed(change: TagChange) -> str:
    return "   ".join(f"{key.key}: {_shown(key.before)} → {_shown(key.after)}" for key in change.keys)


def _shown(value: object) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False)
