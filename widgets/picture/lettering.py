"""Where the running numbers of a picture stand, letter by letter, and how they are drawn all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.picture.columns import Places
from widgets.picture.tiles import NO_TILE, TextTiles, Tiles

Lengths = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spots:
    """Where numbers are written, px of the device, shape (n,) each.

    `x`: their middle; `baseline`; `room`: how long a number with its unit may be, else it stands without; `column`: the
    place of each one's tag in the picture's columns; `unit`: the tile of its unit, NO_TILE for none.
    """

    x: Lengths
    baseline: Lengths
    room: Lengths
    column: Places
    unit: Tiles


@dataclass(frozen=True, slots=True)
class Letters:
    """Numbers that have been set: `width` of each with its unit, `left`, where it begins, px of the device, shape (n,).

    `is_plain`: False for what is not made of digits, which is drawn as any other text.
    `tile`, `x`, `owner`: of every letter, shape (letters,).
    """

    width: Lengths
    left: Lengths
    is_plain: Flags
    tile: Tiles
    x: Lengths
    owner: Places


def set_rows(spots: Spots, rows: Tiles, tiles: TextTiles, lengths: Mapping[int, float]) -> Letters:
    """Set numbers at their spots; `rows`: the tiles of each, shape (n, k), the last one of each in the last column.

    NO_TILE is nothing. `lengths`: of what is not made of tiles, by its place among the spots, px of the device.
    """
    count = len(rows)
    advance = tiles.advance(rows)
    reach = np.cumsum(advance, axis=1)
    number: Lengths = reach[:, -1].copy()
    is_plain = np.ones(count, bool)
    if lengths:
        odd = list(lengths)
        number[odd], is_plain[odd] = list(lengths.values()), False
    unit = tiles.advance(spots.unit)
    has_unit = (number + unit <= spots.room) & (spots.unit != NO_TILE)
    width = number + np.where(has_unit, unit, 0.0)
    left = spots.x - width / 2
    ended = np.where(has_unit, tiles.ended(rows[:, -1], spots.unit), NO_TILE)
    is_joined = ended != NO_TILE
    joined = rows.copy()
    joined[:, -1] = np.where(is_joined, ended, rows[:, -1])
    at = np.flatnonzero(joined.ravel() != NO_TILE)
    owner = at // rows.shape[1]
    tile, x = joined.ravel()[at], (reach - advance).ravel()[at] + left[owner]
    units = np.flatnonzero(has_unit & ~is_joined)
    if len(units):
        tile = np.concatenate((tile, spots.unit[units]))
        x = np.concatenate((x, (left + number)[units]))
        owner = np.concatenate((owner, units))
    return Letters(width, left, is_plain, tile, x, owner)
