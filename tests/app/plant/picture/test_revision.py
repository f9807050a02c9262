"""A picture is written back into its text: comments, order and every untouched byte stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.picture import DisplayLevel, Picture, Pipe, Readout, Symbol
from app.model.picture_port import attached
from app.model.text import LocalText
from app.plant.picture.revision import Origins, parse_picture, revised_picture
from app.plant.picture.text import picture_text

TEXT = """\
# drawn after P&ID 4711, revision C
title = "Station" # as the operators call it
equipment = "air"
size = [800, 500]

# the machine
[[symbol]]
id = "C1"
kind = "compressor"
at = [200, 150]   # beside the column
size = [90, 90]
value = "AC01.T_D"

# --- piping ---

[[pipe]]
from = "C1.right"
points = [[300, 150]]
arrow = true

# the discharge
[[readout]]
tag = "AC01.T_D"
at = [700, 90]
"""
SAME: Origins = {"symbol": (0,), "pipe": (0,), "readout": (0,)}


@pytest.fixture
def picture() -> Picture:
    found = parse_picture(TEXT, "station")
    assert found is not None
    return found


def test_that_an_unchanged_picture_leaves_every_byte(picture: Picture) -> None:
    for text in (TEXT, TEXT.rstrip("\n"), TEXT.replace("\n", "\r\n"), TEXT + "\n\n# the end\n"):
        assert revised_picture(text, picture, SAME).text == text


def test_that_moving_a_symbol_changes_one_line_and_its_pipe_follows(picture: Picture) -> None:
    symbol = replace(picture.symbols[0], at=(250.0, 150.0))
    moved = replace(picture, symbols=(symbol,), pipes=(attached(picture.pipes[0], (symbol,)),))
    made = revised_picture(TEXT, moved, SAME)
    assert made.text == TEXT.replace("at = [200, 150]", "at = [250, 150]")
    assert made.keeps_layout


def test_that_keys_are_added_in_their_order_and_taken_away(picture: Picture) -> None:
    symbol = replace(picture.symbols[0], value="", turn=180, label=LocalText("K", "压"))
    made = revised_picture(TEXT, replace(picture, symbols=(symbol,), level=DisplayLevel.DETAIL), SAME).text
    wanted = TEXT.replace('value = "AC01.T_D"\n\n#', 'turn = 180\nlabel = { en = "K", zh = "压" }\n\n#')
    assert made == wanted.replace("callit\n", "").replace(
        "# as the operators call it\n", '# as the operators call it\nlevel = "detail"\n'
    )


def test_that_a_new_element_stands_behind_its_like(picture: Picture) -> None:
    new = Symbol("tank", (500, 150), (100, 160), id="V1")
    made = revised_picture(TEXT, replace(picture, symbols=(*picture.symbols, new)), {**SAME, "symbol": (0, None)}).text
    block = '[[symbol]]\nid = "V1"\nkind = "tank"\nat = [500, 150]\nsize = [100, 160]\n\n'
    assert made.replace(block, "") == TEXT
    assert made.index(block) < made.index("[[pipe]]")


def test_that_an_element_goes_with_its_own_comment_and_leaves_the_others(picture: Picture) -> None:
    made = revised_picture(
        TEXT, replace(picture, symbols=(), pipes=(), readouts=picture.readouts), {**SAME, "symbol": (), "pipe": ()}
    )
    # the pipe's attachment went with it; the heading of the piping is nobody's own
    assert made.keeps_layout
    assert "# the machine" not in made.text
    assert "# --- piping ---" in made.text
    assert "# the discharge\n[[readout]]" in made.text


def test_that_what_cannot_be_revised_is_laid_out_anew(picture: Picture) -> None:
    text = 'title = "T"\nequipment = "air"\nsize = [1, 1]\nreadout = [{ tag = "A", at = [1, 2] }] # inline\n'
    former = parse_picture(text, "t")
    assert former is not None
    moved = replace(former, readouts=(Readout("A", (3.0, 4.0)),))
    made = revised_picture(text, moved, {"symbol": (), "pipe": (), "readout": (0,)})
    assert not made.keeps_layout
    assert parse_picture(made.text, "t") == moved


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)
TEXTS = st.builds(LocalText, st.text(min_size=1, max_size=6), st.sampled_from(["", "泵", 'a"b\\', "# no"]))
NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 3) + 0.0)
POINTS = st.tuples(NUMBERS, NUMBERS)
SIZES = st.tuples(st.floats(0.5, 1e4), st.floats(0.5, 1e4))
SYMBOLS = st.builds(
    Symbol,
    st.sampled_from(["pump", "tank", "valve"]),
    POINTS,
    SIZES,
    equipment=st.sampled_from(["", "A"]),
    value=st.sampled_from(["", "A.B"]),
    label=TEXTS | st.just(LocalText("")),
    turn=st.sampled_from([0, 90, 270]),
    layer=st.sampled_from(["", "steam"]),
    group=st.sampled_from(["", "group-1"]),
)
PIPES = st.builds(
    Pipe,
    st.lists(POINTS, min_size=2, max_size=4).map(tuple),
    medium=TEXTS,
    arrow=st.booleans(),
    start=st.sampled_from(["", "S0.left"]),
    end=st.sampled_from(["", "S0.top"]),
    color=st.sampled_from(["", "#708090"]),
)
READOUTS = st.builds(Readout, NAMES, POINTS, label=TEXTS | st.just(LocalText("")))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    symbols = tuple(
        replace(each, id=f"S{number}" if draw(st.booleans()) or not number else "")
        for number, each in enumerate(draw(st.lists(SYMBOLS, min_size=1, max_size=3)))
    )
    return Picture(
        "p",
        draw(TEXTS),
        draw(NAMES),
        draw(SIZES),
        symbols,
        tuple(attached(pipe, symbols) for pipe in draw(st.lists(PIPES, max_size=3))),
        tuple(draw(st.lists(READOUTS, max_size=3))),
        tuple(draw(st.lists(NAMES, max_size=2))),
        draw(st.sampled_from(DisplayLevel)),
    )


@settings(max_examples=60, deadline=None)
@given(picture=pictures())
def test_that_any_picture_reads_back_as_it_was_written(picture: Picture) -> None:
    assert parse_picture(picture_text(picture), "p") == picture


ElementT = TypeVar("ElementT")


def mixed(
    data: st.DataObject, old: Sequence[ElementT], new: Sequence[ElementT]
) -> tuple[list[int | None], tuple[ElementT, ...]]:
    """Return some of the old elements and all of the new ones in any order, each with its place among the old ones."""
    kept = [number for number in range(len(old)) if data.draw(st.booleans())]
    pool: list[int | None] = [*kept, *([None] * len(new))]
    origins = list(data.draw(st.permutations(pool)))
    source = iter(new)
    return origins, tuple(next(source) if origin is None else old[origin] for origin in origins)


@settings(max_examples=40, deadline=None)
@given(former=pictures(), data=st.data())
def test_that_any_change_reads_back_and_loses_no_comment(former: Picture, data: st.DataObject) -> None:
    text = picture_text(former).replace("\n\n[[", "\n\n# free\n\n[[")
    free = text.count("# free")
    other = data.draw(pictures())
    first, symbols = mixed(data, former.symbols, other.symbols)
    second, pipes = mixed(data, former.pipes, other.pipes)
    third, readouts = mixed(data, former.readouts, other.readouts)
    origins: Origins = {"symbol": first, "pipe": second, "readout": third}
    symbols = tuple(replace(each, id=f"S{number}") for number, each in enumerate(symbols))
    if not symbols:
        pipes = tuple(replace(each, start="", end="") for each in pipes)
    changed = replace(
        former,
        title=other.title,
        symbols=symbols,
        pipes=tuple(attached(pipe, symbols) for pipe in pipes),
        readouts=readouts,
    )
    made = revised_picture(text, changed, origins)
    assert parse_picture(made.text, "p") == changed
    assert made.keeps_layout
    assert made.text.count("# free") == free
