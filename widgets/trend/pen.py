"""One tag in a pane: its curve, where its history comes from, and its line in the plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from app.model.tag import TagDefinition, TagKind
from widgets.theme import Theme, theme
from widgets.trend.decimate import Columns
from widgets.trend.drawn_curve import DrawnCurve
from widgets.trend.geometry import PARTS, Geometry
from widgets.trend.growing_columns import NO_COLUMNS
from widgets.trend.history_loader import HistoryLoader
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.span_curve import SpanCurve
from widgets.trend.trace import Trace
from widgets.trend.value_axis import axis_key

SPARSE = 0.7
"""Below this many points per pixel column, columns are divided so that every point stands at its own time."""


EARLIER_ALPHA = 0.5


class TrendPen:
    """The pen `number` (0, 1, ...) of a pane. `is_earlier`: it draws a former time, thin and pale."""

    def __init__(self, tag: TagDefinition, live: LiveBuffer, *, history: Path, number: int, owner: QObject) -> None:
        self.tag = tag
        self.number = number
        self.trace = Trace(tag, live)
        self.loader = HistoryLoader(history, owner)
        self.curve = SpanCurve(is_stepped=tag.kind is TagKind.DISCRETE)
        self.parts = 1
        self._source = NO_COLUMNS
        self.is_earlier = False
        self._look: Theme | None = None

    def load(self, geometry: Geometry, *, now: int) -> None:
        """Ask for the history that is missing in view; `now`: the present instant, int64 ns UTC."""
        query = self.trace.wanted(geometry.start, geometry.end, geometry.column_ns, now=now)
        if query is not None:
            self.loader.ask(query, self.trace)

    def columns(self, geometry: Geometry) -> Columns:
        """Return what is to be drawn, and remember how fine its columns are."""
        columns = self._columns(geometry)
        if (self.parts == 1) == _is_sparse(columns, self.parts):
            self.parts = PARTS if self.parts == 1 else 1
            columns = self._columns(geometry)
        return columns

    def _columns(self, geometry: Geometry) -> Columns:
        width = geometry.column_ns // self.parts
        first = geometry.start // width
        self._source = self.trace.all_columns(width)
        return self._source.reaching(first, first + geometry.columns * self.parts)

    def drawn(self, columns: Columns, geometry: Geometry) -> DrawnCurve:
        """Return what the plot has to draw of columns that were asked for last."""
        if self._look is not theme():
            self._look = theme()
            color = QColor(theme().pen(self.number))
            if self.is_earlier:
                color.setAlphaF(EARLIER_ALPHA)
            self.curve.color = color
            self.curve.width = (1.0 if self.is_earlier else 1.6) * theme().scale
        return DrawnCurve(self.curve, columns, self._source, geometry, self.parts)

    def close(self) -> None:
        """Give up what is still being read of the history."""
        self.loader.cancel()
        self.loader.deleteLater()


def _is_sparse(columns: Columns, parts: int) -> bool:
    """Return whether points are few per pixel where there are any; between two thresholds nothing changes."""
    if not len(columns):
        return parts > 1
    pixels = (int(columns.index[-1]) - int(columns.index[0])) / parts + 1
    return len(columns) < (SPARSE if parts == 1 else 1.4 * SPARSE) * pixels


def by_axis(pens: Sequence[TrendPen]) -> list[list[TrendPen]]:
    """Return the pens that share an axis, the axis of the first pen first."""
    groups: dict[tuple[str, bool], list[TrendPen]] = {}
    for pen in pens:
        groups.setdefault(axis_key(pen.tag), []).append(pen)
    return list(groups.values())
