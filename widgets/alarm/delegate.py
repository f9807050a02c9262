"""Paints the rows of alarm lists: the sign in the first column, waiting alarms in strong text, the rest quiet."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.model.alarm import AlarmRecord
from widgets.shape import paint_shape
from widgets.theme import REGULAR, SEMIBOLD, theme

ROW = 34
SHAPE = 18
PADDING = 8


class AlarmDelegate(QStyledItemDelegate):
    """One for each list; `right` columns are aligned to the right."""

    def __init__(self, view: QTableView, *, right: Collection[int], is_journal: bool = False) -> None:
        super().__init__(view)
        self._right = frozenset(right)
        self._is_journal = is_journal
        self.phase = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        look = theme()
        width = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(str(index.data()))
        return QSize(width + 2 * look.px(PADDING), look.px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme()
        rect: QRect = option.rect
        record: AlarmRecord = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selection"))
        painter.setPen(look.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if index.column() == 0:
            side = look.px(SHAPE)
            sign = QRectF(rect.left() + look.px(PADDING + 4), rect.center().y() - side / 2 + 0.5, side, side)
            paint_shape(painter, sign, priority=record.priority, state=record.state, phase=self.phase)
        else:
            self._paint_text(painter, rect, index, is_waiting=record.state.needs_acknowledge)
        painter.restore()

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
