"""What is drawn of the last columns of a curve with each new sample: so few that arrays take longer than numbers."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QRectF

from widgets.trend.drawn_curve import HALF, DrawnCurve, beside
from widgets.trend.span_curve import TALL, Line


def hold_tail(drawn: DrawnCurve, left: float, *, ratio: float) -> None:
    """Have a curve hold what is drawn of it right of `left`, px: the same as `hold_shapes` has there of all of it."""
    tail = _Tail(drawn, drawn.begin_of(left))
    half = drawn.curve.bar_width(ratio) / 2
    bars: list[QRectF] = []
    lines: tuple[list[Line], list[Line]] = ([], [])
    was_bar = False
    for row, x in enumerate(tail.x):
        low, high = tail.low[row], tail.high[row]
        is_doubtful, is_joined = tail.doubtful[row], row > 0 and not tail.severed[row]
        is_bar = low - high > TALL and not is_doubtful
        if is_bar:
            start, top = floor((x - half) * ratio + HALF) / ratio, round((high - half) * ratio) / ratio
            bars.append(QRectF(start, top, 2 * half, round((low + half) * ratio) / ratio - top))
        elif low != high:
            lines[is_doubtful].append((x, low, x, high))
        elif not is_joined and tail.ends_at(row):
            lines[is_doubtful].append((x - 1, low, x + 1, low))
        if is_joined and not (is_bar and was_bar and tail.touches(row)):
            lines[is_doubtful].extend(tail.joint(row))
        was_bar = is_bar
    drawn.curve.hold_few(bars, *lines)


class _Tail:
    """The columns of a curve from a row on, in px: `x`, and `low` and `high` from the top, so that low is more."""

    def __init__(self, drawn: DrawnCurve, begin: int) -> None:
        scale, columns, self._is_stepped = drawn.scale, drawn.columns, drawn.curve.is_stepped
        self._first, self._last = columns.first[begin:], columns.last[begin:]
        self.doubtful, self.severed = columns.doubtful[begin:].tolist(), columns.severed[begin:].tolist()
        self._index = columns.index[begin:].tolist()
        origin = scale.start // (scale.column_ns // drawn.parts)
        left = scale.plot.left()
        self.x = [left + (index - origin + 0.5) / drawn.parts for index in self._index]
        self._beside = beside(scale.plot)
        height = scale.plot.height()
        self._factor = height / scale.values.span
        self._foot = scale.plot.bottom() + scale.values.low * self._factor
        self._top, self._bottom = scale.plot.top() - height, scale.plot.bottom() + height
        self.low = [self._y(value) for value in columns.low[begin:].tolist()]
        self.high = [self._y(value) for value in columns.high[begin:].tolist()]

    def _y(self, value: float) -> float:
        height = self._foot - value * self._factor
        if height < self._top:
            return self._top
        return min(height, self._bottom)

    def ends_at(self, row: int) -> bool:
        """Return whether no line leads from a row to the next one."""
        return row + 1 == len(self.x) or self.severed[row + 1]

    def touches(self, row: int) -> bool:
        """Return whether a row touches the one before: the line between two bars would be unseen."""
        is_beside = self._index[row] - self._index[row - 1] == 1
        return is_beside and self.high[row] <= self.low[row - 1] and self.high[row - 1] <= self.low[row]

    def joint(self, row: int) -> list[Line]:
        """Return the lines that lead to a row from the one before it."""
        before, x = self.x[row - 1], self.x[row]
        last, first = self._y(float(self._last[row - 1])), self._y(float(self._first[row]))
        if self._is_stepped:
            return [self._within(before, last, x, last), self._within(x, last, x, first)]
        return [self._within(before, last, x, first)]

    def _within(self, x0: float, y0: float, x1: float, y1: float) -> Line:
        """Return a line without what lies far beside the plot, as `within` does it for many."""
        left, right = self._beside
        if left <= x0 and x1 <= right:
            return x0, y0, x1, y1
        slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
        begin, end = min(max(x0, left), right), min(max(x1, left), right)
        return begin, y0 + slope * (begin - x0), end, y0 + slope * (end - x0)
