"""Where new rows of a sheet go, and what a text of a spreadsheet makes of the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.plant.class_grammar import MEMBERS
from app.plant.draft.cell import cell_text, with_cell
from app.plant.draft.column import NAMES, SINGLES, Column
from app.plant.draft.draft import ArrayPath, Draft, Step
from app.plant.draft.sheet import Change, Scope, SheetRow, addition_step, changes_step, with_names
from app.plant.origin import KEY


def new_rows_step(draft: Draft, kind: str, scope: Scope, behind: SheetRow | None) -> Step:
    """Return the step that adds a row behind another, like it but for its name; at the end where there is none."""
    if kind in SINGLES:  # there is but one, and it is in view
        return Step("add", ())
    array = _array(kind, scope)
    name = NAMES[kind]
    if behind is None or behind.origin is not None or behind.array != array:
        first = "{id}.NEW" if len(array) > 1 else "NEW"
        table: Mapping[str, object] = {name: _free(draft, array, name, first)} | _owner(draft, kind, scope)
        return addition_step(draft, "add", array, len(draft.rows(array)), [table])
    free = _free(draft, array, name, str(behind.table.get(name, "NEW")))
    return addition_step(draft, "add", array, behind.at + 1, [{**behind.table, name: free}])


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as it is in view: what it shows, filtered, and of which part of the plant."""

    kind: str
    scope: Scope
    rows: Sequence[SheetRow]
    columns: Sequence[Column]


def pasting_step(
    draft: Draft, shown: Shown, cells: Sequence[tuple[SheetRow, Column]], grid: Sequence[Sequence[str]]
) -> Step:
    """Return the step that writes a grid of texts; raise CellRefused.

    One text goes into every chosen cell. A grid whose first line has the names of columns goes by these and by the
    names of its rows; any other one stands from the first chosen cell on. Rows that are not there are new.
    """
    if len(grid) == 1 and len(grid[0]) == 1 and cells:
        return changes_step(draft, "paste", [(row, column, grid[0][0]) for row, column in cells])
    known = {column.name: column for column in shown.columns}
    if len(grid) > 1 and len(grid[0]) > 1 and all(name in known for name in grid[0]):
        return _by_heads(draft, shown, [known[name] for name in grid[0]], grid[1:])
    first_row = shown.rows.index(cells[0][0]) if cells else len(shown.rows)
    first_column = shown.columns.index(cells[0][1]) if cells else 0
    chosen = shown.columns[first_column : first_column + max(map(len, grid))]
    there = list(zip(shown.rows[first_row:], grid, strict=False))
    changes = [change for row, texts in there for change in _changes(row, chosen, texts)]
    return _with_new(draft, shown, changes, [dict(zip(chosen, texts, strict=False)) for texts in grid[len(there) :]])


def _by_heads(draft: Draft, shown: Shown, columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> Step:
    names = {row.name: row for row in shown.rows}
    place = next((at for at, column in enumerate(columns) if column.name == NAMES[shown.kind]), -1)
    changes: list[Change] = []
    new = []
    for texts in lines:
        row = names.get(texts[place]) if 0 <= place < len(texts) else None
        row = shown.rows[0] if shown.kind in SINGLES else row
        if row is None:
            new.append(dict(zip(columns, texts, strict=False)))
        else:
            changes += _changes(row, columns, texts)
    return _with_new(draft, shown, changes, new)


def _changes(row: SheetRow, columns: Sequence[Column], texts: Sequence[str]) -> list[Change]:
    pairs = zip(columns, texts, strict=False)
    return [(row, column, text) for column, text in pairs if text != cell_text(row.table, column)]


def _with_new(draft: Draft, shown: Shown, changes: Sequence[Change], new: Sequence[Mapping[Column, str]]) -> Step:
    tables = []
    for cells in () if shown.kind in SINGLES else new:
        table: dict[str, object] = {}
        for column, text in cells.items():
            table = with_cell(table, column, text)
        tables.append(_owner(draft, shown.kind, shown.scope) | table)
    step = changes_step(draft, "paste", changes)
    array = _array(shown.kind, shown.scope)
    added = addition_step(draft, "paste", array, len(draft.rows(array)), tables)
    return with_names(draft, Step("paste", (*step.edits, *added.edits)))


def _array(kind: str, scope: Scope) -> ArrayPath:
    return (kind,) if scope.owner < 0 or kind not in MEMBERS else (KEY, scope.owner, kind)


def _owner(draft: Draft, kind: str, scope: Scope) -> dict[str, object]:
    """Return what a new row has of the part of the plant in which it is made."""
    if scope.owner >= 0:
        row = next((row for row in draft.rows((KEY,)) if row.id == scope.owner), None)
        return {"class": row.table.get("id", "")} if row is not None and kind == "equipment" else {}
    if not scope.equipment:
        return {}
    first = next((row.table["id"] for row in draft.rows(("equipment",)) if row.table.get("id") in scope.equipment), "")
    owner = {"equipment": "parent"} | dict.fromkeys(_OF_EQUIPMENT, "equipment")
    return {owner[kind]: first} if kind in owner else {}


_OF_EQUIPMENT = ("tag", "forecast", "maintenance_definition", "method", "measuring_point")


def _free(draft: Draft, array: ArrayPath, key: str, like: str) -> str:
    taken = {str(row.table.get(key)) for row in draft.rows(array)}
    found, number = like, 2
    while found in taken:
        found, number = f"{like}-{number}", number + 1
    return found
