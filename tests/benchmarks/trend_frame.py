"""One frame of a chart with 8 pens of 100,000 new points each, lines of 2 px: ours and the others that can draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.model import status
from app.model.block import ValueArray
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.series import Series
from app.model.tag import TagDefinition
from app.model.text import LocalText
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run
from tests.benchmarks.screen_time import application, costs, shown, timed
from tests.benchmarks.uplot_page import UplotPage
from widgets.number import Quality
from widgets.theme import theme
from widgets.trend.decimate import decimate, samples
from widgets.trend.geometry import Geometry, column_width, left_edge
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.pen import TrendPen
from widgets.trend.present import Newest
from widgets.trend.trace import HistoryQuery, LoadedHistory
from widgets.trend.trend_plot import PlotFrame, TrendPlot, present_look
from widgets.trend.value_range import Extent

PENS, POINTS = 8, 100_000
WIDTH, HEIGHT = 1_200, 600
SCALE = 1.25
LINE_PX = 2
BEGIN = 1_795_000_000 * NS_PER_S
STEP_NS = 100 * NS_PER_MS
TIME = BEGIN + np.arange(POINTS) * STEP_NS
END = BEGIN + POINTS * STEP_NS
GOOD = np.full(POINTS, status.GOOD, np.uint32)
COURSES = 3
"""So many courses of each pen are made beforehand, so that every frame shows other points than the one before."""
Courses = Sequence[Sequence[ValueArray]]


def measure_frame(*, turns: int, budget_s: float) -> Iterator[Figure]:
    """Yield what one frame costs, each peer beside ours of the same run."""
    application(scale=SCALE)
    courses = made_courses()
    ours, same, raw, fill = OurChart(courses), DecimatedChart(courses), RawChart(courses), Fill()
    contestants = [
        timed(chart.show_course, times=times) for chart, times in ((ours, 3), (same, 2), (raw, 1), (fill, 9))
    ]
    with ExitStack() as closing:
        try:
            page = closing.enter_context(UplotPage(courses, width=WIDTH, height=HEIGHT, line_px=LINE_PX))
            contestants.append(page.frame_s)
        except pytest.skip.Exception as reason:
            say_not_run(str(reason))
        found = [cost * 1_000 for cost in costs(contestants, turns=turns, budget_s=budget_s)]
    names = ("pyqtgraph, same decimation", "pyqtgraph, plain setData", "filling the picture", "uPlot in Chromium")
    goals = ("ratio <= 0.25", "ratio <= 0.083", "ratio <= 30", "ratio <= 0.333")
    for name, goal, cost in zip(names, goals, found[1:], strict=False):
        yield Figure(f"a frame of {PENS} pens x {POINTS:,} points, {LINE_PX} px", "ms", found[0], cost, name, goal)


def made_courses() -> list[list[ValueArray]]:
    """Return noisy waves between 0 and 10, one per pen, `COURSES` times."""
    chance = np.random.default_rng(20_260)
    at = np.arange(POINTS) / POINTS * 2 * np.pi
    return [
        [5 + 3 * np.sin(at * (pen + 2) + course) + chance.normal(0, 0.3, POINTS) for pen in range(PENS)]
        for course in range(COURSES)
    ]


class OurChart:
    """The plot of a trend pane with its ground, axes and pens, as a page shows it."""

    def __init__(self, courses: Courses) -> None:
        self.plot = TrendPlot(time_scale=1.0)
        self._courses = courses
        self._owner = QObject()
        tags = [TagDefinition(pen, f"T{pen}", "E", LocalText("signal"), "c", "a") for pen in range(PENS)]
        self._pens = [
            TrendPen(tag, LiveBuffer(1), history=Path("none"), number=tag.handle, owner=self._owner) for tag in tags
        ]
        shown(self.plot, WIDTH, HEIGHT)

    def show_course(self, number: int) -> None:
        """Take new points for every pen and paint them."""
        for pen, values in zip(self._pens, self._courses[number % COURSES], strict=True):
            query = HistoryQuery(pen.tag.name, BEGIN, END)
            pen.trace.take(LoadedHistory(query, samples(Series(TIME, values, GOOD)), asked=END + number))
        geometry = self._geometry()
        columns = [pen.columns(geometry) for pen in self._pens]
        self.plot.show_frame(self._frame(geometry), self._pens, columns)
        self.plot.repaint()

    def _geometry(self) -> Geometry:
        look = theme()
        left, foot = look.px(50), look.px(24)
        plot = QRectF(left, 1, WIDTH - left - 1, HEIGHT - foot)
        columns = int(plot.width())
        width = column_width(POINTS * STEP_NS, columns)
        return Geometry(plot, plot.right(), left_edge(END - 1, columns, width), width, END, 0, Extent(0.0, 10.0))

    def _frame(self, geometry: Geometry) -> PlotFrame:
        return PlotFrame(
            geometry=geometry,
            tag=self._pens[0].tag,
            lines=(),
            active=(),
            urgent=None,
            outlook=None,
            newest=Newest(0, float("nan"), Quality.GOOD, ""),
            versions=tuple(pen.trace.version() for pen in self._pens),
            cursor=None,
            is_live=False,
            spans=(),
            look=present_look(1.0),
        )


class RawChart:
    """pyqtgraph's plot that is given all points."""

    def __init__(self, courses: Courses) -> None:
        self._courses = courses
        self._x = (TIME - BEGIN) / NS_PER_S
        self.plot = pyqtgraph.PlotWidget(background=theme().color("plot"))
        self.plot.disableAutoRange()
        self.plot.setXRange(0, POINTS * STEP_NS / NS_PER_S, padding=0)
        self.plot.setYRange(0, 10, padding=0)
        self._curves = [
            self._curve(pyqtgraph.mkPen(QColor(theme().pen(number)), width=LINE_PX)) for number in range(PENS)
        ]
        for curve in self._curves:
            self.plot.addItem(curve)
        shown(self.plot, WIDTH, HEIGHT)

    def show_course(self, number: int) -> None:
        """Take new points for every pen and paint them."""
        for curve, values in zip(self._curves, self._courses[number % COURSES], strict=True):
            curve.setData(*self._points(values))
        self.plot.viewport().repaint()

    def _curve(self, pen: object) -> pyqtgraph.GraphicsObject:
        return pyqtgraph.PlotDataItem(pen=pen)

    def _points(self, values: ValueArray) -> tuple[ValueArray, ValueArray]:
        return self._x, values


class DecimatedChart(RawChart):
    """pyqtgraph's quickest curve, given the lowest and the highest value of each of our columns."""

    _width = column_width(POINTS * STEP_NS, WIDTH - 62)

    def _curve(self, pen: object) -> pyqtgraph.GraphicsObject:
        return pyqtgraph.PlotCurveItem(pen=pen, skipFiniteCheck=True)

    def _points(self, values: ValueArray) -> tuple[ValueArray, ValueArray]:
        columns = decimate(samples(Series(TIME, values, GOOD)), self._width)
        x = np.repeat((columns.index * self._width - BEGIN) / NS_PER_S, 2)
        return x, np.column_stack((columns.low, columns.high)).ravel()


class Fill(QWidget):
    """A widget that puts a filled picture of its size on the screen: nothing that is drawn can be quicker."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        shown(self, WIDTH, HEIGHT)

    def show_course(self, number: int) -> None:
        """Fill it with another colour."""
        self._image.fill(theme().pen(number))
        self.repaint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        with QPainter(self) as painter:
            painter.drawImage(0, 0, self._image)
