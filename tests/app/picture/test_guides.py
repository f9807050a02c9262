"""What is moved is drawn to edges and middles of what stands there, across and down each by itself."""

from __future__ import annotations

import pytest

from app.model.picture import Readout, Symbol
from app.picture.extent import Box
from app.picture.guides import Alignment, aligned, guiding

OTHER = Box(100, 100, 200, 160)


@pytest.mark.parametrize(
    ("box", "across", "down"),
    [
        (Box(103, 300, 143, 340), -3, None),  # left with left
        (Box(158, 300, 198, 340), 2, None),  # right with right
        (Box(132, 300, 172, 340), -2, None),  # middle with middle
        (Box(300, 112, 340, 152), None, -2),  # middle with middle
        (Box(204, 300, 244, 340), -4, None),  # left with right: side by side
        (Box(300, 300, 340, 340), None, None),
    ],
)
def test_that_the_nearest_edge_draws(box: Box, across: float | None, down: float | None) -> None:
    found = aligned(box, [OTHER, Box(900, 900, 950, 950)], 5)
    assert (found.across, found.down) == (across, down)


def test_that_the_lines_reach_from_the_one_to_the_other() -> None:
    found = aligned(Box(103, 300, 143, 340), [OTHER], 5)
    assert found.lines == (((100, 100), (100, 340)),)


def test_that_nothing_draws_where_nothing_else_stands() -> None:
    assert aligned(Box(0, 0, 1, 1), [], 5) == Alignment()


def test_that_a_value_draws_by_its_middle_alone() -> None:
    value = guiding(Readout("A", (150.0, 60.0)))
    assert aligned(Box(100, 62, 204, 160), [value], 5).across == -2
    assert aligned(Box(100, 62, 204, 160), [value], 5).down is None, "its line is no edge"
    assert guiding(Symbol("pump", (50, 50), (20, 40))) == Box(40, 30, 60, 70)
