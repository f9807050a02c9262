"""Fields for choosing: the system's combo box and check box with marks in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QStyle, QStyleOptionButton

from widgets.theme import Token, theme


def _paint_line(painter: QPainter, points: list[tuple[float, float]], token: Token) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(theme().color(token), 1.8, Qt.PenStyle.SolidLine, cap, join))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


class ChoiceBox(QComboBox):
    """One of several texts."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arm = theme().px(4)
        x, y = self.width() - 3.0 * arm, self.height() / 2
        with QPainter(self) as painter:
            _paint_line(painter, [(x - arm, y - arm / 2), (x, y + arm / 2), (x + arm, y - arm / 2)], "dim")


class TickBox(QCheckBox):
    """Yes or no."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        side = box.width()
        points = [(0.25, 0.52), (0.43, 0.70), (0.76, 0.32)]
        with QPainter(self) as painter:
            _paint_line(painter, [(box.left() + x * side, box.top() + y * side) for x, y in points], "background")
