"""Elements of a group are taken as one; copies of them are a group of their own."""

from __future__ import annotations

from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.text import LocalText
from app.picture.drawing import drawing_of
from app.picture.grouping import free_group, grouped, parted, regrouped, whole
from app.picture.renaming import row_of

PUMP, TANK = Symbol("pump", (200, 200), (100, 100), "PU01"), Symbol("tank", (600, 200), (120, 200), "T1")
PICTURE = Picture(
    "p", LocalText("P"), "a", (1000, 600), (PUMP, TANK), (Pipe(((250, 200), (540, 200))),), (Readout("A", (1, 2)),)
)
DRAWING = drawing_of(PICTURE)


def test_that_a_group_is_whole_whichever_of_it_is_taken() -> None:
    made = grouped(DRAWING, {0, 2})
    assert whole(made, {0}) == whole(made, {2}) == {0, 2}
    assert whole(made, {1}) == {1}
    assert whole(made, {1, 2}) == {0, 1, 2}
    assert parted(made, {0, 2}) == DRAWING
    assert parted(DRAWING, {0, 1}) is DRAWING
    assert grouped(DRAWING, {0}) is DRAWING, "one alone is no group"


def test_that_another_group_has_another_name_and_what_joins_it_leaves_its_own() -> None:
    both = grouped(grouped(DRAWING, {0, 2}), {1, 3})
    assert {item.element.group for item in both.items} == {"group-1", "group-2"}
    assert whole(grouped(both, {0, 1}), {0}) == {0, 1}


def test_that_copies_are_a_group_of_their_own() -> None:
    elements = [item.element for item in grouped(DRAWING, {0, 1}).items]
    copies = regrouped(elements[:3], elements)
    assert [each.group for each in copies] == ["group-2", "group-2", ""]
    assert free_group([*elements, *copies]) == "group-3"


def test_that_each_of_a_row_is_a_group_of_its_own() -> None:
    drawing = grouped(DRAWING, {0, 1})
    made = row_of(drawing, [item.element for item in drawing.chosen({0, 1})], 2, (0, 300), counts_up=True)
    assert [each.group for each in made] == ["group-2", "group-2", "group-3", "group-3"]
