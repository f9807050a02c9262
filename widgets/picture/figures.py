"""Numbers as rows of tiles, composed from their digits without being written as texts before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.model.block import ValueArray
from widgets.number import LARGEST_FIXED, number
from widgets.picture.tiles import MINUS_SIGN, NO_TILE, POINT_DIGIT, TextTiles, Tiles

_NEAR_A_TIE = 1e-6
"""A number whose last figure is this near to being rounded up or down is written as text, which rounds exactly."""
_TEN = np.int32(10)
_MOST, _MOST_DECIMALS = 1e9, 8
"""Numbers of more figures, their decimals included, are written as texts: they are rare, and long."""


def figure_rows(values: ValueArray, decimals: int, tiles: TextTiles) -> Tiles:
    """Return what `number` writes of each value as tiles, shape (n, k), the last one of each in the last column.

    A row that needs fewer has NO_TILE. `values`: float64, shape (n,), NaN where there is none.
    """
    size = np.abs(values)
    with np.errstate(invalid="ignore", over="ignore"):  # what is no number, or too long, is odd
        scaled = size * 10.0**decimals
        whole = np.rint(scaled)
        is_odd = ~((size < LARGEST_FIXED) & (scaled < _MOST)) | (np.abs(scaled - whole) > 0.5 - _NEAR_A_TIE)
    if decimals > _MOST_DECIMALS:
        return _with_texts(np.empty((len(values), 0), np.intp), values, decimals, np.ones(len(values), bool), tiles)
    some_odd = bool(is_odd.any())
    figures = (np.where(is_odd, 0.0, whole) if some_odd else whole).astype(np.int32)
    unit = np.int32(10**decimals)
    before = figures // unit
    columns = _digits(before)
    if decimals:
        fraction = figures - before * unit
        behind = [(fraction // np.int32(10**place) % _TEN).astype(np.intp) for place in reversed(range(decimals))]
        columns += [POINT_DIGIT + behind[0], *behind[1:]]
    is_negative = (values < 0) & (figures > 0)
    if is_negative.any():
        columns.insert(0, np.where(is_negative, MINUS_SIGN, NO_TILE))
    rows = np.column_stack(columns)
    return _with_texts(rows, values, decimals, is_odd, tiles) if some_odd else rows


def text_row(text: str, tiles: TextTiles) -> Tiles | None:
    """Return a text as tiles of single letters, None where one of them is in no number."""
    row = tiles.letters(text)
    return None if (row == NO_TILE).any() else row


def _digits(before: NDArray[np.int32]) -> list[Tiles]:
    """Return the digits before the point, the first one first; where a number has fewer than others, NO_TILE."""
    columns: list[Tiles] = []
    rest = before
    while True:
        above = rest // _TEN
        digit = (rest - above * _TEN).astype(np.intp)
        columns.insert(0, np.where(rest > 0, digit, NO_TILE) if columns else digit)
        if not above.any():
            return columns
        rest = above


def _with_texts(rows: Tiles, values: ValueArray, decimals: int, is_odd: NDArray[np.bool_], tiles: TextTiles) -> Tiles:
    """Return the rows with those that are written as texts."""
    places = np.flatnonzero(is_odd).tolist()
    written = [tiles.letters(number(float(values[place]), decimals=decimals)) for place in places]
    longest = max((rows.shape[1], *(len(each) for each in written)))
    made = np.full((len(rows), longest), NO_TILE, np.intp)
    made[:, longest - rows.shape[1] :] = rows
    made[places] = NO_TILE
    for place, each in zip(places, written, strict=True):
        made[place, longest - len(each) :] = each
    return made
