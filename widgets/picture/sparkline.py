"""A sparkline: what a tag did lately, in a small place over its normal band, with the value below."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model import clock
from app.model.tag import TagDefinition, TagKind
from widgets.drag.value_drag import ValueDrag
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.hatching import hatching
from widgets.number import Quality, Reading, reading_of
from widgets.theme import SEMIBOLD, theme
from widgets.translation import local
from widgets.trend.decimate import Columns
from widgets.trend.geometry import column_width, left_edge
from widgets.trend.history_loader import HistoryLoader
from widgets.trend.live_samples import LiveSamples
from widgets.trend.time_window import SUGGESTED_S
from widgets.trend.trace import Trace
from widgets.trend.value_range import CalmRange, Extent

LONGEST_NS = 3_600 * clock.NS_PER_S
HEIGHT = 49
TALLEST = 110
NAME, VALUE = 15, 22
MOST_LINES = 2
_POINTS = 80


class Sparkline(QWidget):
    """One tag in small; a click asks for its equipment."""

    tag_asked = Signal(str)

    def __init__(self, feed: Feed, live: LiveSamples, tag: TagDefinition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._tag = feed, tag
        self._trace = Trace(tag, live.buffer(tag.handle))
        self._loader = HistoryLoader(feed.folder.history, self)
        self._range = CalmRange()
        self._columns: Columns | None = None
        self._first = 0
        self._held: tuple[float, float] | None = None
        self._told: Reading | None = None
        self._lines = 1
        self.drag = ValueDrag(self, lambda _: [tag.name])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def refresh(self) -> None:
        """Follow the tag; called by a frame clock, paints only what differs."""
        now = clock.now_ns()
        width = column_width(self._span(now), _POINTS)
        start = left_edge(now, _POINTS, width)
        query = self._trace.wanted(start, now, width, now=clock.wall_ns())
        if query is not None:
            self._loader.ask(query, self._trace)
        value = self._feed.value(self._tag.handle)
        told = reading_of(value, tag=self._tag, now=now, is_linked=self._feed.is_linked)
        first = start // width
        columns = self._trace.columns(first, first + _POINTS, width)
        self._held = self._holding(width, first) if told.quality in {Quality.GOOD, Quality.DOUBTFUL} else None
        is_same = self._columns is not None and len(columns) == len(self._columns)
        is_same = is_same and self._columns is not None and bool((columns.last == self._columns.last).all())
        if told != self._told or first != self._first or not is_same:
            self._told, self._first, self._columns = told, first, columns
            self.setAccessibleName(f"{local(self._tag.title)}: {told.full}")
            self.setToolTip(f"{local(self._tag.title)} ({self._tag.name})\n{told.full}")
            self.update()

    def _holding(self, width: int, first: int) -> tuple[float, float] | None:
        """Return the value that has held since the last sample, and since which column; None where none is known."""
        whole = self._trace.all_columns(width)
        if not len(whole.columns) or not whole.is_whole:
            return None
        return max(float(whole.columns.index[-1]) - first + 0.5, 0.0), float(whole.columns.last[-1])

    def _span(self, now: int) -> int:
        """Return how much time is shown: an hour, less only while there is less."""
        age = now - self._trace.oldest if self._trace.oldest else LONGEST_NS
        return next((s * clock.NS_PER_S for s in SUGGESTED_S if s * clock.NS_PER_S >= min(age, LONGEST_NS)), LONGEST_NS)

    def lines_needed(self, room: float) -> int:
        """Return how many lines the tag's title takes at a width of `room` px, at most two."""
        width = QFontMetricsF(theme().font("tiny")).horizontalAdvance(local(self._tag.title))
        return 1 if width <= room else MOST_LINES

    def set_lines(self, lines: int) -> None:
        """Keep so many lines for the title, so that neighbours stand level."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return its tag's value."""
        del place
        return of_tag(self._tag.name)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(96), theme().px(HEIGHT + self._lines * NAME))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(64), theme().px(HEIGHT + self._lines * NAME))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the widget that takes the press is told of the release

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.tag_asked.emit(self._tag.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.tag_asked.emit(self._tag.name)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            names = QRectF(0, 0, self.width(), look.px(self._lines * NAME))
            height = min(self.height() - names.height() - look.px(VALUE) - 2, look.px(TALLEST))
            self._paint_name(painter, names)
            self._paint_curve(painter, QRectF(0, names.bottom() + 2, self.width(), height))
            self._paint_value(painter, base=names.bottom() + 2 + height + look.px(VALUE - 5))

    def _paint_name(self, painter: QPainter, place: QRectF) -> None:
        look, name = theme(), local(self._tag.title)
        font = look.font("tiny")
        painter.setFont(font)
        painter.setPen(look.color("dim"))
        if self.lines_needed(self.width()) > self._lines:
            name = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, place.width())
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, wrap, name)

    def _paint_curve(self, painter: QPainter, place: QRectF) -> None:
        columns, look = self._columns, theme()
        if columns is None or (not len(columns) and self._held is None):
            return
        extent = self._range.follow(self._needed(columns), now=clock.monotonic_ns())
        scale, per_column = place.height() / extent.span, place.width() / _POINTS
        self._paint_band(painter, place, extent, scale)
        x = (columns.index - self._first + 0.5) * per_column
        middle = place.bottom() - ((columns.low + columns.high) / 2 - extent.low) * scale
        painter.setPen(QPen(look.color("dim"), 1.3 * look.scale))
        cuts = np.flatnonzero(columns.severed)
        for piece in np.split(np.arange(len(columns)), cuts) if len(columns) else ():
            points = [QPointF(float(x[row]), float(middle[row])) for row in piece]
            if self._tag.kind is TagKind.DISCRETE:
                points = _stepped(points)
            if len(points) == 1:
                points.append(points[0] + QPointF(1, 0))
            painter.drawPolyline(QPolygonF(points))
        if self._held is not None:
            y = place.bottom() - (self._held[1] - extent.low) * scale
            painter.drawLine(QPointF(self._held[0] * per_column, y), QPointF(place.right(), y))
        if self._told is not None and self._told.quality in {Quality.STALE, Quality.BAD}:
            painter.fillRect(place, hatching())

    def _needed(self, columns: Columns) -> Extent:
        held = () if self._held is None else (self._held[1],)
        low, high = min([*columns.low.tolist(), *held]), max([*columns.high.tolist(), *held])
        return Extent(low, high).with_values(self._tag.normal_low, self._tag.normal_high)

    def _paint_band(self, painter: QPainter, place: QRectF, extent: Extent, scale: float) -> None:
        low, high = self._tag.normal_low, self._tag.normal_high
        if math.isnan(low) and math.isnan(high):
            return
        bottom = place.bottom() if math.isnan(low) else place.bottom() - (low - extent.low) * scale
        top = place.top() if math.isnan(high) else place.bottom() - (high - extent.low) * scale
        color = theme().color("track")
        painter.fillRect(QRectF(place.left(), top, place.width(), bottom - top).intersected(place), color)

    def _paint_value(self, painter: QPainter, *, base: float) -> None:
        told, look = self._told, theme()
        if told is None:
            return
        font = look.font("small", weight=SEMIBOLD)
        painter.setFont(font)
        painter.setPen(look.color("dim" if told.quality in {Quality.STALE, Quality.BAD} else "text"))
        painter.drawText(QPointF(0, base), told.text)
        left = QFontMetricsF(font).horizontalAdvance(told.text) + look.px(4)
        unit_font = look.font("tiny")
        if left + QFontMetricsF(unit_font).horizontalAdvance(told.unit) > self.width():
            return
        painter.setFont(unit_font)
        painter.setPen(look.color("dim"))
        painter.drawText(QPointF(left, base), told.unit)


def _stepped(points: list[QPointF]) -> list[QPointF]:
    """Return points with a corner before each but the first: a state holds until the next."""
    corners = [end for one, other in pairwise(points) for end in (one, QPointF(other.x(), one.y()))]
    return [*corners, *points[-1:]]
