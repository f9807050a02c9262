"""The evidence of a case over time: how far each indicator was beyond its limit, line by line."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.model.case import CaseEvidence
from app.model.clock import NS_PER_S
from widgets import number
from widgets.plot.axis import time_marks
from widgets.plot.column import Column
from widgets.plot.library import InfiniteLine, PlotDataItem
from widgets.plot.plot import Plot
from widgets.theme import theme
from widgets.translation import tr

HEIGHT = 132
LEAST, MOST = 0.5, 100.0
"""The ratios to the limit between which lines stand; one beyond them stands at the end."""
DOT, REACH = 7, 12
"""The size of a line's dot, and how far from it a pointer may be, px at scale 1."""
_MARKS = (1.0, 3.0, 10.0, 30.0, 100.0)
_ABOVE = 0.14
"""How far the upright axis goes beyond MOST, in powers of ten: a dot there is whole."""
_ROOM = 0.02
"""How far, in parts of the span, the level axis goes beyond the first and the last line, for the same."""


class EvidencePlot(Plot):
    """Times from left to right; the score in units of its limit on a logarithmic scale, the limit as a dashed line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: tuple[CaseEvidence, ...] = ()
        self._names: dict[str, str] = {}
        self.legend = QLabel()
        super().__init__(parent)
        self.legend.setWordWrap(True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setProperty("lettering", "small")
        self.legend.setContentsMargins(theme().px(8), 0, theme().px(8), 0)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, self.legend)
        self.view.setFixedHeight(theme().px(HEIGHT))  # what is left belongs to the trends below
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.x_axis.marks = time_marks
        self.y_axis.marks = _ratio_marks

    @property
    def indicators(self) -> list[str]:
        """Return what is shown, in the order of its first lines."""
        return list(dict.fromkeys(line.indicator for line in self._lines))

    def show_evidence(self, lines: Sequence[CaseEvidence], names: dict[str, str], *, end: int) -> None:
        """Show lines, oldest first; `names`: what their indicators are called; `end`: right edge, int64 ns UTC."""
        self._lines, self._names = tuple(lines), names
        self._is_empty = not lines
        self.title = tr("Evidence: times the limit")
        self.setAccessibleDescription("; ".join(self.text_of(line) for line in self._lines[-5:]))
        if lines:
            # what is information may have been told before the first line, and joined the case later
            start = min(line.time for line in lines)
            room = _ROOM * max(end - start, NS_PER_S)
            across = ((start - room) / NS_PER_S, (max(end, start + NS_PER_S) + room) / NS_PER_S)
            self._see(across, (math.log10(LEAST), math.log10(MOST) + _ABOVE), is_growing=True)
        self._write_legend()
        self._redraw()

    def text_of(self, line: CaseEvidence) -> str:
        """Return one line of evidence in words."""
        ratio = number.number(line.score / line.limit, decimals=2)
        tags = ", ".join(each.tag for each in line.contributions[:3])
        text = tr("{time}  {indicator}: {ratio} times its limit", time=number.day_and_time(line.time),
                  indicator=self._names.get(line.indicator, line.indicator), ratio=ratio)  # fmt: skip
        return f"{text}  ({tags}; {line.version})" if tags else f"{text}  ({line.version})"

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._needed())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._needed())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # a narrow legend takes more rows

    def _needed(self) -> int:
        """Return how high it is: its title, the rows of its legend, and the plane."""
        rows = self.legend.heightForWidth(max(self.width(), 1))
        return self._head.height() + rows + int(self.view.height())

    def told_at(self, place: QPointF) -> str:
        (left, right), (low, high) = self.box.viewRange()
        across, up = self.box.width() / (right - left), self.box.height() / (high - low)
        away = [
            math.hypot((line.time / NS_PER_S - place.x()) * across, (_height(line) - place.y()) * up)
            for line in self._lines
        ]
        nearest = min(range(len(away)), key=away.__getitem__, default=None)
        return self.text_of(self._lines[nearest]) if nearest is not None and away[nearest] <= theme().px(REACH) else ""

    def columns(self) -> list[Column]:
        found = []
        for indicator in self.indicators:
            own = [line for line in self._lines if line.indicator == indicator]
            times = np.array([line.time for line in own], np.int64)
            ratios = np.array([line.score / line.limit for line in own], np.float64)
            found += [Column(tr("Time"), times, is_time=True), Column(self._names.get(indicator, indicator), ratios)]
        return found

    def dress(self) -> None:
        super().dress()
        self._write_legend()

    def _draw(self) -> None:
        look = theme()
        limit = self.stroke(look.color("limit"), 1, Qt.PenStyle.DashLine)
        self._add(InfiniteLine(0.0, angle=0, pen=limit))
        for place, indicator in enumerate(self.indicators):
            own = [line for line in self._lines if line.indicator == indicator]
            color = look.pen(place)
            item = PlotDataItem(
                np.array([line.time / NS_PER_S for line in own]),
                np.array([_height(line) for line in own]),
                pen=self.stroke(color, 1.5 * look.scale),
                symbol="o",
                symbolSize=look.px(DOT),
                symbolPen=None,
                symbolBrush=color,
                antialias=True,
            )
            self._add(item, level=1)

    def _write_legend(self) -> None:
        """Name each indicator behind a dot of its colour; the names stand in as many rows as they need."""
        look = theme()
        self.legend.setText(
            " &nbsp; ".join(
                f'<span style="color:{look.pen(place).name()}">●</span>&nbsp;'
                + html.escape(self._names.get(name, name)).replace(" ", "&nbsp;")
                for place, name in enumerate(self.indicators)
            )
        )
        self.updateGeometry()


def _height(line: CaseEvidence) -> float:
    """Return where a line of evidence stands on the logarithmic axis."""
    return math.log10(min(max(line.score / line.limit, LEAST), MOST))


def _ratio_marks(low: float, high: float, count: int) -> Sequence[tuple[float, str]]:
    """Return ×1, ×3, ×10 and so on that are in view, whatever their number: they are what such a scale is read by."""
    del count
    return [(math.log10(mark), f"×{mark:g}") for mark in _MARKS if low <= math.log10(mark) <= high]
