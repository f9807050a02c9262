"""The tags that were chosen in a device, to be named before they are added: name, title, unit and range are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.unit_symbol import unit_symbol
from app.plant.tag_list.unit_word import ucum_of
from widgets.model.device_tree import states_text
from widgets.translation import local, tr

Index = QModelIndex | QPersistentModelIndex


class ChosenColumn(IntEnum):
    """The columns from left to right."""

    NAME = 0
    TITLE = 1
    UNIT = 2
    LOW = 3
    HIGH = 4
    DECIMALS = 5
    ADDRESS = 6


class ChosenTable(QAbstractTableModel):
    """`changed` whenever the tags are others; `refused` carries why a cell was not taken."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tags: list[TagDefinition] = []

    @property
    def tags(self) -> Sequence[TagDefinition]:
        """Return the tags as they were written."""
        return self._tags

    def show_tags(self, tags: Sequence[TagDefinition]) -> None:
        """Show tags; what was written of an address before stays."""
        written = {tag.address: tag for tag in self._tags}
        taken: set[str] = set()
        found = []
        for handle, tag in enumerate(tags):
            kept = written.get(tag.address, tag)
            name = kept.name if kept.name not in taken else tag.name
            while name in taken:
                name += "_"
            taken.add(name)
            found.append(replace(kept, handle=handle, name=name))
        self.beginResetModel()
        self._tags = found
        self.endResetModel()
        self.changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._tags)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(ChosenColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = ChosenColumn(index.column())
        is_fixed = column is ChosenColumn.ADDRESS or (self._tags[index.row()].is_text and column in _OF_NUMBERS)
        return flags if is_fixed else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in _ROLES:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return states_text((value, local(name)) for value, name in self._tags[index.row()].states) or None
        tag, column = self._tags[index.row()], ChosenColumn(index.column())
        is_shown = role == Qt.ItemDataRole.DisplayRole
        texts: Mapping[ChosenColumn, str] = {
            ChosenColumn.NAME: tag.name,
            ChosenColumn.TITLE: tag.title.en,
            ChosenColumn.UNIT: unit_symbol(tag.unit) if is_shown else tag.unit,
            ChosenColumn.LOW: _first_state(tag) if is_shown and tag.states else _end(tag.low),
            ChosenColumn.HIGH: _last_state(tag) if is_shown and tag.states else _end(tag.high),
            ChosenColumn.DECIMALS: str(tag.decimals),
            ChosenColumn.ADDRESS: tag.address,
        }
        return texts[column]

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        try:
            tag = _WRITERS[ChosenColumn(index.column())](self, index.row(), str(value).strip())
        except ValueError as reason:
            self.refused.emit(str(reason))
            return False
        self._tags[index.row()] = tag
        self.dataChanged.emit(index, index)
        self.refused.emit("")
        self.changed.emit()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return _titles()[ChosenColumn(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def _named(self, row: int, text: str) -> TagDefinition:
        if not text or not text.isprintable() or len(text) > 200:
            raise ValueError(tr("A name has 1 to 200 printable characters."))
        if any(tag.name == text for place, tag in enumerate(self._tags) if place != row):
            raise ValueError(tr("{name} is the name of another tag.", name=text))
        return replace(self._tags[row], name=text)

    def _titled(self, row: int, text: str) -> TagDefinition:
        tag = self._tags[row]
        return replace(tag, title=LocalText(text or tag.name))

    def _measured(self, row: int, text: str) -> TagDefinition:
        return replace(self._tags[row], unit=ucum_of(text))

    def _bounded_below(self, row: int, text: str) -> TagDefinition:
        return _in_order(replace(self._tags[row], low=_bound(text, -math.inf)))

    def _bounded_above(self, row: int, text: str) -> TagDefinition:
        return _in_order(replace(self._tags[row], high=_bound(text, math.inf)))

    def _rounded(self, row: int, text: str) -> TagDefinition:
        if text not in set("0123456789"):
            raise ValueError(tr("Write 0 to 9 decimals."))
        return replace(self._tags[row], decimals=int(text))


_ROLES = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole}
_OF_NUMBERS = {ChosenColumn.UNIT, ChosenColumn.LOW, ChosenColumn.HIGH, ChosenColumn.DECIMALS}
_WRITERS: Mapping[ChosenColumn, Callable[[ChosenTable, int, str], TagDefinition]] = {
    ChosenColumn.NAME: ChosenTable._named,  # noqa: SLF001 - its own columns
    ChosenColumn.TITLE: ChosenTable._titled,  # noqa: SLF001 - the same
    ChosenColumn.UNIT: ChosenTable._measured,  # noqa: SLF001 - the same
    ChosenColumn.LOW: ChosenTable._bounded_below,  # noqa: SLF001 - the same
    ChosenColumn.HIGH: ChosenTable._bounded_above,  # noqa: SLF001 - the same
    ChosenColumn.DECIMALS: ChosenTable._rounded,  # noqa: SLF001 - the same
}


def _end(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else ""


def _first_state(tag: TagDefinition) -> str:
    value, name = tag.states[0]
    return f"{value} {local(name)}"


def _last_state(tag: TagDefinition) -> str:
    value, name = tag.states[-1]
    return f"{value} {local(name)}"


def _bound(text: str, nothing: float) -> float:
    if not text:
        return nothing
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(tr("{word} is not a number.", word=text))
    return value


def _in_order(tag: TagDefinition) -> TagDefinition:
    if not tag.low < tag.high:
        raise ValueError(tr("The low end of a range must be below its high end."))
    return tag


def _titles() -> Mapping[ChosenColumn, str]:
    return {
        ChosenColumn.NAME: tr("Name"),
        ChosenColumn.TITLE: tr("Title"),
        ChosenColumn.UNIT: tr("Unit"),
        ChosenColumn.LOW: tr("Low end"),
        ChosenColumn.HIGH: tr("High end"),
        ChosenColumn.DECIMALS: tr("Decimals"),
        ChosenColumn.ADDRESS: tr("Address"),
    }
