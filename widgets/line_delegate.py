"""Lines of a list: a name, something dim about it beside it, and what kind of thing it is at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.theme import theme

DETAIL = Qt.ItemDataRole.UserRole + 1
KIND = Qt.ItemDataRole.UserRole + 2
ROW = 32
PADDING = 10


def line(name: str, *, detail: str = "", kind: str = "", payload: object = None) -> QListWidgetItem:
    """Return an item for a list with a LineDelegate; `payload` stands under UserRole."""
    item = QListWidgetItem(name)
    item.setData(Qt.ItemDataRole.UserRole, payload)
    item.setData(DETAIL, detail)
    item.setData(KIND, kind)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in (name, detail, kind) if part))
    return item


class LineDelegate(QStyledItemDelegate):
    """Paints the lines made by `line`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(theme().px(100), theme().hit(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selection"))
            painter.drawRoundedRect(rect, 4, 4)
        room = rect.adjusted(look.px(PADDING), 0, -look.px(PADDING), 0)
        small = QFontMetrics(look.font("small"))
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        kind = str(index.data(KIND) or "")
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, kind)
        room.setRight(room.right() - small.horizontalAdvance(kind) - look.px(PADDING))
        room.setLeft(room.left() + self._paint_name(painter, room, str(index.data())))
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        detail = small.elidedText(str(index.data(DETAIL) or ""), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, detail)
        painter.restore()

    @staticmethod
    def _paint_name(painter: QPainter, room: QRect, name: str) -> int:
        """Paint the name; return how much room it took."""
        look = theme()
        metrics = QFontMetrics(look.font("body"))
        painter.setFont(look.font("body"))
        painter.setPen(look.color("text"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown) + look.px(PADDING)
