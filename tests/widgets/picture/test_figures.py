"""Numbers that are composed from their digits are those that are written everywhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from widgets.number import number
from widgets.picture.figures import figure_rows
from widgets.picture.tiles import LETTERS, NO_TILE, Ink, TextTiles


@pytest.fixture(scope="module")
def tiles(qapp: QApplication) -> TextTiles:
    del qapp
    return TextTiles(QFont(), inks=[Ink(QColor("white"), QColor("black"))], words=[], ratio=1.0)


def written(rows: np.ndarray[tuple[int, int], np.dtype[np.intp]]) -> list[str]:
    texts = [*LETTERS, *(f".{digit}" for digit in range(10))]
    return ["".join(texts[tile] for tile in row if tile != NO_TILE) for row in rows.tolist()]


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(
        st.one_of(
            st.floats(width=64),
            st.floats(-1e6, 1e6),
            st.integers(-2_000_000, 2_000_000).map(lambda whole: whole / 2_000),
        ),
        min_size=1,
        max_size=20,
    ),
    decimals=st.integers(0, 12),
)
def test_that_figures_are_what_the_formatter_writes(tiles: TextTiles, values: list[float], decimals: int) -> None:
    rows = figure_rows(np.array(values), decimals, tiles)
    assert written(rows) == [number(value, decimals=decimals) for value in values]


def test_that_ties_are_rounded_as_the_formatter_rounds_them(tiles: TextTiles) -> None:
    values = np.array([0.05, 0.15, 0.25, 0.35, -0.04, 99.95, 0.0, -0.0, 999_999_999.96, 1e9])
    assert written(figure_rows(values, 1, tiles)) == [number(value, decimals=1) for value in values.tolist()]
