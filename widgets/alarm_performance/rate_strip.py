"""The course of an alarm system: activations per ten minutes with the floods marked, and the active alarms below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.alarm.statistics.definitions import PERIOD_NS
from app.alarm.statistics.figures import MOST_PER_PERIOD, AlarmFigures
from app.model.clock import NS_PER_S
from widgets import number
from widgets.plot.axis import count_marks, time_marks
from widgets.plot.curve import Curve, Mark, Stretch
from widgets.plot.line_plot import LinePlot
from widgets.theme import theme
from widgets.translation import tr

HEIGHT, LEFT = 236, 40
PERIOD_S = PERIOD_NS / NS_PER_S


class RateStrip(QWidget):
    """Two plots over one time: what is in view, and the cursor, are the same in both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: AlarmFigures | None = None
        self.rate, self.active = LinePlot(), LinePlot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot, stretch in ((self.rate, 3), (self.active, 2)):
            plot.x_axis.marks, plot.y_axis.marks = time_marks, count_marks
            plot.y_axis.least_room = LEFT
            plot.readout, plot.has_times = self.told_at, True
            column.addWidget(plot, stretch)
        self.rate.x_axis.hide_labels()
        self.active.hide_readout()
        self.active.box.setXLink(self.rate.box)
        self.rate.cursor_moved.connect(self.active.move_cursor)
        self.active.cursor_moved.connect(self.rate.move_cursor)
        self.setMinimumHeight(theme().px(HEIGHT))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(600), theme().px(HEIGHT))

    def show_figures(self, figures: AlarmFigures) -> None:
        """Show the course of these figures: alarms per ten minutes, active ones, floods."""
        self._figures = figures
        self.rate.title, self.active.title = tr("Alarms per 10 min"), tr("Active alarms")
        self.rate.x_head = self.active.x_head = tr("Time")
        starts = figures.start / NS_PER_S + PERIOD_S * np.arange(len(figures.per_period) + 1, dtype=np.float64)
        floods = [Stretch(flood.start / NS_PER_S, flood.end / NS_PER_S, tr("Flood")) for flood in figures.floods]
        limit = Mark(MOST_PER_PERIOD, number.count(MOST_PER_PERIOD))
        # up, along and down again at each edge
        x, y = np.repeat(starts, 2), np.concatenate(([0], np.repeat(figures.per_period, 2), [0])).astype(np.float64)
        self.rate.show_curves([Curve(x, y, is_filled=True)], limits=[limit], stretches=floods)
        self.active.show_curves(
            [Curve(starts, np.append(figures.standing, figures.standing[-1:]).astype(np.float64), is_second=True)]
        )

    def told_at(self, x: float) -> str:
        """Return what is said of an instant, s since 1970 UTC."""
        figures = self._figures
        if figures is None:
            return ""
        place = int((x - figures.start / NS_PER_S) / PERIOD_S)
        place = min(max(place, 0), len(figures.per_period) - 1)
        start = figures.start + place * PERIOD_NS
        when = f"{number.day_and_time(start)[:-3]} – {number.hour_minute(start + PERIOD_NS)}"
        came = tr("Alarms: {n}", n=number.count(float(figures.per_period[place])))
        active = tr("Active: {n}", n=number.count(float(figures.standing[place])))
        return f"{when}   {came}   {active}"
