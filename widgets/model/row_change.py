"""From one list of rows to another, told to Qt's views as rows that come, go and change places: never as a reset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex

from widgets.model.urgency_order import Shift

MOST_SINGLE = 8


class RowChange:
    """Changes `rows` of a model in place; a row is named by its text, which no other row has.

    A few rows are told one by one, which leaves a view where it was. Many are told as one insertion at the end, one
    change of the order, and one removal from the end: three signals, however many they are.
    """

    def __init__(self, model: QAbstractItemModel, rows: list[str]) -> None:
        self._model = model
        self._rows = rows

    def make(
        self,
        wanted: Sequence[str],
        *,
        differences: tuple[Sequence[str], Sequence[str]] | None = None,
        place_of: Callable[[str], int] | None = None,
    ) -> None:
        """Make the rows those `wanted`, in that order; `differences`: which leave and which come, where it is known."""
        if self._rows == wanted:
            return
        leaving, fresh = _differences(self._rows, wanted) if differences is None else differences
        if len(leaving) + len(fresh) <= MOST_SINGLE:
            gone, came = set(leaving), set(fresh)
            if [row for row in self._rows if row not in gone] == [row for row in wanted if row not in came]:
                self._one_by_one(wanted, gone, came)
                return
        if fresh:
            self._append(fresh)
        self.reorder([*wanted, *leaving] if leaving else wanted, place_of=place_of)
        if leaving:
            self._drop_last(len(leaving))

    def follow(self, wanted: Sequence[str], shift: Shift, *, visible: tuple[int, int]) -> None:
        """Make the rows those `wanted`, which differ by `shift`; `visible`: the first and the last row in view.

        Where that is a few stretches of rows, nothing is told but of them: a view need not look at the others.
        """
        left, came = stretches(shift.left), stretches(shift.came)
        if len(left) + len(came) > MOST_SINGLE:
            self.make(wanted)
            return
        for first, last in reversed(left):
            self._model.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self._model.endRemoveRows()
        if shift.last >= shift.first:
            stay = list(wanted)
            for first, last in reversed(came):
                del stay[first : last + 1]
            self._swap(stay, shift.first, min(shift.last, len(stay) - 1), visible)
        for first, last in came:
            self._model.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self._model.endInsertRows()

    def _swap(self, rows: Sequence[str], first: int, last: int, visible: tuple[int, int]) -> None:
        """Let the rows from `first` to `last` change places: a view is told only which rows in view are others.

        That says nothing of what is selected; more than one such row needs what Qt has for it.
        """
        model, held = self._model, [i for i in self._model.persistentIndexList() if first <= i.row() <= last]
        kept = {self._rows[index.row()] for index in held}
        if len(kept) > 1:
            self.reorder(rows)
            return
        seen = range(max(first, visible[0]), min(last, visible[1]) + 1)
        others = [row for row in seen if self._rows[row] != rows[row]]
        self._rows[first : last + 1] = rows[first : last + 1]
        for row in kept:
            place = self._rows.index(row, first)
            model.changePersistentIndexList(held, [model.index(place, index.column()) for index in held])
        if others:
            model.dataChanged.emit(model.index(others[0], 0), model.index(others[-1], model.columnCount() - 1))

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

    def reorder(self, rows: Sequence[str], *, place_of: Callable[[str], int] | None = None) -> None:
        """Bring the rows, all that there are and no other, into that order.

        `place_of`: tells where a row is in it, where that is known; less than 0 where it is not.
        """
        if self._rows == rows:
            return
        model = self._model
        model.layoutAboutToBeChanged.emit()
        before = model.persistentIndexList()
        kept = {self._rows[index.row()] for index in before}  # what is selected or has the focus
        if len(kept) <= MOST_SINGLE:
            places = {row: place_of(row) if place_of is not None else -1 for row in kept}
            places |= {row: rows.index(row) for row, place in places.items() if place < 0}
        else:
            places = {row: place for place, row in enumerate(rows) if row in kept}
        after = [model.index(places[self._rows[index.row()]], index.column()) for index in before]
        self._rows[:] = rows
        model.changePersistentIndexList(before, after)
        model.layoutChanged.emit()


def _differences(rows: Sequence[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the rows that are wanted no more and those that come, each in its order.

    Where a hundred thousand are filtered one of the two is empty: it is known from how many the other has.
    """
    if len(rows) <= len(wanted):
        before = set(rows)
        fresh = [row for row in wanted if row not in before]
        if len(wanted) - len(fresh) == len(rows):
            return [], fresh
        after = set(wanted)
        return [row for row in rows if row not in after], fresh
    fresh, leaving = _differences(wanted, rows)
    return leaving, fresh


def stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending places as stretches, each by its first and its last place."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
