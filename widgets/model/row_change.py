"""From one list of rows to another, told to Qt's views as rows that come, go and change places: never as a reset."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex

MOST_SINGLE = 8


class RowChange:
    """Changes `rows` of a model in place; a row is named by its text, which no other row has.

    A few rows are told one by one, which leaves a view where it was. Many are told as one insertion at the end, one
    change of the order, and one removal from the end: three signals, however many they are.
    """

    def __init__(self, model: QAbstractItemModel, rows: list[str]) -> None:
        self._model = model
        self._rows = rows

    def make(self, wanted: Sequence[str]) -> None:
        """Make the rows those `wanted`, in that order."""
        if self._rows == wanted:
            return
        before, after = set(self._rows), set(wanted)
        gone, fresh = before - after, after - before
        stay = [row for row in self._rows if row not in gone]
        if len(gone) + len(fresh) <= MOST_SINGLE and stay == [row for row in wanted if row not in fresh]:
            self._one_by_one(wanted, gone, fresh)
            return
        leaving = [row for row in self._rows if row in gone] if gone else []
        if fresh:
            self._append([row for row in wanted if row in fresh])
        self.reorder([*wanted, *leaving])
        if gone:
            self._drop_last(len(gone))

    def _one_by_one(self, wanted: Sequence[str], gone: set[str], fresh: set[str]) -> None:
        for place in reversed(range(len(self._rows))) if gone else ():
            if self._rows[place] in gone:
                self._model.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self._model.endRemoveRows()
        for place, row in enumerate(wanted) if fresh else ():
            if row in fresh:
                self._model.beginInsertRows(QModelIndex(), place, place)
                self._rows.insert(place, row)
                self._model.endInsertRows()

    def _append(self, fresh: Sequence[str]) -> None:
        first = len(self._rows)
        self._model.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows += fresh
        self._model.endInsertRows()

    def _drop_last(self, count: int) -> None:
        first = len(self._rows) - count
        self._model.beginRemoveRows(QModelIndex(), first, len(self._rows) - 1)
        del self._rows[first:]
        self._model.endRemoveRows()

    def reorder(self, rows: Sequence[str]) -> None:
        """Bring the rows, all that there are and no other, into that order."""
        if self._rows == rows:
            return
        model = self._model
        model.layoutAboutToBeChanged.emit()
        before = model.persistentIndexList()
        kept = {self._rows[index.row()] for index in before}  # what is selected or has the focus
        if len(kept) <= MOST_SINGLE:
            places = {row: rows.index(row) for row in kept}
        else:
            places = {row: place for place, row in enumerate(rows) if row in kept}
        after = [model.index(places[self._rows[index.row()]], index.column()) for index in before]
        self._rows[:] = rows
        model.changePersistentIndexList(before, after)
        model.layoutChanged.emit()
