"""Paints the rows of alarm lists: the sign in the first column, waiting alarms in strong text, the rest quiet."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.model.alarm import AlarmRecord
from widgets.alarm.shape import paint_shape
from widgets.model.alarm_group import AlarmGroup
from widgets.rule import draw_level
from widgets.theme import REGULAR, SEMIBOLD, theme

ROW = 34
TOUCH_ROW = 52  # with the gap of a border 44 px can be hit with a glove
SHAPE = 18
PADDING = 8
ARM = 4


class AlarmDelegate(QStyledItemDelegate):
    """One for each list; `right` columns are aligned to the right."""

    def __init__(self, view: QTableView, *, right: Collection[int], is_journal: bool = False) -> None:
        super().__init__(view)
        self._view = view
        self._right = frozenset(right)
        self._is_journal = is_journal
        self.phase = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        look = theme()
        width = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(str(index.data()))
        return QSize(width + 2 * look.px(PADDING), look.hit(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme()
        rect: QRect = option.rect
        record: AlarmRecord | AlarmGroup = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selection"))
        elif isinstance(record, AlarmGroup):
            painter.fillRect(rect, look.color("raised"))
        _paint_foot(painter, rect, look.color("line"))
        if isinstance(record, AlarmGroup):
            self._paint_head(painter, rect, record)
        elif index.column() == 0:
            self._paint_sign(painter, rect, record)
        else:
            self._paint_text(painter, rect, index, is_waiting=record.state.needs_acknowledge)
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            self._paint_frame(painter, rect)
        painter.restore()

    def _paint_sign(self, painter: QPainter, rect: QRect, record: AlarmRecord) -> None:
        look = theme()
        side = look.px(SHAPE)
        sign = QRectF(rect.left() + look.px(PADDING + 4), rect.center().y() - side / 2 + 0.5, side, side)
        paint_shape(painter, sign, priority=record.priority, state=record.state, phase=self.phase)

    def _paint_head(self, painter: QPainter, rect: QRect, group: AlarmGroup) -> None:
        """Draw that part of a group's head which lies in this cell: the head goes over all columns."""
        look = theme()
        left, side = -self._view.horizontalHeader().offset(), look.px(SHAPE)
        middle = rect.center().y() + 0.5
        painter.setClipRect(rect)
        _paint_arrow(painter, QPointF(left + look.px(PADDING + 6), middle), is_open=group.is_open)
        sign = QRectF(left + look.px(PADDING + 20), middle - side / 2, side, side)
        paint_shape(painter, sign, priority=group.priority, state=group.state, phase=self.phase)
        painter.setFont(look.font("body", weight=SEMIBOLD))
        painter.setPen(look.color("text"))
        start = int(sign.right()) + look.px(10)
        room = QRect(start, rect.top(), self._view.viewport().width() - start, rect.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, group.text)

    def _paint_frame(self, painter: QPainter, rect: QRect) -> None:
        """Show which row the keys act on."""
        accent = theme().color("accent")
        draw_level(painter, rect.top() + 0.5, (rect.left(), rect.left() + rect.width()), accent)
        _paint_foot(painter, rect, accent)

    def _paint_text(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, *, is_waiting: bool
    ) -> None:
        look = theme()
        is_strong = is_waiting and not self._is_journal
        font = look.font("body", weight=SEMIBOLD if is_strong else REGULAR)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        room = rect.adjusted(look.px(PADDING), 0, -look.px(PADDING), 0)
        text = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if index.column() in self._right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_foot(painter: QPainter, rect: QRect, color: QColor) -> None:
    """Draw the lower edge of a cell, not a pixel beyond it: its neighbour would not paint that again."""
    draw_level(painter, rect.top() + rect.height() - 0.5, (rect.left(), rect.left() + rect.width()), color)


def _paint_arrow(painter: QPainter, middle: QPointF, *, is_open: bool) -> None:
    arm = theme().px(ARM)
    points = (
        [(-arm, -arm / 2), (0, arm / 2), (arm, -arm / 2)]
        if is_open
        else [(-arm / 2, -arm), (arm / 2, 0), (-arm / 2, arm)]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("dim"), 1.8))
    painter.drawPolyline(QPolygonF([QPointF(middle.x() + x, middle.y() + y) for x, y in points]))
