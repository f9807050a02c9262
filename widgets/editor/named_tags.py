"""Which tags a cell of a sheet names, so that they can be dragged from it as from anywhere else."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.expression import ExpressionError, parse_expression
from app.plant.draft.column import Column
from app.plant.draft.sheet import SheetRow
from app.plant.reference_key import COMPARISON, EXPRESSION, references

MOST_CARRIED = 40
"""So many cells are asked for what they name; a trend has no more pens."""


def tags_named(kind: str, row: SheetRow, column: Column) -> Iterator[str]:
    """Yield the tags that a cell names; of tags and alarms each cell stands for the tag of its row."""
    found = False
    for named, text in references(kind, {column.key: row.table.get(column.key)}):
        if named == "tag":
            found = True
            yield text
        elif named in {EXPRESSION, COMPARISON}:
            try:
                tags = parse_expression(text).tags
            except ExpressionError:  # told where the draft is checked
                continue
            found = True
            yield from tags
    own = {"tag": "name", "alarm": "tag"}.get(kind, "")
    if not found and isinstance(name := row.table.get(own), str):
        yield name
