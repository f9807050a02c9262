"""In which order rows that are longer than a page of SQLite are stored, so that their beginnings fill pages.

Of such a row a leaf of the table holds the beginning, 0.5 to 4 kB, whatever lets the rest fill other pages to the last
byte (https://www.sqlite.org/fileformat2.html, section 1.6). Rows appended in no particular order leave a third of each
leaf empty, since the next beginning seldom fits into what is left.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.database import PAGE_BYTES

_LEAF_HEAD = 8
_LINK = 4
_CELL = 16
"""Pointer to the cell, row's number and length, and the link to the rest, at most."""
_LONGEST = PAGE_BYTES - 35
_SHORTEST = (PAGE_BYTES - 12) * 32 // 255 - 23


def filling_order(lengths: Sequence[int]) -> list[int]:
    """Return the places of rows, given by the bytes of their columns, in an order in which they fill leaves well.

    Each goes where it still fits, the longest beginnings first ("first fit decreasing").
    """
    beginnings = [_CELL + _beginning(length) for length in lengths]
    leaves: list[tuple[int, list[int]]] = []
    for place in sorted(range(len(lengths)), key=beginnings.__getitem__, reverse=True):
        size = beginnings[place]
        for at, (room, rows) in enumerate(leaves):
            if size <= room:
                leaves[at] = room - size, [*rows, place]
                break
        else:
            leaves.append((PAGE_BYTES - _LEAF_HEAD - size, [place]))
    return [place for _, rows in leaves for place in rows]


def _beginning(length: int) -> int:
    """Return how many bytes of a row stand in its leaf."""
    if length <= _LONGEST:
        return length
    fitting = _SHORTEST + (length - _SHORTEST) % (PAGE_BYTES - _LINK)
    return fitting if fitting <= _LONGEST else _SHORTEST
