"""Where the values of a small picture stand: letters shrink less than the picture, so values move off the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from app.model.picture import Picture, Readout
from app.model.unit_symbol import unit_symbol
from widgets.feed import Feed
from widgets.picture.item import ABOVE, BADGE, READOUT_ROOM, item_name, lettering, name_place, value_spot
from widgets.picture.item_state import ItemState, Motion
from widgets.picture.plane import Plane
from widgets.theme import theme

SMALL = 0.62
"""Below this factor letters shrink no further with a picture."""
MOST_READOUTS = 200
"""A picture with more of them keeps its places: values that have no room are left out there."""
STEP, FARTHEST = 0.2, 2.0
"""How far a value is moved at a time, and at most, in heights of its letters."""

Box = NDArray[np.float64]
"""Left, top, right and bottom, px of the widget, shape (4,)."""


def spread(picture: Picture, plane: Plane, feed: Feed) -> Picture:
    """Return a picture whose readouts stand clear of names, bodies and one another, as far as little moves do that.

    They are moved up or down alone, and stay where they are in a picture that has room, or where no near place is free.
    """
    if plane.factor / theme().scale >= SMALL or not 0 < len(picture.readouts) <= MOST_READOUTS:
        return picture
    alarmed = {each.tag for each in feed.plant.alarms}
    bodies = np.array([_edges(plane.rect(each)) for each in picture.symbols], np.float64).reshape(-1, 4)
    taken = _written(picture, plane, feed)
    moved = []
    for readout in picture.readouts:
        box = _box(readout, plane, feed, has_alarm=readout.tag in alarmed)
        center = plane.point(readout.at)
        others = bodies[~_contains(bodies, center)]
        shift = _least_move(box, np.concatenate((np.array(taken, np.float64).reshape(-1, 4), others)))
        taken.append(box + np.array([0.0, shift, 0.0, shift]))
        moved.append(replace(readout, at=(readout.at[0], readout.at[1] + shift / plane.factor)) if shift else readout)
    return replace(picture, readouts=tuple(moved))


def _written(picture: Picture, plane: Plane, feed: Feed) -> list[Box]:
    """Return where the names and the values of items stand."""
    metrics, boxes = QFontMetricsF(lettering(plane)), []
    for symbol in picture.symbols:
        state = ItemState(Motion.PASSIVE, None, has_value=symbol.value in feed.tags, is_doubtful=False)
        if item_name(symbol):
            boxes.append(np.array(_edges(name_place(symbol, state, plane, lettering(plane)))))
        if state.has_value and symbol.kind in ABOVE:
            spot = value_spot(symbol, state, plane)
            half = metrics.horizontalAdvance("000.0") / 2
            boxes.append(np.array([spot.x() - half, spot.y() - metrics.ascent(), spot.x() + half, spot.y()]))
    return boxes


def _box(readout: Readout, plane: Plane, feed: Feed, *, has_alarm: bool) -> Box:
    """Return the place that a value needs, with its unit, and with the shape of an alarm before it."""
    metrics, tag = QFontMetricsF(lettering(plane)), feed.tags.get(readout.tag)
    unit = unit_symbol(tag.unit) if tag is not None else ""
    text = f"000.{'0' * min(tag.decimals, 2)}" if tag is not None and tag.decimals else "000"
    width = metrics.horizontalAdvance(f"{text} {unit}".strip()) + READOUT_ROOM
    center, left = plane.point(readout.at), theme().px(BADGE) if has_alarm else 0
    half = metrics.height() / 2 - 1
    return np.array([center.x() - width / 2 - left, center.y() - half, center.x() + width / 2, center.y() + half])


def _least_move(box: Box, taken: Box) -> float:
    """Return by how many px a box is moved down (up: less than 0) to lie clear of others; 0 where that is too far."""
    height = float(box[3] - box[1])
    steps = np.arange(0.0, FARTHEST + STEP, STEP) * height
    for step in steps.tolist():
        for shift in dict.fromkeys((step, -step)):
            if not _meets_any(box + np.array([0.0, shift, 0.0, shift]), taken):
                return float(shift)
    return 0.0


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
