"""The evidence of a case over time: how far each indicator was beyond its limit, line by line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.model.case import CaseEvidence
from widgets import number
from widgets.guarded_event import guarded_event
from widgets.theme import theme
from widgets.translation import tr

HEIGHT = 156
ROW = 18
"""The height of a further row of the legend, px."""
MOST = 100.0
LEAST = 0.5
DOT = 3.5
_MARKS = (1.0, 3.0, 10.0, 30.0, 100.0)
_SHORTEST_NS = 1_000_000_000


class EvidenceStrip(QWidget):
    """Times from left to right; the score in units of its limit on a logarithmic scale, the limit as a dashed line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[CaseEvidence, ...] = ()
        self._names: dict[str, str] = {}
        self._end = 0
        self._rows: list[list[tuple[float, str, int]]] = [[]]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_evidence(self, lines: Sequence[CaseEvidence], names: dict[str, str], *, end: int) -> None:
        """Show lines, oldest first; `names`: what their indicators are called; `end`: right edge, int64 ns UTC."""
        self._lines, self._names, self._end = tuple(lines), names, end
        self.setAccessibleName(tr("Evidence"))
        self.setAccessibleDescription("; ".join(self.text_of(line) for line in self._lines[-5:]))
        self.setToolTip(
            "\n".join(names.get(each, each) for each in self._indicators())
        )  # of a legend that is shortened
        self._rows = self._legend()
        self.updateGeometry()
        self.update()

    def text_of(self, line: CaseEvidence) -> str:
        """Return one line of evidence in words."""
        ratio = number.number(line.score / line.limit, decimals=2)
        tags = ", ".join(each.tag for each in line.contributions[:3])
        text = tr("{time}  {indicator}: {ratio} times its limit", time=number.day_and_time(line.time),
                  indicator=self._names.get(line.indicator, line.indicator), ratio=ratio)  # fmt: skip
        return f"{text}  ({tags}; {line.version})" if tags else f"{text}  ({line.version})"

    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(HEIGHT + ROW * (len(self._rows) - 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rows = self._legend()
        self.updateGeometry()  # a narrow legend takes more rows

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            near = self._nearest(QPointF(event.pos()))
            if near is None:
                QToolTip.showText(event.globalPos(), self.toolTip(), self)
            else:
                QToolTip.showText(event.globalPos(), self.text_of(near), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        self._rows = self._legend()  # the size of letters may be another one
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_legend(painter)
            for place, name in enumerate(self._indicators()):
                self._paint_course(painter, name, place)

    def _indicators(self) -> list[str]:
        return list(dict.fromkeys(line.indicator for line in self._lines))

    @property
    def _start(self) -> int:
        """The left edge: what is information may have been told before the first line, and joined the case later."""
        return min(line.time for line in self._lines)

    def _ground(self) -> QRectF:
        look = theme()
        top, bottom, left = look.px(24 + ROW * (len(self._rows) - 1)), look.px(20), look.px(40)
        return QRectF(left, top, self.width() - left - look.px(12), self.height() - top - bottom)

    def _y(self, ratio: float) -> float:
        ground = self._ground()
        share = math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
        return ground.bottom() - share * ground.height()

    def _x(self, time: int) -> float:
        ground = self._ground()
        start = self._start
        span = max(self._end - start, _SHORTEST_NS)
        return ground.left() + (time - start) / span * ground.width()

    def _nearest(self, point: QPointF) -> CaseEvidence | None:
        reach = 4.0 * theme().px(int(DOT))
        found = [
            (math.hypot(self._x(line.time) - point.x(), self._y(line.score / line.limit) - point.y()), line.number)
            for line in self._lines
        ]
        distance, chosen = min(found, default=(math.inf, 0))
        return self._lines[chosen - self._lines[0].number] if distance <= reach else None

    def _paint_ground(self, painter: QPainter) -> None:
        look, ground = theme(), self._ground()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("plot"))
        painter.drawRect(ground)
        painter.setFont(look.font("tiny"))
        metrics = QFontMetricsF(look.font("tiny"))
        for mark in _MARKS:
            y = self._y(mark)
            pen = QPen(look.color("limit" if mark == 1.0 else "grid"), 1)
            if mark == 1.0:
                pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))
            painter.setPen(look.color("dim"))
            text = f"×{mark:g}"
            painter.drawText(
                QPointF(ground.left() - metrics.horizontalAdvance(text) - look.px(6), y + look.px(4)), text
            )
        if self._lines:
            base = ground.bottom() + look.px(15)
            end = number.moment(self._end, now=self._end)
            painter.drawText(QPointF(ground.left(), base), number.moment(self._start, now=self._end))
            painter.drawText(QPointF(ground.right() - metrics.horizontalAdvance(end), base), end)

    def _legend(self) -> list[list[tuple[float, str, int]]]:
        """Return the names in as many rows as they need: each with its left edge, px, and the number of its pen."""
        look, metrics = theme(), QFontMetricsF(theme().font("small"))
        begin, end = float(look.px(40)), float(self.width() - look.px(12))
        sign, gap = look.px(13), look.px(18)
        rows: list[list[tuple[float, str, int]]] = [[]]
        left = begin
        for place, name in enumerate(self._indicators()):
            text = metrics.elidedText(
                self._names.get(name, name), Qt.TextElideMode.ElideRight, max(0.0, end - begin - sign)
            )
            width = sign + metrics.horizontalAdvance(text)
            if rows[-1] and left + width > end:
                rows.append([])
                left = begin
            rows[-1].append((left, text, place))
            left += width + gap
        return rows

    def _paint_legend(self, painter: QPainter) -> None:
        look = theme()
        painter.setFont(look.font("small"))
        for number_of_row, row in enumerate(self._rows):
            base = float(look.px(16 + ROW * number_of_row))
            for left, text, place in row:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.pen(place))
                painter.drawEllipse(QPointF(left + look.px(4), base - look.px(4)), look.px(4), look.px(4))
                painter.setPen(look.color("text"))
                painter.drawText(QPointF(left + look.px(13), base), text)

    def _paint_course(self, painter: QPainter, name: str, place: int) -> None:
        look = theme()
        points = [
            QPointF(self._x(line.time), self._y(line.score / line.limit))
            for line in self._lines
            if line.indicator == name
        ]
        painter.setPen(QPen(look.pen(place), 1.5 * look.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(look.pen(place))
        for point in points:
            painter.drawEllipse(point, DOT * look.scale, DOT * look.scale)
