"""The equipment tree at the left: where to look first, by worst alarm and lowest health."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.model.alarm import Priority
from widgets.alarm.shape import paint_shape
from widgets.explain.subject import Subject, of_health, row_at
from widgets.feed import Feed
from widgets.model.equipment_tree import EquipmentStatus, EquipmentTree
from widgets.navigation import Navigation
from widgets.number import NO_VALUE
from widgets.theme import REGULAR, SEMIBOLD, Token, theme
from widgets.translation import tr

ROW = 31
BAR = 44
NARROW_BAR = 28
NARROW_BELOW = 320
NUMBER = 30
SHAPE = 18
INDENT = 16
NARROW_INDENT = 12
LOW_HEALTH = 80.0

Index = QModelIndex | QPersistentModelIndex


class EquipmentDelegate(QStyledItemDelegate):
    """Paints one row: name, worst alarm, health bar and number."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        self.phase = True

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option
        look = theme()
        name = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(str(index.data()))
        return QSize(name, look.hit(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        rect: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        status: EquipmentStatus = index.data(EquipmentTree.STATUS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = rect.right() - look.px(12)
        right = self._paint_health(painter, rect, right, status, is_strong=is_selected)
        if status.priority is not None:
            side = look.px(SHAPE)
            sign = QRectF(right - side - look.px(6), rect.center().y() - side / 2 + 0.5, side, side)
            paint_shape(painter, sign, priority=status.priority, state=status.state, phase=self.phase)
            right = int(sign.left())
        is_strong = is_selected or index.model().rowCount(index) > 0
        self._paint_name(painter, rect, right, str(index.data()), is_strong=is_strong)
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRect, right: int, name: str, *, is_strong: bool) -> None:
        look = theme()
        font = look.font("body", weight=SEMIBOLD if is_strong else REGULAR)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        room = QRect(rect.left() + look.px(4), rect.top(), right - rect.left() - look.px(10), rect.height())
        shown = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_health(
        self, painter: QPainter, rect: QRect, right: int, status: EquipmentStatus, *, is_strong: bool
    ) -> int:
        """Paint bar and number; return the left edge of what was painted."""
        look = theme()
        is_known = not math.isnan(status.health)
        is_low = is_known and (status.health < LOW_HEALTH or status.is_abnormal)
        number = QRect(right - look.px(NUMBER), rect.top(), look.px(NUMBER), rect.height())
        painter.setFont(look.font("body", weight=SEMIBOLD if is_low else REGULAR))
        painter.setPen(look.color("text" if is_low or is_strong else "dim"))
        text = f"{status.health:.0f}" if is_known else NO_VALUE
        painter.drawText(number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        length = look.px(bar_length(self._view.width()))
        bar = QRectF(number.left() - length - look.px(2), rect.center().y() - look.px(2), length, look.px(6))
        part = status.health / 100 if is_known else status.progress
        self._paint_bar(painter, bar, part, _health_color(status), is_solid=is_known)
        return int(bar.left())

    @staticmethod
    def _paint_bar(painter: QPainter, bar: QRectF, part: float, color: QColor, *, is_solid: bool) -> None:
        radius = bar.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("track"))
        painter.drawRoundedRect(bar, radius, radius)
        if math.isnan(part):
            return
        filled = QRectF(bar.left(), bar.top(), bar.width() * min(1.0, max(part, 0.14)), bar.height())
        if is_solid:
            painter.setBrush(color)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("dim"), 1))
        painter.drawRoundedRect(filled, radius, radius)


def _health_color(status: EquipmentStatus) -> QColor:
    """Alarm colours mean alarms only: health takes one where a critical or high alarm stands, else says "predicted"."""
    if status.priority in {Priority.CRITICAL, Priority.HIGH}:
        return theme().priority(status.priority)
    token: Token = "forecast" if status.is_abnormal else "process_line"
    return theme().color(token)


