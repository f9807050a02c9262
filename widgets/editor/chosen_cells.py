"""Cells of a sheet that somebody has chosen, told one by one only where they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.plant.draft.column import Column
from app.plant.draft.sheet import SheetRow

Cell = tuple[SheetRow, Column]


@dataclass(frozen=True, slots=True)
class ChosenCells:
    """Stretches of a sheet as it was: rows from, to, columns from, to (ends are not meant); no two overlap."""

    rows: Sequence[SheetRow]
    columns: Sequence[Column]
    ranges: Sequence[tuple[int, int, int, int]]

    def __len__(self) -> int:
        """Return how many cells there are."""
        return sum((bottom - top) * (right - left) for top, bottom, left, right in self.ranges)

    def cells(self) -> list[Cell]:
        """Return the cells, row by row."""
        if len(self.ranges) == 1:
            ((top, bottom, left, right),) = self.ranges
            return [(row, column) for row in self.rows[top:bottom] for column in self.columns[left:right]]
        chosen = sorted(
            (row, column)
            for top, bottom, left, right in self.ranges
            for row in range(top, bottom)
            for column in range(left, right)
        )
        return [(self.rows[row], self.columns[column]) for row, column in chosen]

    def chosen_rows(self) -> list[SheetRow]:
        """Return the rows in which any cell is chosen."""
        places = sorted({place for top, bottom, _, _ in self.ranges for place in range(top, bottom)})
        return [self.rows[place] for place in places]

    def chosen_columns(self) -> list[Column]:
        """Return the columns in which any cell is chosen."""
        places = sorted({place for _, _, left, right in self.ranges for place in range(left, right)})
        return [self.columns[place] for place in places]


def all_cells(rows: Sequence[SheetRow], columns: Sequence[Column]) -> ChosenCells:
    """Return all cells of a sheet."""
    return ChosenCells(rows, columns, ((0, len(rows), 0, len(columns)),))
