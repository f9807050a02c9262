"""How much room the elements of a picture take, estimated without a screen, as on one of 1920 x 1080.

The typeface's letters are about 0.58 of their size wide, Chinese ones as wide as high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.picture import Picture, Readout, Symbol
from app.model.picture_port import ROUND
from app.model.picture_symbol import SYMBOL_KINDS
from app.picture.subject import Subject

SMALL_PLACE, USUAL_PLACE = (682.0, 266.0), (1166.0, 626.0)
"""The room for a picture on the overview page, px, of a screen of 1280 x 720 and of one of 1920 x 1080."""
LEAST_FOR_WORDS = 0.3
"""Below this factor small words are not shown (widgets.picture.item.LEAST_FOR_LABELS)."""
_BAR = 13.0
"""The height of a bar below a value, px (widgets.picture.limit_bar)."""
_STEPS = ((1.6, 24), (1.05, 20), (0.75, 16), (0.62, 14), (0.5, 13), (0.34, 12), (0.0, 11))
_LETTER, _LINE = 0.58, 1.45
_NAMED_ABOVE = frozenset(
    {"filter", "valve", "transformer", "control_valve", "check_valve", "three_way_valve", "breaker", "heat_exchanger"}
)


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in picture units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Return the area; 0 where it is empty."""
        return max(self.right - self.left, 0.0) * max(self.bottom - self.top, 0.0)

    def shared(self, other: Box) -> float:
        """Return the area that two boxes share."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        ).area

    def grown(self, by: float) -> Box:
        """Return the box with a margin around it, or without one where `by` is below 0."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def holds(self, x: float, y: float) -> bool:
        """Return whether a place lies within."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def around(self, other: Box) -> bool:
        """Return whether the other lies wholly within."""
        return self.holds(other.left, other.top) and self.holds(other.right, other.bottom)

    def is_cut(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Return whether a straight line from `start` to `end` passes through (Liang-Barsky)."""
        enter, leave = 0.0, 1.0
        run, rise = end[0] - start[0], end[1] - start[1]
        for step, gap in (
            (-run, start[0] - self.left),
            (run, self.right - start[0]),
            (-rise, start[1] - self.top),
            (rise, self.bottom - start[1]),
        ):
            if step == 0:
                if gap < 0:
                    return False
                continue
            share = gap / step
            enter, leave = (max(enter, share), leave) if step < 0 else (enter, min(leave, share))
        return enter < leave


def factor(picture: Picture, place: tuple[float, float]) -> float:
    """Return how many px a picture unit has in a place of that size, px."""
    return min(place[0] / max(picture.size[0], 1.0), place[1] / max(picture.size[1], 1.0))


def body(symbol: Symbol) -> Box:
    """Return the room of a symbol's drawing."""
    width, height = symbol.size
    if symbol.kind in ROUND:
        width = height = min(symbol.size)
    return _box(symbol.at, width, height)


def name_box(symbol: Symbol, picture: Picture) -> Box | None:
    """Return the room of a symbol's name where it stands outside of its drawing, None where it does not."""
    name = max(symbol.label.en or symbol.equipment, symbol.label.zh, key=_letters)
    if not name or symbol.kind in {"text", "frame"}:
        return None
    width, height = _text(name, picture)
    around = body(symbol)
    is_apart = symbol.kind in ROUND or symbol.kind in _NAMED_ABOVE
    if not is_apart and width < around.right - around.left:
        return None
    middle = symbol.at[0]
    if symbol.kind in _NAMED_ABOVE:
        return _box((middle, around.top - height / 2), width, height)
    return _box((middle, around.bottom + height / 2), width, height)


def readout_box(readout: Readout, subject: Subject) -> Box:
    """Return the room of a live value with its unit, as wide as its tag can make it."""
    tag = subject.tag(readout.tag)
    text = "00000.0"
    if tag is not None:
        ends = [end for end in (tag.low, tag.high) if math.isfinite(end)]
        text = max((f"{end:.{tag.decimals}f}" for end in ends), key=len, default=text)
        text = max([text, *(name.en for _, name in tag.states)], key=len) + f" {tag.unit}".rstrip()
    width, height = _text(text, subject.picture)
    box = _box(readout.at, width, height)
    below = height * 0.8 if readout.label.en else 0.0
    if readout.indicator:
        below += _BAR / factor(subject.picture, USUAL_PLACE)
    return Box(box.left, box.top, box.right, box.bottom + below)


def is_plain(symbol: Symbol) -> bool:
    """Return whether a symbol stands for nothing in the plant."""
    kind = SYMBOL_KINDS.get(symbol.kind)
    return kind is not None and kind.is_plain


def _box(at: tuple[float, float], width: float, height: float) -> Box:
    return Box(at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2)


def _text(text: str, picture: Picture) -> tuple[float, float]:
    """Return the width and height of a text, picture units."""
    scale = factor(picture, USUAL_PLACE)
    size = next(size for least, size in _STEPS if scale >= least)
    return _letters(text) * size / scale, _LINE * size / scale


def _letters(text: str) -> float:
    """Return the width of a text in sizes of its typeface."""
    return sum(1.0 if letter >= "\u2e80" else _LETTER for letter in text)
