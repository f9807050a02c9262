"""Which of many places have room: in a small picture values would lie upon one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
"""Left, top, right and bottom of places, px, shape (n, 4)."""


def meets(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Return which of `boxes` overlap any of `others`, shape (n,)."""
    if not len(others):
        return np.zeros(len(boxes), bool)
    found = np.zeros(len(boxes), bool)
    for left, top, right, bottom in others.tolist():
        found |= (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
    return found


class Room:
    """Gives room to places in their order; the first one keeps it.

    Which may ever meet is found anew only when one of them has become larger than it ever was, or has moved: running
    numbers seldom do.
    """

    _SPARE = 0.15
    """So much more than its width a place that has grown is taken for, on either side: it may grow once more."""

    def __init__(self) -> None:
        self._reach: Boxes = np.empty((0, 4))
        self._first = self._second = np.empty(0, np.intp)

    def share(self, boxes: Boxes, order: Sequence[int], taken: Boxes) -> NDArray[np.bool_]:
        """Return which of `boxes` do not overlap `taken` nor one that comes before them in `order`, shape (n,)."""
        self._follow(boxes)
        has_room = ~meets(boxes, taken)
        met = _overlap(boxes[self._first], boxes[self._second])
        if not met.any():
            return has_room
        near: defaultdict[int, list[int]] = defaultdict(list)
        for one, other in zip(self._first[met].tolist(), self._second[met].tolist(), strict=True):
            near[one].append(other)
            near[other].append(one)
        seen: set[int] = set()
        for place in order:
            if place in near and has_room[place]:
                has_room[place] = seen.isdisjoint(near[place])
                if has_room[place]:
                    seen.add(place)
        return has_room

    def _follow(self, boxes: Boxes) -> None:
        if len(boxes) == len(self._reach):
            low, high = self._reach[:, :2], self._reach[:, 2:]
            if (boxes[:, :2] >= low).all() and (boxes[:, 2:] <= high).all():
                return
            spare = np.column_stack(((boxes[:, 2] - boxes[:, 0]) * self._SPARE, np.zeros(len(boxes))))
            boxes = np.column_stack((np.minimum(low, boxes[:, :2] - spare), np.maximum(high, boxes[:, 2:] + spare)))
        self._reach = boxes.copy()
        self._first, self._second = _pairs(self._reach)


def _overlap(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    return (
        (boxes[:, 0] < others[:, 2])
        & (boxes[:, 2] > others[:, 0])
        & (boxes[:, 1] < others[:, 3])
        & (boxes[:, 3] > others[:, 1])
    )


def _pairs(boxes: Boxes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places that overlap, in pairs; looked for among those alone that share a height."""
    order = np.argsort(boxes[:, 1], kind="stable")
    rows = boxes[order]
    ends = np.searchsorted(rows[:, 1], rows[:, 3], side="left")
    number = np.maximum(ends - np.arange(1, len(rows) + 1), 0)
    first = np.repeat(np.arange(len(rows)), number)
    second = np.arange(len(first)) - np.repeat(np.cumsum(number) - number, number) + first + 1
    meet = _overlap(rows[first], rows[second])
    return order[first[meet]], order[second[meet]]
