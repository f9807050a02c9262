"""What an engineer does to a sheet, by the names of its rows and columns."""

from __future__ import annotations

from app.plant.draft.draft import Draft
from app.plant.draft.sheet import Scope, Sheet, changes_step, sheet_of


def change(draft: Draft, kind: str, name: str, column: str, text: str) -> None:
    """Write one cell."""
    sheet = sheet_of(draft, kind, Scope())
    row = next(row for row in sheet.rows if row.name == name)
    wanted = next(each for each in sheet.columns if each.name == column)
    draft.do(changes_step(draft, "set", [(row, wanted, text)]))


def names(sheet: Sheet) -> list[str]:
    """Return what its rows are called."""
    return [row.name for row in sheet.rows]
