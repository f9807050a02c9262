"""Where the values of a small picture stand: letters shrink less than the picture, so values move off the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from app.model.picture import Picture, Pipe, Readout
from widgets.feed import Feed
from widgets.picture.item import BADGE, item_extent, item_name, lettering, name_place
from widgets.picture.item_state import ItemState, Motion, is_accessory
from widgets.picture.plane import Plane
from widgets.picture.value_place import longest, readout_rect, stands_within, value_spot
from widgets.theme import theme

SMALL = 0.62
"""Below this factor letters shrink no further with a picture."""
MOST_READOUTS = 200
"""A picture with more of them keeps its places: values that have no room are left out there."""
STEP, FARTHEST = 0.2, 2.0
"""How far a value is moved up or down at a time, and at most, in heights of its letters."""
NEAR = 1.0
"""How far for what it may lie on in need: a pipe, the frame of an item."""
ASIDE = (0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5)
"""How far it is moved aside, in the same: seldom further, for it would be taken for its neighbour's."""
EDGE = 6.0
"""So many px beyond the edge of its picture a value may reach."""

Box = NDArray[np.float64]
"""Left, top, right and bottom, px of the widget, shape (4,)."""


def spread(picture: Picture, plane: Plane, feed: Feed) -> Picture:
    """Return a picture whose readouts stand clear of names, bodies and one another, as far as little moves do that.

    They keep within the picture, and where they can off pipes, values below items and the frames that items get
    with an alarm. They stay where they are in a picture that has room, or where no near place is free.
    """
    if plane.factor / theme().scale >= SMALL or not 0 < len(picture.readouts) <= MOST_READOUTS:
        return picture
    alarmed = {each.tag for each in feed.plant.alarms}
    bodies = np.array([_edges(plane.rect(each)) for each in picture.symbols], np.float64).reshape(-1, 4)
    lines = [line for pipe in picture.pipes for line in _lines(pipe, plane)]
    taken, near = _written(picture, plane, feed)
    soft = np.array([*lines, *near], np.float64).reshape(-1, 4)
    height, walls = QFontMetricsF(lettering(plane)).height(), _walls(picture, plane)
    moved = []
    for readout in picture.readouts:
        box = _box(readout, plane, feed, has_alarm=readout.tag in alarmed)
        others = bodies[~_contains(bodies, plane.point(readout.at))]
        solid = np.concatenate((np.array(taken, np.float64).reshape(-1, 4), others, walls))
        move = _least_move(box, np.concatenate((solid, soft)), height, NEAR)
        if move is None:
            move = _least_move(box, solid, height, FARTHEST) or (0.0, 0.0)
        taken.append(box + np.array(move * 2))
        at = (readout.at[0] + move[0] / plane.factor, readout.at[1] + move[1] / plane.factor)
        moved.append(replace(readout, at=at) if any(move) else readout)
    return replace(picture, readouts=tuple(moved))


def _written(picture: Picture, plane: Plane, feed: Feed) -> tuple[list[Box], list[Box]]:
    """Return where the names of items stand, and what else is near them: frames, and values that are not within."""
    metrics, names, near = QFontMetricsF(lettering(plane)), list[Box](), list[Box]()
    for symbol in picture.symbols:
        tag = feed.tags.get(symbol.value)
        state = ItemState(Motion.PASSIVE, None, has_value=tag is not None, is_doubtful=False)
        if symbol.equipment and not is_accessory(symbol):
            near.append(np.array(_edges(item_extent(symbol, state, plane))))
        if item_name(symbol):
            names.append(np.array(_edges(name_place(symbol, state, plane, lettering(plane)))))
        if tag is not None and not stands_within(symbol, tag, plane):
            spot = value_spot(symbol, state, plane, within=False)
            half = longest(tag, lettering(plane)) / 2
            near.append(np.array([spot.x() - half, spot.y() - metrics.ascent(), spot.x() + half, spot.y()]))
    return names, near


def _walls(picture: Picture, plane: Plane) -> Box:
    """Return what lies around a picture, shape (4, 4): what stands there might be cut."""
    left, top, right, bottom = _edges(QRectF(plane.point((0.0, 0.0)), plane.point(picture.size)))
    return np.array(
        [
            [-np.inf, -np.inf, left - EDGE, np.inf],
            [right + EDGE, -np.inf, np.inf, np.inf],
            [-np.inf, -np.inf, np.inf, top - EDGE],
            [-np.inf, bottom + EDGE, np.inf, np.inf],
        ]
    )


def _lines(pipe: Pipe, plane: Plane) -> list[Sequence[float]]:
    """Return the place of each stretch of a pipe."""
    half = max(1.0, plane.factor * 3)
    points = [plane.point(point) for point in pipe.points]
    stretches = [QRectF(one, other).normalized() for one, other in pairwise(points)]
    return [_edges(each.adjusted(-half, -half, half, half)) for each in stretches]


def _box(readout: Readout, plane: Plane, feed: Feed, *, has_alarm: bool) -> Box:
    """Return the place that a value needs, with its unit and label, and with the shape of an alarm before it."""
    left, top, right, bottom = _edges(readout_rect(readout, feed.tags.get(readout.tag), plane))
    return np.array([left - (theme().px(BADGE) if has_alarm else 0), top, right, bottom])


def _least_move(box: Box, taken: Box, height: float, farthest: float) -> tuple[float, float] | None:
    """Return by how many px to the right and down a box is moved to lie clear of others; None where that is too far."""
    rise = [sign * step for step in np.arange(0.0, farthest + STEP, STEP).tolist() for sign in (1, -1)]
    moves = sorted(
        ((x, y) for x in ASIDE for y in dict.fromkeys(rise)), key=lambda move: 2 * abs(move[0]) + abs(move[1])
    )
    for x, y in moves:
        move = (x * height, y * height)
        if not _meets_any(box + np.array(move * 2), taken):
            return move
    return None


def _meets_any(box: Box, others: Box) -> bool:
    left, top, right, bottom = box.tolist()
    met = (others[:, 0] < right) & (others[:, 2] > left) & (others[:, 1] < bottom) & (others[:, 3] > top)
    return bool(met.any())


def _contains(boxes: Box, place: QPointF) -> NDArray[np.bool_]:
    x, y = place.x(), place.y()
    inside: NDArray[np.bool_] = (boxes[:, 0] <= x) & (boxes[:, 2] >= x) & (boxes[:, 1] <= y) & (boxes[:, 3] >= y)
    return inside


def _edges(rect: QRectF) -> Sequence[float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()
