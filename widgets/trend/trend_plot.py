"""The plot of a trend pane: its layers, painted again only when the frame to be shown is another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from app.model.alarm import Priority
from app.model.tag import TagDefinition
from widgets.number import moment, reading
from widgets.theme import theme
from widgets.translation import language
from widgets.trend.alarm_spans import AlarmSpan
from widgets.trend.alarm_strip import AlarmStrip
from widgets.trend.cursor import CursorLine, CursorValue
from widgets.trend.curve_layer import CurveLayer
from widgets.trend.decimate import Columns
from widgets.trend.deed_marks import DeedMarks
from widgets.trend.deeds import Deed
from widgets.trend.drawn_curve import DrawnCurve
from widgets.trend.forecast_band import ForecastBand, Outlook
from widgets.trend.geometry import Geometry
from widgets.trend.ground import Ground
from widgets.trend.held_lines import HeldLines
from widgets.trend.limit_labels import LimitLabels
from widgets.trend.limit_line import LimitLine
from widgets.trend.mark_lines import MarkLines
from widgets.trend.now_caption import NowCaption
from widgets.trend.pen import TrendPen
from widgets.trend.plot import PlotView
from widgets.trend.present import Newest, Present
from widgets.trend.time_marks import TimeMarks
from widgets.trend.value_axis import ValueAxes, ValueAxis, axis_key

Look = tuple[str, float, str, float]
"""Theme, scale, language, and the device pixels per px of the screen: a picture of another one would be blurred."""

PRINTED = 2.0
"""The ratio of what is printed or exported: it is the same from whatever screen."""

if TYPE_CHECKING:
    from widgets.trend.scale_hand import ScaleHand


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """Everything that one picture of a plot depends on.

    `versions`: of the curves. `active`: the limits whose alarm is active, with its priority. `urgent`: the priority of
    the tag's active alarm. `cursor`: int64 ns UTC, None for none. `spans`: when its alarms stood. `axes`: the value
    axes of pens in other units. `marks`: A and B, int64 ns UTC.
    `is_fixed`: whether somebody has chosen the range of the first axis.
    `earlier`: ns by which the pale curves lie before. `deeds`: what people did, oldest first.
    """

    geometry: Geometry
    tag: TagDefinition
    lines: tuple[LimitLine, ...]
    active: tuple[tuple[float, Priority], ...]
    urgent: Priority | None
    outlook: Outlook | None
    newest: Newest
    versions: tuple[tuple[int, int], ...]
    cursor: int | None
    is_live: bool
    spans: tuple[AlarmSpan, ...]
    look: Look
    axes: tuple[ValueAxis, ...] = ()
    marks: tuple[int, ...] = ()
    earlier: int = 0
    is_fixed: bool = False
    deeds: tuple[Deed, ...] = ()

    def scale_of(self, tag: TagDefinition) -> Geometry:
        """Return the scales by which a tag is drawn."""
        key = axis_key(tag)
        return next((axis.scale(self.geometry) for axis in self.axes if axis_key(axis.tag) == key), self.geometry)


def present_look(ratio: float) -> Look:
    """Return theme, scale and language as a part of a frame, and the ratio of the screen that it is on."""
    return f"{theme().name} {theme().color('panel').name()}", theme().scale, language(), ratio


class TrendPlot(PlotView):
    """Ground, time axis, forecast, curves, present and cursor, from bottom to top."""

    def __init__(self, *, time_scale: float) -> None:
        super().__init__()
        self._ground = Ground()
        self._marks = TimeMarks(time_scale=time_scale)
        self._axes = ValueAxes()
        self._labels = LimitLabels()
        self._band = ForecastBand(time_scale=time_scale)
        self._strip = AlarmStrip()
        self._caption = NowCaption(time_scale=time_scale)
        self._curves = CurveLayer()
        self._held = HeldLines()
        self._present = Present()
        self._deed_marks = DeedMarks()
        self._mark_lines = MarkLines()
        self._cursor = CursorLine()
        self._frame: PlotFrame | None = None
        self._is_printed = False
        self.tell: Callable[[Sequence[Deed]], str] = lambda _: ""
        self.scale_hand: ScaleHand | None = None
        self.holds: Callable[[TagDefinition], bool] = lambda _: False
        for layer in (
            self._ground,
            self._marks,
            self._axes,
            self._labels,
            self._band,
            self._strip,
            self._held,
            self._curves,
            self._caption,
            self._present,
            self._deed_marks,
            self._mark_lines,
            self._cursor,
        ):
            self.add(layer)

    @property
    def ratio(self) -> float:
        """Return the device pixels per px: of the screen, and while it is printed always the same ones."""
        return PRINTED if self._is_printed else self.devicePixelRatioF()

    @property
    def frame(self) -> PlotFrame | None:
        """Return what is shown."""
        return self._frame

    def is_axis(self, x: float) -> bool:
        """Return whether there is a value axis at a place, px."""
        return (
            self._frame is not None and not self._frame.geometry.plot.left() <= x <= self._frame.geometry.plot.right()
        )

    def turn_axis(self, place: QPointF, steps: float) -> None:
        if self._frame is not None and self.scale_hand is not None:
            self.scale_hand.turn(self._frame, place, steps)

    def drag_axis(self, place: QPointF, down: float) -> None:
        if self._frame is not None and self.scale_hand is not None:
            self.scale_hand.drag(self._frame, place, down)

    def reset_axis(self, place: QPointF) -> None:
        if self._frame is not None and self.scale_hand is not None:
            self.scale_hand.reset(self._frame, place)

    def forget(self) -> None:
        """Paint at the next opportunity whatever it is: other tags are shown."""
        self._frame = None
        self._curves.forget()

    def print_sharply(self, *, is_printed: bool) -> None:
        """Draw everything as lines and letters for a while, for paper."""
        self._ground.is_printed = self._curves.is_printed = self._is_printed = is_printed
        self.forget()

    def show_frame(self, frame: PlotFrame, pens: Sequence[TrendPen], columns: Sequence[Columns]) -> bool:
        """Show a frame with the columns of its pens; return whether anything had to be painted."""
        if frame == self._frame:
            return False
        before, self._frame = self._frame, frame
        if before is not None and frame.cursor is None and _differs_by_samples(before, frame):
            self._follow_samples(frame, pens, columns)
            return True
        view, geometry = QRectF(self.rect()), frame.geometry
        self._ground.follow(
            geometry,
            tag=frame.tag,
            lines=frame.lines,
            active=frame.active,
            view=view,
            ratio=self.ratio,
            is_fixed=frame.is_fixed,
        )
        self._marks.follow(geometry, view=view, is_live=frame.is_live, has_forecast=frame.outlook is not None)
        self._labels.follow(geometry, tag=frame.tag, lines=frame.lines, active=frame.active)
        self._band.follow(geometry, frame.outlook)
        self._strip.follow(geometry, frame.spans, view=view)
        near = self._deed_marks.near(geometry, frame.deeds, frame.cursor)
        words = self.tell(near) if near else ""
        self._deed_marks.follow(geometry, frame.deeds, frame.cursor, words=words, view=view)
        self._mark_lines.follow(geometry, frame.marks, view=view)
        self._caption.follow(geometry, signs=self._mark_lines.signs())
        self._follow_curves(frame, pens, columns)
        self._axes.follow(geometry, frame.axes, view=view)
        self._present.follow(geometry, frame.newest, color=_dot_color(frame.urgent), is_live=frame.is_live)
        self._follow_cursor(frame, pens, view)
        self.refresh()
        return True

    def _follow_samples(self, frame: PlotFrame, pens: Sequence[TrendPen], columns: Sequence[Columns]) -> None:
        """Show the same with further samples: curves and dot alone are others."""
        former = (self._present.place, self._held.place)
        changed = self._follow_curves(frame, pens, columns)
        color = _dot_color(frame.urgent)
        self._present.follow(frame.geometry, frame.newest, color=color, is_live=frame.is_live)
        if changed is None:
            self.refresh()
        else:
            self.refresh_at(changed, *former, self._present.place, self._held.place)

    def _follow_curves(self, frame: PlotFrame, pens: Sequence[TrendPen], columns: Sequence[Columns]) -> QRectF | None:
        drawn = [_drawn(frame, pen, part) for pen, part in zip(pens, columns, strict=True)]
        present = [(pen.tag, each) for pen, each in zip(pens, drawn, strict=True) if not pen.is_earlier]
        self._held.follow(present, frame.geometry, holds=self.holds)
        return self._curves.follow(drawn, frame.geometry, ratio=self.ratio)

    def _follow_cursor(self, frame: PlotFrame, pens: Sequence[TrendPen], view: QRectF) -> None:
        instant = frame.cursor
        values = []
        for pen in pens if instant is not None else ():
            former = frame.earlier if pen.is_earlier else 0
            found = pen.trace.at(instant - former) if instant is not None else None
            if instant is None or found is None:
                continue
            scale = frame.scale_of(pen.tag)
            is_within = scale.values.low <= found[0] <= scale.values.high
            text = reading(found[0], found[1], tag=pen.tag, time=instant, now=instant).full
            if pen.is_earlier:
                text = f"{text}  ({moment(instant - former, now=instant)})"
            color = theme().pen(pen.number) if len(pens) > 1 else theme().color("text")
            values.append(CursorValue(text, scale.y(found[0]) if is_within else None, color))
        self._cursor.follow(frame.geometry, instant, values, view=view)


def _differs_by_samples(before: PlotFrame, frame: PlotFrame) -> bool:
    """Return whether nothing is another but the newest samples; without a forecast the time of now is not seen."""
    geometry = frame.geometry if before.geometry.ahead_ns else replace(frame.geometry, now=before.geometry.now)
    newest = replace(frame.newest, time=before.newest.time, value=before.newest.value)
    return newest == before.newest and before == replace(
        frame, versions=before.versions, newest=before.newest, geometry=geometry
    )


def _drawn(frame: PlotFrame, pen: TrendPen, columns: Columns) -> DrawnCurve:
    scale = frame.scale_of(pen.tag)
    return pen.drawn(columns, scale.earlier(frame.earlier) if pen.is_earlier else scale)


def _dot_color(urgent: Priority | None) -> QColor:
    return theme().color("text") if urgent is None else theme().priority(urgent)
