"""Where the running numbers of a picture stand, letter by letter, and how they are drawn all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.picture.columns import Places, Texts
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


def set_letters(spots: Spots, texts: Texts, tiles: TextTiles, lengths: Mapping[int, float]) -> Letters:
    """Set the texts of the picture's columns at their spots.

    `lengths`: of the texts that are not made of digits, by column, px of the device.
    """
    shown = texts[spots.column].tolist()
    count = len(shown)
    sizes = np.fromiter(map(len, shown), np.intp, count)
    owner = np.repeat(np.arange(count), sizes)
    tile = tiles.letters("".join(shown))
    is_plain = np.ones(count, bool)
    is_odd = tile == NO_TILE
    if is_odd.any():
        is_plain[owner[is_odd]] = False
        keep = is_plain[owner]
        owner, tile = owner[keep], tile[keep]
        sizes[~is_plain] = 0
    reach = np.zeros(len(tile) + 1)
    np.cumsum(tiles.advance(tile), out=reach[1:])
    ends = np.cumsum(sizes)
    first = reach[ends - sizes]
    number: Lengths = reach[ends] - first
    if is_odd.any():
        number[~is_plain] = [lengths[place] for place in spots.column[~is_plain].tolist()]
    unit = tiles.advance(spots.unit)
    has_unit = (number + unit <= spots.room) & (spots.unit != NO_TILE)
    width = number + np.where(has_unit, unit, 0.0)
    left = spots.x - width / 2
    units = np.flatnonzero(has_unit)
    return Letters(
        width,
        left,
        is_plain,
        np.concatenate((tile, spots.unit[units])),
        np.concatenate((reach[:-1] + (left - first)[owner], (left + number)[units])),
        np.concatenate((owner, units)),
    )