def bar_length(view_width: int) -> int:
    """Return how long health bars are in a tree of that width: names come first."""
    return NARROW_BAR if view_width < theme().px(NARROW_BELOW) else BAR


class EquipmentView(QTreeView):
    """The tree itself: the selected row with an accent bar at the left edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the health in the row at a place, or in the present row."""
        row = row_at(self, place)
        return of_health(str(row.data(EquipmentTree.ID))) if row.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme()
        is_narrow = self.width() < look.px(NARROW_BELOW)
        self.setIndentation(look.px(NARROW_INDENT if is_narrow else INDENT))

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        row = QRect(0, self.visualRect(index).top(), self.viewport().width(), self.visualRect(index).height())
        is_selected = self.selectionModel().isSelected(index)
        if is_selected:
            painter.fillRect(row, look.color("selection"))
        super().drawRow(painter, options, index)
        if is_selected:
            painter.fillRect(QRect(0, row.top(), look.px(3), row.height()), look.color("accent"))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if not index.model().rowCount(index):
            return
        look = theme()
        arm = look.px(4)
        middle = rect.center()
        x, y = rect.right() - look.px(5), middle.y() + 1
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("dim"), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        if self.isExpanded(index):
            points = ((x - arm, y - arm // 2), (x, y + arm // 2), (x + arm, y - arm // 2))
        else:
            points = ((x - arm // 2, y - arm), (x + arm // 2, y), (x - arm // 2, y + arm))
        for (x1, y1), (x2, y2) in pairwise(points):
            painter.drawLine(x1, y1, x2, y2)
        painter.restore()


class EquipmentPanel(QWidget):
    """Title, filter field and tree; choosing a row makes that equipment the present one."""

    def __init__(self, feed: Feed, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._navigation = navigation
        self._feed = feed
        self.model = EquipmentTree(feed, self)
        self.title = QLabel()
        self.legend = QLabel()
        self.filter = QLineEdit()
        self.view = EquipmentView()
        self._delegate = EquipmentDelegate(self.view)
        self._lay_out()
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.expandAll()
        self.view.selectionModel().currentChanged.connect(self._chosen)
        self.view.activated.connect(self._opened)
        self.view.clicked.connect(self._opened)
        self.filter.textChanged.connect(self._filter)
        navigation.equipment_changed.connect(self.show_equipment)
        feed.blinked.connect(self._blink)
        self.retranslate()
        self.show_equipment(navigation.equipment)

    def show_equipment(self, equipment: str) -> None:
        """Select an equipment, and scroll to it."""
        index = self.model.index_of(equipment)
        if index.isValid() and index != self.view.currentIndex():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.title.setText(tr("Equipment"))
        self.legend.setText(tr("health 0–100"))
        self.filter.setPlaceholderText(tr("Filter…"))
        self.filter.setAccessibleName(tr("Filter the equipment"))
        self.view.setAccessibleName(tr("Equipment"))
        self.model.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "title")
        self.legend.setProperty("lettering", "tiny")
        self.legend.setProperty("tone", "dim")
        self.filter.setClearButtonEnabled(True)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.px(10), 0, 0)
        column.setSpacing(look.px(6))
        for part in (head, self.filter):
            inset = QHBoxLayout()
            inset.setContentsMargins(look.px(12), 0, look.px(12), 0)
            if isinstance(part, QHBoxLayout):
                inset.addLayout(part)
            else:
                inset.addWidget(part)
            column.addLayout(inset)
        column.addWidget(self.view, 1)

    def _filter(self, text: str) -> None:
        self.model.filter(text)
        self.view.expandAll()
        self.show_equipment(self._navigation.equipment)

    def _chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self._navigation.select_equipment(current.data(EquipmentTree.ID))

    def _opened(self, index: QModelIndex) -> None:
        self._navigation.open_equipment(index.data(EquipmentTree.ID))

    def _blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        self._delegate.phase = phase
        self.view.viewport().update()
