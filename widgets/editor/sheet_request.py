"""What of a draft is wanted in view, and rows that were chosen in a draft that has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.plant.draft.cell import cell_text
from app.plant.draft.check import DraftProblem
from app.plant.draft.column import SINGLES, Column
from app.plant.draft.draft import Draft
from app.plant.draft.sheet import Scope, Sheet, SheetRow, sheet_of
from app.plant.expansion import Memory
from app.plant.problem import KeyPath

Problems = Mapping[tuple[KeyPath, str], DraftProblem]
"""Problems by the table and the key that they are about."""


class RowGone(ValueError):
    """A row that was chosen is not in the draft any more; `name`: what it was called."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """What was asked for: a sheet, those of its rows that are wanted in view, and the draft of which it is."""

    request: SheetRequest
    sheet: Sheet
    rows: Sequence[SheetRow]
    draft: Draft


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A kind in a part of the plant. `text`: what a cell of each row holds; `problems`: one of which each row has.

    `problems` is None where rows without any are wanted too.
    """

    kind: str
    scope: Scope
    text: str = ""
    problems: Problems | None = None

    def answer(self, draft: Draft, memory: Memory) -> ShownSheet:
        """Return the sheet as a draft has it."""
        sheet = sheet_of(draft, self.kind, self.scope, memory)
        rows = list(sheet.rows)
        if (problems := self.problems) is not None:
            rows = [row for row in rows if any(problem_at(problems, row, column) for column in sheet.columns)]
        if wanted := self.text.strip().casefold():
            rows = [
                row
                for row in rows
                if any(wanted in cell_text(row.table, column).casefold() for column in sheet.columns)
            ]
        return ShownSheet(self, sheet, rows, draft)

    def now(self, rows: Sequence[SheetRow], before: Draft, draft: Draft, memory: Memory) -> Sequence[SheetRow]:
        """Return where rows of the draft `before` are in another state of it; raise RowGone."""
        if before.state is draft.state or not rows:
            return rows
        known = {_identity(draft, row): row for row in sheet_of(draft, self.kind, self.scope, memory).rows}
        found = []
        for row in rows:
            present = known.get(_identity(before, row))
            if present is None:
                raise RowGone(row.name)
            found.append(present)
        return found


def problem_at(problems: Problems, row: SheetRow, column: Column) -> DraftProblem | None:
    """Return what is wrong with a cell, None for nothing."""
    if row.origin is None:
        return problems.get((row.place, column.key))
    place, key = place_of(row.origin.place((column.key,)))
    return problems.get((place, key)) if place[0] == "equipment" else None


def place_of(path: KeyPath) -> tuple[KeyPath, str]:
    """Return the table of a draft that a problem is about, and its key."""
    if path and path[0] in SINGLES:
        return path[:1], str(path[1]) if len(path) > 1 else ""
    size = 4 if path[:1] == ("equipment_class",) and len(path) > 3 and isinstance(path[3], int) else 2
    key = path[size] if len(path) > size else ""
    return path[:size], str(key)


def _identity(draft: Draft, row: SheetRow) -> tuple[object, ...]:
    """Return by what a row is known for as long as the draft is worked on."""
    rows = draft.rows(row.array)
    number = rows[row.at].id if row.at < len(rows) else -1
    return row.array, number, () if row.origin is None else row.origin.template.path
