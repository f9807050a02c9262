"""Many cells at once: filled by a pattern, searched and replaced, copied to and pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from app.plant.draft.cell import cell_text
from app.plant.draft.column import Column
from app.plant.draft.sheet import Change, SheetRow
from app.plant.parameter_text import ParameterError, parse_text

PATTERN_NAMES = ("n", "value", "name", "equipment")
"""What may stand in braces: the number of the row among the chosen ones from 0, the cell as it is, and who it is."""
_ARMED = ("=", "+", "-", "@", "\t", "\r")


def filled(cells: Sequence[tuple[SheetRow, Column]], pattern: str) -> list[Change]:
    """Return cells with a pattern such as "HR{100 + 2 * n}:F32" or "{value * 10}"; raise ParameterError.

    A pattern without braces is the same text in each cell. Rows are numbered from 0 in the order of `cells`.
    """
    text = parse_text(pattern, PATTERN_NAMES)
    numbers = {place: number for number, place in enumerate(dict.fromkeys(row.place for row, _ in cells))}
    changes = []
    for row, column in cells:
        value = cell_text(row.table, column)
        known: Mapping[str, object] = {
            "n": numbers[row.place],
            "value": _number_or_text(value),
            "name": row.name,
            "equipment": str(row.table.get("equipment", row.table.get("id", ""))),
        }
        try:
            found = text.value(known)
        except ParameterError as error:
            raise ParameterError(f"{row.name}: {error}") from error
        changes.append((row, column, _text(found)))
    return changes


def replaced(cells: Iterable[tuple[SheetRow, Column]], old: str, new: str) -> list[Change]:
    """Return those of the cells that hold `old`, with `new` in its place; upper and lower case count."""
    return [
        (row, column, text.replace(old, new))
        for row, column in cells
        if old and old in (text := cell_text(row.table, column))
    ]


def copied(rows: Sequence[SheetRow], columns: Sequence[Column], *, heads: bool = False) -> str:
    """Return cells as a spreadsheet takes them: tabs between, a line for each row, no formula among them."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter="\t", lineterminator="\n")
    if heads:
        writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_armed(cell_text(row.table, column)) for column in columns])
    return output.getvalue()


def pasted(text: str) -> list[list[str]]:
    """Return the cells of a text that a spreadsheet has put on the clipboard; empty lines at its end are none."""
    rows = [[_disarmed(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter="\t")]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _number_or_text(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _armed(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula; a negative number is none."""
    return f"'{text}" if text.startswith(_ARMED) and isinstance(_number_or_text(text), str) else text


def _disarmed(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_ARMED) else text
