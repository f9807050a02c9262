"""Another order of things: which of them move at least, so that all others stay where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.plant.draft.draft import ArrayPath, Draft, Edit, Row, Step
from app.plant.draft.sheet import SheetRow
from app.plant.toml.order_places import staying


class NotMovable(ValueError):
    """Rows that an equipment class makes stand in its order, and only rows of one table can change places."""


def moving_step(draft: Draft, name: str, rows: Sequence[SheetRow], target: SheetRow, *, is_behind: bool) -> Step:
    """Return the step that puts rows in front of another one, or behind it; raise NotMovable."""
    array = target.array
    if any(row.origin is not None or row.array != array for row in (*rows, target)):
        raise NotMovable
    present = list(draft.rows(array))
    if len(array) == 1 and target.place == array:  # there is but one
        return Step(name, ())
    chosen = {row.at for row in rows}
    ahead = [place for place in range(target.at + is_behind) if place not in chosen]
    rest = [place for place in range(target.at + is_behind, len(present)) if place not in chosen]
    return Step(name, tuple(order_edits(array, present, [present[at] for at in (*ahead, *sorted(chosen), *rest)])))


def order_edits(array: ArrayPath, present: Sequence[Row], wanted: Sequence[Row]) -> Iterable[Edit]:
    """Return the edits that put the rows of an array into another order; both have the same rows."""
    places = {row.id: place for place, row in enumerate(present)}
    order = [places[row.id] for row in wanted]
    stay = staying(order)
    moved = [place for place in order if place not in stay]
    out = [Edit(array, place, present[place], None) for place in sorted(moved, reverse=True)]
    return [*out, *(Edit(array, at, None, row) for at, row in enumerate(wanted) if order[at] not in stay)]
