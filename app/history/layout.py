"""Where things lie in the file: hours, days, and the keys that put what is read together side by side.

A chunk's key begins with its hour, so chunks are written and thrown away at one place; a rollup's begins with its tag,
so a long span of one tag is one stretch of the table.
"""

from __future__ import annotations

from app.model.clock import NS_PER_S

HOUR_NS = 3_600 * NS_PER_S
_TAG_BITS = 20
_ZERO = 1 << 23
"""Hour numbers of the whole int64 range lie within ±2^22."""
MOST_TAGS = 1 << _TAG_BITS
PIECE_BITS = 6
PIECES = 1 << PIECE_BITS
"""An hour of a tag that is scanned often is cut into up to so many chunks, so that an instant is found quickly."""


def hour_of(time: int) -> int:
    """Return the number of the UTC hour that holds an instant (ns UTC); hour 0 began 1970."""
    return time // HOUR_NS


def hour_key(hour: int, number: int) -> int:
    """Return the key of what belongs to an hour, there numbered below 2^20."""
    return (hour + _ZERO) << _TAG_BITS | number


def chunk_key(hour: int, tag: int, piece: int = 0) -> int:
    """Return the key of a chunk: its hour, its tag, and the first of the hour's PIECES that it holds."""
    return hour_key(hour, tag) << PIECE_BITS | piece


def chunk_keys(hour: int, tag: int) -> tuple[int, int]:
    """Return the first and the last key that a chunk of an hour and a tag may have."""
    first = chunk_key(hour, tag)
    return first, first + PIECES - 1


def tag_of_chunk(key: int) -> int:
    """Return the tag of a chunk_key."""
    return key >> PIECE_BITS & (MOST_TAGS - 1)


def hour_of_chunk(key: int) -> int:
    """Return the hour of a chunk_key."""
    return (key >> (_TAG_BITS + PIECE_BITS)) - _ZERO


def tag_key(tag: int, position: int) -> int:
    """Return the key of what belongs to a tag at an hour or a position of another tier."""
    return tag << 24 | (position + _ZERO)


def position_of(key: int) -> int:
    """Return the hour, or position, of a tag_key."""
    return (key & ((1 << 24) - 1)) - _ZERO


def tag_of_key(key: int) -> int:
    """Return the tag of a tag_key."""
    return key >> 24
