"""Fields for choosing: the system's combo box, check box and ticks in lists, with marks in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
)

from widgets.theme import Token, theme

TICK = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))
SOME = ((0.28, 0.5), (0.72, 0.5))
"""What stands in a box, in parts of its side: all of it is chosen, or some of what is below it."""


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
    """The system's check box with a tick in the theme's colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        with QPainter(self) as painter:
            _mark(painter, box, TICK)


class TickDelegate(QStyledItemDelegate):
    """Draws the items of a list or tree, and what is chosen with a mark: colour alone tells nothing."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or Qt.CheckState(state) is Qt.CheckState.Unchecked:
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        box = shown.widget.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, shown, shown.widget)
        painter.save()
        _mark(painter, box, TICK if Qt.CheckState(state) is Qt.CheckState.Checked else SOME)
        painter.restore()


def _mark(painter: QPainter, box: QRect, shape: tuple[tuple[float, float], ...]) -> None:
    side = box.width()
    _paint_line(painter, [(box.left() + x * side, box.top() + y * side) for x, y in shape], "background")
