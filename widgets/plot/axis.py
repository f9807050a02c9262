"""An axis of a plot: round values in the theme's small letters, and a grid that lies below the curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from widgets import number
from widgets.plot.library import AxisItem
from widgets.theme import theme
from widgets.trend.time_axis import time_ticks
from widgets.trend.value_range import Extent, ticks

Marks: TypeAlias = Callable[[float, float, int], Sequence[tuple[float, str]]]
"""Gives the labelled places between two values of an axis, about as many as are asked for, rising."""

X_DISTANCE, Y_DISTANCE = 84, 34
"""The least distance of two labels, px at scale 1."""
OVERHANG = 12
"""How far a label may stand over the end of its axis, px at scale 1."""
_OFFSET, _IDLE = 5, 12
FEWEST = 3
"""With fewer labels nobody could tell how far a value between them is from either."""
_MOST_DECIMALS = 6


def number_marks(low: float, high: float, count: int) -> Sequence[tuple[float, str]]:
    """Return round numbers with the decimals that tell them apart."""
    marks = ticks(Extent(low, high), count)
    if len(marks.values) < FEWEST:
        marks = ticks(Extent(low, high), 2 * count)
    return [(value, _text(value, marks.decimals)) for value in marks.values]


def count_marks(low: float, high: float, count: int) -> Sequence[tuple[float, str]]:
    """Return whole numbers in groups of three digits: there is no half of what is counted."""
    return [(value, number.count(value)) for value, _ in number_marks(low, high, count) if value == round(value)]


def marks_of(text: Callable[[float], str]) -> Marks:
    """Return what labels round numbers by `text`."""
    return lambda low, high, count: [(value, text(value)) for value, _ in number_marks(low, high, count)]


def time_marks(low: float, high: float, count: int) -> Sequence[tuple[float, str]]:
    """Return round local times; `low`, `high`: s since 1970 UTC."""
    return [(tick.time / 1e9, tick.label) for tick in time_ticks(int(low * 1e9), int(high * 1e9), count)]


class Axis(AxisItem):  # type: ignore[misc] # the library carries no types
    """The axis at one side of a plot; `marks` says what stands on it."""

    def __init__(self, side: Literal["bottom", "left"]) -> None:
        super().__init__(side, maxTickLength=0)
        self._marks: Marks = number_marks
        self._texts: dict[float, str] = {}
        self._room = 0
        self._has_labels = True
        self.least_room = 0
        """How wide it is at least, px at scale 1: axes of plots that stand over one another have to be alike."""
        self._is_upright = side == "left"
        self.setZValue(-1_000)  # the grid is drawn by the axis, and belongs below the curves
        self.setGrid(255)

    @property
    def marks(self) -> Marks:
        """What says which places are labelled, and how."""
        return self._marks

    @marks.setter
    def marks(self, marks: Marks) -> None:
        self._marks = marks
        self.forget()

    def forget(self) -> None:
        """Write all labels anew."""
        self.picture = None  # as the library does where what it has drawn holds no more
        self.update()

    def dress(self) -> None:
        """Take the present look."""
        look = theme()
        self.setPen(QPen(look.color("grid"), 1))
        self.setTickPen(QPen(look.color("grid"), 1))
        self.setTextPen(QPen(look.color("dim"), 1))
        self.setStyle(
            tickFont=look.font("tiny"),
            tickAlpha=255,
            tickTextOffset=_OFFSET,
            autoExpandTextSpace=False,
        )
        if not self._is_upright:
            high = QFontMetrics(look.font("tiny")).height()
            self.setHeight(high + 2 * _OFFSET if self._has_labels else high // 2)  # the other axis' lowest label

    def hide_labels(self) -> None:
        """Have only the grid: a plot below has the same axis."""
        self._has_labels = False
        self.setStyle(showValues=False)
        self.dress()

    def make_room(self, low: float, high: float, size: float) -> None:
        """Be as wide as the labels between two values over `size` px need; the library would be so a frame too late."""
        metrics = QFontMetrics(theme().font("tiny"))
        widest = max((metrics.horizontalAdvance(text) for _, text in self._marked(low, high, size)), default=0)
        needed = max(widest + 2 * _OFFSET, theme().px(self.least_room))
        if not needed <= self._room <= needed + _IDLE:
            self._room = needed
            self.setWidth(needed)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the one level of labelled places; `size`: px."""
        places = [place for place, _ in self._marked(low, high, size)]
        return [(places[1] - places[0] if len(places) > 1 else 1.0, places)]

    def tickStrings(self, places: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return what stands at `places`, which are those of `tickValues`."""
        del scale, spacing
        return [self._texts.get(place, "") for place in places]

    def boundingRect(self) -> QRectF:
        room = theme().px(X_DISTANCE)  # with a grid the library has none, and leaves out what stands over an end
        wide, high = (0, OVERHANG) if self._is_upright else (room, 0)
        found: QRectF = super().boundingRect().adjusted(-wide, -high, wide, high)
        return found

    def generateDrawSpecs(self, p: QPainter) -> Any:  # noqa: ANN401 - lists of the library's own making
        """Return what the library draws, with the outermost labels moved inwards as far as they must be."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return specs
        room, size = theme().px(OVERHANG), self.geometry().size()
        for place, _, _ in specs[2]:
            if self._is_upright:
                place.moveTop(max(0.0, min(place.top(), size.height() + room - place.height())))
            else:
                place.moveLeft(max(-room, min(place.left(), size.width() + room - place.width())))
        return specs

    def _marked(self, low: float, high: float, size: float) -> Sequence[tuple[float, str]]:
        distance = theme().px(Y_DISTANCE if self._is_upright else X_DISTANCE)
        found = self.marks(low, high, max(2, int(size / distance))) if high > low else []
        self._texts = dict(found)
        return found


def _text(value: float, decimals: int) -> str:
    if decimals <= _MOST_DECIMALS:
        return number.number(value, decimals=decimals)
    return f"{value:.2e}".replace("-", number.MINUS)
