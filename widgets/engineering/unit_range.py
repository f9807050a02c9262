"""Unit ids of a bus as they are typed."""

from __future__ import annotations


def units_from(text: str) -> tuple[int, ...]:
    """Return the unit ids of "1-20" or "1,5,9"; raise ValueError for what is neither."""
    units: dict[int, None] = {}
    for part in text.split(","):
        low, dash, high = (piece.strip() for piece in part.partition("-"))
        first, last = int(low), int(high) if dash else int(low)
        if not 0 <= first <= last <= 255:
            raise ValueError(text)
        units.update(dict.fromkeys(range(first, last + 1)))
    return tuple(units)
