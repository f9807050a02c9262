"""The course of an alarm system: activations per ten minutes with the floods marked, and the active alarms below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from app.alarm.statistics.definitions import PERIOD_NS
from app.alarm.statistics.figures import MOST_PER_PERIOD, AlarmFigures
from widgets import number
from widgets.alarm_performance.figure import rate_figure
from widgets.explain.subject import Subject, of_figure
from widgets.guarded_event import guarded_event
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.time_axis import time_ticks

HEIGHT, STANDING, CAPTION, AXIS, LEFT = 230, 56, 18, 20, 40
LEAST_BAR = 3.0
TICK_DISTANCE = 84


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn: of `group` periods each, the most that came in one of them and the most that were active."""

    group: int
    came: NDArray[np.int64]
    standing: NDArray[np.int64]


def bars_of(figures: AlarmFigures, most: int) -> Bars:
    """Return at most `most` bars; of several periods the highest counts, so that no peak is lost."""
    group = -(-len(figures.per_period) // max(1, most))
    starts = np.arange(0, len(figures.per_period), group)
    return Bars(
        group,
        np.maximum.reduceat(figures.per_period, starts),
        np.maximum.reduceat(figures.standing, starts),
    )


class RateStrip(QWidget):
    """Two strips over one time; a pointer on it is told what came then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: AlarmFigures | None = None
        self.setMinimumHeight(theme().px(HEIGHT))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(600), theme().px(HEIGHT))

    def show_figures(self, figures: AlarmFigures) -> None:
        """Draw these."""
        self._figures = figures
        self.setAccessibleName(tr("Alarms per 10 min"))
        self.update()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the bar at a place, None: the last one."""
        bar = self._bar_at(place.x() if place is not None else self._plot().right() - 1)
        return of_figure(rate_figure(*bar)) if bar is not None else None

    def told_at(self, x: float) -> str:
        """Return what is said of the place `x` px from the left, "" beside the strips."""
        bar = self._bar_at(x)
        if bar is None:
            return ""
        start, end, came, standing = bar
        when = f"{number.day_and_time(start)[:-3]} – {number.hour_minute(end)}"
        return "\n".join(
            (
                when,
                tr("Most alarms in 10 min: {n}", n=number.count(float(came))),
                tr("Active: {n}", n=number.count(float(standing))),
            )
        )

    def _bar_at(self, x: float) -> tuple[int, int, int, int] | None:
        """Return start, end, activations and active alarms of the bar there, None beside the strips."""
        plot = self._plot()
        figures = self._figures
        if figures is None or not plot.left() <= x < plot.right():
            return None
        bars = bars_of(figures, int(plot.width() / LEAST_BAR))
        span = len(bars.came) * bars.group * PERIOD_NS
        place = min(int((x - plot.left()) / plot.width() * len(bars.came)), len(bars.came) - 1)
        start = figures.start + int(place / len(bars.came) * span)
        return start, start + bars.group * PERIOD_NS, int(bars.came[place]), int(bars.standing[place])

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.told_at(event.pos().x())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._figures is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme().font("tiny"))
            self._paint(painter, self._figures)

    def _plot(self) -> QRectF:
        look = theme()
        return QRectF(look.px(LEFT), 0, max(1.0, self.width() - look.px(LEFT + 4)), self.height() - look.px(AXIS))

    def _paint(self, painter: QPainter, figures: AlarmFigures) -> None:
        look = theme()
        plot = self._plot()
        bars = bars_of(figures, int(plot.width() / LEAST_BAR))
        standing = QRectF(plot.left(), plot.bottom() - look.px(STANDING), plot.width(), look.px(STANDING))
        rate = QRectF(plot.left(), look.px(CAPTION), plot.width(), standing.top() - look.px(2 * CAPTION))
        span = len(bars.came) * bars.group * PERIOD_NS
        for ground in (rate, standing):
            painter.fillRect(ground, look.color("plot"))
        self._paint_floods(painter, figures, rate, span)
        most = max(int(bars.came.max()), round(1.5 * MOST_PER_PERIOD))
        self._paint_bars(painter, bars.came, rate, most)
        self._paint_line(painter, bars.standing, standing)
        self._paint_limit(painter, rate, most)
        captions = ((tr("Alarms per 10 min"), 0.0), (tr("Active alarms"), standing.top() - look.px(CAPTION)))
        painter.setPen(look.color("dim"))
        for text, top in captions:
            line = QRectF(plot.left(), top, plot.width(), look.px(CAPTION))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_scale(painter, rate, most)
        self._paint_scale(painter, standing, max(1, int(bars.standing.max())))
        self._paint_times(painter, figures, plot, span)

    def _paint_floods(self, painter: QPainter, figures: AlarmFigures, rate: QRectF, span: int) -> None:
        look = theme()
        for flood in figures.floods:
            left = rate.left() + (flood.start - figures.start) / span * rate.width()
            width = max(2.0, (flood.end - flood.start) / span * rate.width())
            painter.fillRect(QRectF(left, rate.top(), width, rate.height()), look.color("selection"))
            label = tr("Flood")
            if QFontMetricsF(painter.font()).horizontalAdvance(label) < width - look.px(4):
                painter.setPen(look.color("dim"))
                place = QRectF(left + look.px(3), rate.top() + look.px(2), width, look.px(CAPTION))
                painter.drawText(place, Qt.AlignmentFlag.AlignLeft, label)

    def _paint_bars(self, painter: QPainter, came: NDArray[np.int64], rate: QRectF, most: int) -> None:
        width = rate.width() / len(came)
        color = theme().color("pen_1")
        for place in np.flatnonzero(came).tolist():
            height = rate.height() * int(came[place]) / most
            left = rate.left() + place * width
            painter.fillRect(QRectF(left, rate.bottom() - height, max(1.0, width - 1.0), height), color)

    def _paint_line(self, painter: QPainter, active: NDArray[np.int64], ground: QRectF) -> None:
        most = max(1, int(active.max()))
        width = ground.width() / len(active)
        points = [
            QPointF(ground.left() + (place + 0.5) * width, ground.bottom() - ground.height() * count / most)
            for place, count in enumerate(active.tolist())
        ]
        painter.setPen(QPen(theme().color("pen_2"), theme().px(1.5)))
        painter.drawPolyline(QPolygonF(points))

    def _paint_limit(self, painter: QPainter, rate: QRectF, most: int) -> None:
        look = theme()
        y = rate.bottom() - rate.height() * MOST_PER_PERIOD / most
        painter.setPen(QPen(look.color("limit"), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(rate.left(), y), QPointF(rate.right(), y))
        painter.setPen(look.color("dim"))
        self._paint_number(painter, y, MOST_PER_PERIOD)

    def _paint_scale(self, painter: QPainter, ground: QRectF, most: int) -> None:
        painter.setPen(theme().color("dim"))
        self._paint_number(painter, ground.top() + theme().px(5), most)

    def _paint_number(self, painter: QPainter, y: float, value: int) -> None:
        look = theme()
        place = QRectF(0, y - look.px(8), look.px(LEFT - 6), look.px(16))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number.count(value))

    def _paint_times(self, painter: QPainter, figures: AlarmFigures, plot: QRectF, span: int) -> None:
        look = theme()
        count = max(2, int(plot.width() / look.px(TICK_DISTANCE)))
        painter.setPen(look.color("dim"))
        for tick in time_ticks(figures.start, figures.start + span, count):
            x = plot.left() + (tick.time - figures.start) / span * plot.width()
            place = QRectF(x - look.px(50), plot.bottom(), look.px(100), look.px(AXIS))
            if place.right() < self.width() + look.px(20):
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.label)
