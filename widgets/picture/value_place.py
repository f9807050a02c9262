"""Where values are written: within the body of an item where there is room for them, else below it; and beside alarms.

A number that is cut is another number: what has no room within a body stands below it, and what is longer than was
thought is left out rather than cut.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from app.model.picture import Readout, Symbol
from app.model.picture_port import ROUND
from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from widgets.number import value_text
from widgets.picture.item import (
    ABOVE,
    LEAST_FOR_LABELS,
    READOUT_ROOM,
    is_within,
    item_name,
    label_height,
    lettering,
    name_place,
)
from widgets.picture.item_state import ItemState
from widgets.picture.plane import Plane
from widgets.theme import theme
from widgets.translation import local

_EDGE = 2.0
"""So many px a number keeps off the edge of the body that it is written in, on either side."""
_USUAL = 100.0
"""What is reckoned with where a tag does not say how far its values go."""


def longest(tag: TagDefinition, font: QFont) -> float:
    """Return how long, px, the values of a tag are at most as far as its range says, without unit."""
    if tag.states or tag.kind is TagKind.DISCRETE:
        values = [float(value) for value, _ in tag.states] or [0.0, 1.0]
    else:
        values = [end for end in (tag.low, tag.high) if math.isfinite(end)] or [_USUAL]
    metrics = QFontMetricsF(font)
    return max(metrics.horizontalAdvance(text) for text in {value_text(value, tag=tag) for value in values})


def room_within(symbol: Symbol, plane: Plane) -> float:
    """Return how long, px, what is written in the body of an item may be; 0 where it has no room for a line."""
    rect, height = plane.rect(symbol), QFontMetricsF(lettering(plane)).capHeight() + 2 * _EDGE
    if symbol.kind in ABOVE or rect.height() < height:
        return 0.0
    width = rect.width()
    if symbol.kind in ROUND:
        side = min(rect.width(), rect.height())
        width = math.sqrt(side * side - height * height)
    return max(width - 2 * _EDGE, 0.0)


def stands_within(symbol: Symbol, tag: TagDefinition | None, plane: Plane) -> bool:
    """Return whether the value of an item stands within its body: where the longest one has room there."""
    length = longest(tag, lettering(plane)) if tag is not None else 0.0
    return 0 < length <= room_within(symbol, plane)


def value_spot(symbol: Symbol, state: ItemState, plane: Plane, *, within: bool) -> QPointF:
    """Return where the value of an item stands: its middle and its base line.

    `within` the body it is below the name where that stands there too; below the body it keeps off the name as well.
    """
    font = lettering(plane)
    metrics, rect = QFontMetricsF(font), plane.rect(symbol)
    if within:
        top = rect.center().y() - metrics.height() / 2
        top += metrics.height() * 0.35 if is_within(symbol, state, plane) else 0.0
    else:
        top = rect.bottom() + 1
        if item_name(symbol):
            name = name_place(symbol, state, plane, font)
            top = name.bottom() - 1 if name.top() >= rect.bottom() else top
    return QPointF(rect.center().x(), top + metrics.ascent())


def readout_rect(readout: Readout, tag: TagDefinition | None, plane: Plane) -> QRectF:
    """Return the place that a value with its unit and its label needs at most."""
    font = lettering(plane)
    metrics = QFontMetricsF(font)
    unit = unit_symbol(tag.unit) if tag is not None else ""
    length = longest(tag, font) if tag is not None else metrics.horizontalAdvance("000")
    length += metrics.horizontalAdvance(f" {unit}") if unit else 0.0
    rect = QRectF(0, 0, length + READOUT_ROOM, metrics.height() - 2)
    rect.moveCenter(plane.point(readout.at))
    if local(readout.label) and plane.factor / theme().scale >= LEAST_FOR_LABELS:
        rect.setBottom(rect.bottom() + label_height(plane))
    return rect
