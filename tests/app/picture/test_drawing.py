"""Editing a picture: pipes follow, copies are their own, and what goes leaves nothing dangling that was not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.picture import Picture, Pipe, Readout, Side, Symbol
from app.model.picture_port import port
from app.model.text import LocalText
from app.picture.arranging import Edge, align, around, box_of, distribute, move, resize, same_size, scale, snapped, turn
from app.picture.drawing import Drawing, copies, drawing_of, free_id, layer_of, stored_again
from app.picture.extent import Box
from app.picture.run import route, straightened

PUMP = Symbol("pump", (200, 200), (100, 100), "P1", id="P1")
TANK = Symbol("tank", (600, 200), (120, 200), "T1", id="T1")
PIPE = Pipe(((250, 200), (540, 200)), LocalText("water"), start="P1.right", end="T1.left")
FREE = Pipe(((20, 400), (300, 400), (300, 500)))
PICTURE = Picture("p", LocalText("P"), "area", (1000, 600), (PUMP, TANK), (PIPE, FREE), (Readout("A", (400, 100)),))


@pytest.fixture
def drawing() -> Drawing:
    return drawing_of(PICTURE)


def test_that_a_drawing_is_its_picture_and_knows_whence_its_elements_are(drawing: Drawing) -> None:
    assert drawing.picture == PICTURE
    assert drawing.origins == {"symbol": [0, 1], "pipe": [0, 1], "readout": [0]}


def test_that_an_attached_pipe_follows_and_stays_level_or_upright(drawing: Drawing) -> None:
    moved = move(drawing, {0}, (30.0, 90.0)).picture.pipes[0]
    assert moved.points == ((280, 290), (410, 290), (410, 200), (540, 200))
    back = move(move(drawing, {0}, (30.0, 90.0)), {0}, (-30.0, -90.0)).picture
    assert back == PICTURE


def test_that_a_pipe_goes_along_as_a_whole_with_both_its_symbols(drawing: Drawing) -> None:
    bent = drawing.changed({2: replace(PIPE, points=((250, 200), (400, 200), (400, 260), (540, 200)))})
    before, after = bent.picture.pipes[0], move(bent, {0, 1}, (10.0, 20.0)).picture.pipes[0]
    assert after.points == tuple((x + 10, y + 20) for x, y in before.points)


@settings(max_examples=80, deadline=None)
@given(moves=st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(-400, 400), st.integers(-300, 300)), max_size=6))
def test_that_after_any_moves_a_pipe_ends_at_its_symbols_and_never_runs_aslant(
    moves: list[tuple[int, int, int]],
) -> None:
    drawing = drawing_of(PICTURE)
    for number, x, y in moves:
        drawing = move(drawing, {number}, (float(x), float(y)))
    pump, tank = drawing.symbols
    pipe = drawing.picture.pipes[0]
    assert pipe.points[0] == port(pump, Side.RIGHT)
    assert pipe.points[-1] == port(tank, Side.LEFT)
    for start, end in pairwise(pipe.points):
        assert min(abs(start[0] - end[0]), abs(start[1] - end[1])) < 0.02


def test_that_a_removed_symbol_frees_the_ends_of_its_pipes_where_they_were(drawing: Drawing) -> None:
    pipe = drawing.removed({1}).picture.pipes[0]
    assert (pipe.start, pipe.end, pipe.points) == ("P1.right", "", PIPE.points)


def test_that_renaming_a_symbol_keeps_its_pipes(drawing: Drawing) -> None:
    renamed = drawing.changed({0: replace(PUMP, id="feed")})
    assert renamed.picture.pipes[0].start == "feed.right"
    assert drawing.changed({0: replace(PUMP, id="")}).picture.pipes[0].start == ""


def test_that_copies_have_ids_of_their_own_and_pipes_among_themselves(drawing: Drawing) -> None:
    made = copies([PIPE, PUMP, TANK, Readout("A", (1, 2))], drawing.symbols, (20.0, 20.0))
    pump, tank, readout, pipe = made
    assert isinstance(pump, Symbol)
    assert isinstance(tank, Symbol)
    assert isinstance(pipe, Pipe)
    assert (pump.id, tank.id, pump.at) == ("P1-2", "T1-2", (220, 220))
    assert (pipe.start, pipe.end, pipe.points[0]) == ("P1-2.right", "T1-2.left", (270, 220))
    (alone,) = copies([PIPE], drawing.symbols, (0.0, 0.0))
    assert isinstance(alone, Pipe)
    assert (alone.start, alone.end) == ("", "")
    assert readout == Readout("A", (21, 22))


def test_that_new_elements_have_no_origin_until_they_are_stored(drawing: Drawing) -> None:
    more, numbers = drawing.added([Symbol("fan", (1, 1), (2, 2))])
    assert numbers == (5,)
    assert more.origins["symbol"] == [0, 1, None]
    assert stored_again(more).origins["symbol"] == [0, 1, 2]


def test_that_an_id_is_made_where_a_pipe_needs_one(drawing: Drawing) -> None:
    more, (number,) = drawing.added([Symbol("fan", (1, 1), (2, 2), "P1")])
    named, name = more.with_id(number)
    assert (name, named.symbols[-1].id) == ("P1-2", "P1-2")
    assert named.with_id(number) == (named, "P1-2")
    assert free_id("a.b", ()) == "a-b"


def test_that_raised_elements_are_drawn_last(drawing: Drawing) -> None:
    assert [symbol.id for symbol in drawing.raised({0}).symbols] == ["T1", "P1"]


def test_that_layers_are_those_of_their_kind_unless_named() -> None:
    assert [layer_of(each) for each in (PIPE, PUMP, Readout("A", (0, 0)), replace(PUMP, layer="steam"))] == [
        "pipes",
        "equipment",
        "values",
        "steam",
    ]


@pytest.mark.parametrize(
    ("edge", "places"),
    [
        (Edge.LEFT, [(200, 200), (210, 200), (190, 100)]),
        (Edge.RIGHT, [(610, 200), (600, 200), (620, 100)]),
        (Edge.TOP, [(200, 138), (600, 188), (400, 100)]),
        (Edge.BOTTOM, [(200, 250), (600, 200), (400, 288)]),
        (Edge.MIDDLE, [(200, 194), (600, 194), (400, 194)]),
        (Edge.CENTER, [(405, 200), (405, 200), (405, 100)]),
    ],
)
def test_that_elements_are_aligned(drawing: Drawing, edge: Edge, places: list[tuple[float, float]]) -> None:
    made = align(drawing, {0, 1, 4, 2}, edge).picture
    assert [made.symbols[0].at, made.symbols[1].at, made.readouts[0].at] == places


def test_that_elements_are_distributed_with_equal_gaps(drawing: Drawing) -> None:
    for across in (True, False):
        more, (number,) = drawing.added([Symbol("fan", (300, 450), (40, 60))])
        made = distribute(more, {0, 1, number}, across=across)
        spans = sorted(
            ((box.left, box.right) if across else (box.top, box.bottom))
            for box in (box_of(made.element(each)) for each in (0, 1, number))
        )
        gaps = [after[0] - before[1] for before, after in pairwise(spans)]
        assert gaps[0] == pytest.approx(gaps[1])
    assert distribute(drawing, {0, 1}, across=True) == drawing


def test_that_only_what_lies_may_be_turned(drawing: Drawing) -> None:
    made = turn(drawing.changed({0: replace(PUMP, size=(100.0, 60.0))}), {0, 1}).picture
    assert (made.symbols[0].turn, made.symbols[0].size) == (90, (60.0, 100.0))
    assert made.symbols[1] == TANK


def test_that_a_symbol_keeps_a_size_that_can_be_seen() -> None:
    assert resize(PUMP, Box(0, 0, 4, 80)).size == (10.0, 80)
    assert resize(PUMP, Box(0, 0, 40, 80)).at == (20, 40)


def test_that_places_snap_to_the_grid() -> None:
    assert [snapped(each) for each in (14.9, 15.1, -4.0)] == [10.0, 20.0, 0.0]
    assert snapped(14.96, 0.0) == 15.0


@pytest.mark.parametrize("out", [*Side, None])
@pytest.mark.parametrize("into", [*Side, None])
@pytest.mark.parametrize("end", [(300.0, 200.0), (-150.0, 90.0), (0.0, 100.0), (80.0, 0.0)])
def test_that_a_new_pipe_runs_level_and_upright(out: Side | None, into: Side | None, end: tuple[float, float]) -> None:
    points = route((0.0, 0.0), end, out, into)
    assert (points[0], points[-1]) == ((0.0, 0.0), end)
    assert all(min(abs(a[0] - b[0]), abs(a[1] - b[1])) < 0.02 for a, b in pairwise(points))
    assert straightened(points) == points


def test_that_several_elements_are_sized_as_one(drawing: Drawing) -> None:
    made = scale(drawing, {0, 1, 4}, Box(150, 100, 1160, 500)).picture
    before = around([PUMP, TANK, Readout("A", (400, 100))])
    assert before == Box(150, 88, 660, 300)
    assert made.symbols[0].size == (198.0, 188.7)
    assert made.symbols[1].at[0] + made.symbols[1].size[0] / 2 == pytest.approx(1160, abs=0.2)
    assert made.readouts[0].tag == "A"
    assert made.pipes[0].points[0] == port(made.symbols[0], Side.RIGHT)


def test_that_symbols_become_as_wide_or_as_high_as_the_largest(drawing: Drawing) -> None:
    assert [each.size for each in same_size(drawing, {0, 1}, across=True).symbols] == [(120, 100), (120, 200)]
    assert [each.size for each in same_size(drawing, {0, 1}, across=False).symbols] == [(100, 200), (120, 200)]
    assert same_size(drawing, {0}, across=True) is drawing
