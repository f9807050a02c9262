"""The head of a trend pane: the tag's names, its value with status, its place between the limits, its alarm."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.alarm.shape import paint_shape
from widgets.guarded_event import guarded_event
from widgets.hatching import hatching
from widgets.number import Quality, Reading
from widgets.theme import BOLD, SEMIBOLD, theme
from widgets.translation import tr
from widgets.trend.indicator import IndicatorScale, paint_indicator

HEIGHT = 46
INDICATOR = 110
INDICATOR_END = 0.7


@dataclass(frozen=True, slots=True)
class Sign:
    """The alarm of a tag that matters most now."""

    priority: Priority
    state: AlarmState


@dataclass(frozen=True, slots=True)
class HeaderText:
    """What a head shows. `others`: further tags in the plot, each with the number of its pen."""

    title: str
    subtitle: str
    reading: Reading
    value: float
    sign: Sign | None = None
    others: tuple[tuple[str, int], ...] = ()
    accessible: str = ""


class PaneHeader(QWidget):
    """Painted in one piece; a click on it, or Space, asks for the menu of tags; it can be dragged elsewhere."""

    menu_asked = Signal()
    drag_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: HeaderText | None = None
        self._scale: IndicatorScale | None = None
        self._phase = True
        self._is_hovered = False
        self._pressed: QPointF | None = None
        self._names = QPixmap()
        self._names_of: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_text(self, text: HeaderText, scale: IndicatorScale | None) -> None:
        """Show these texts; only a difference is painted."""
        if (text, scale) != (self._text, self._scale):
            self._text, self._scale = text, scale
            self.setAccessibleName(f"{text.title}: {text.reading.full}")
            tip = tr("Choose the signal of this pane")
            if tip != self.toolTip():
                self.setToolTip(tip)
            self.update()

    def set_phase(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink with all other unacknowledged alarms."""
        self._phase = phase
        if self._text is not None and self._text.sign is not None:
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(280), theme().px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(180), theme().px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is not None and (event.position() - self._pressed).manhattanLength() >= far:
            self._pressed = None
            self.drag_asked.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        if self._pressed is not None:
            self._pressed = None
            self.menu_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Menu}:
            self.menu_asked.emit()
        else:
            super().keyPressEvent(event)

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._is_hovered = event.type() in {QEvent.Type.Enter, QEvent.Type.FocusIn}
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._text is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = self._paint_sign(painter, self._text.sign)
            right = self._paint_value(painter, self._text)
            indicator = self._indicator_place(self._text, left, right)
            room = (right if indicator is None else indicator.left()) - theme().px(12)
            self._paint_names(painter, self._text, QRectF(left, 0, right - left, self.height()), room)
            if indicator is not None:
                self._paint_indicator(painter, self._text, indicator)

    def _paint_sign(self, painter: QPainter, sign: Sign | None) -> float:
        look = theme()
        left = float(look.px(12))
        if sign is None:
            return left
        side = look.px(20)
        rect = QRectF(left, (self.height() - side) / 2 + 1, side, side)
        paint_shape(painter, rect, priority=sign.priority, state=sign.state, phase=self._phase)
        return left + side + look.px(9)

    def _paint_value(self, painter: QPainter, text: HeaderText) -> float:
        """Write value, unit and what is wrong with it at the right end; return where they begin."""
        look = theme()
        right = self.width() - look.px(12)
        unit_font, value_font = look.font("small"), look.font("value", weight=BOLD)
        unit_width = QFontMetricsF(unit_font).horizontalAdvance(text.reading.unit)
        value_width = QFontMetricsF(value_font).horizontalAdvance(text.reading.text)
        left = right - unit_width - (look.px(6) if unit_width else 0) - value_width
        is_untrue = text.reading.quality in {Quality.STALE, Quality.BAD}
        if is_untrue:
            ground = QRectF(left - look.px(6), look.px(7), right - left + look.px(12), self.height() - look.px(12))
            painter.fillRect(ground, hatching())
        painter.setFont(value_font)
        painter.setPen(look.color("dim" if is_untrue else "text"))
        base = self.height() / 2 + look.px(10)
        painter.drawText(QPointF(left, base), text.reading.text)
        painter.setFont(unit_font)
        painter.setPen(look.color("dim"))
        painter.drawText(QPointF(right - unit_width, base), text.reading.unit)
        return left

    def _indicator_place(self, text: HeaderText, left: float, right: float) -> QRectF | None:
        """Return where there is room for the indicator."""
        look = theme()
        if self._scale is None:
            return None
        width = look.px(INDICATOR)
        # the same place in every pane, unless a long name or value needs it
        start = max(self.width() * INDICATOR_END - width, left + _names_width(text) + look.px(12))
        start = min(start, right - look.px(14) - width)
        if start < left + _names_width(text) + look.px(8):
            return None
        return QRectF(start, look.px(10), width, look.px(18))

    def _paint_indicator(self, painter: QPainter, text: HeaderText, place: QRectF) -> None:
        look = theme()
        color = look.color("text") if text.sign is None else look.priority(text.sign.priority)
        value = float("nan") if text.reading.quality is Quality.BAD else text.value
        if self._scale is not None:
            paint_indicator(painter, place, scale=self._scale, value=value, color=color)

    def _paint_names(self, painter: QPainter, text: HeaderText, room: QRectF, right: float) -> None:
        """Paint what stands still out of a pixmap: to lay out its texts takes longer than the number that runs.

        Title and subtitle end at `right`; the names of further tags go on below the indicator.
        """
        left = room.left()
        look, ratio = theme(), self.devicePixelRatioF()
        if painter.paintEngine().type() is not QPaintEngine.Type.Raster or painter.deviceTransform().m11() != ratio:
            self._write_names(painter, text, room, right)  # on paper letters are wanted, no pixels
            return
        place = QRectF(math.floor(left), look.px(4), math.floor(room.right()) - left, self.height() - look.px(8))
        wanted = (
            text.title,
            text.subtitle,
            text.others,
            left,
            right,
            place,
            ratio,
            self._is_hovered,
            look.color("panel").rgb(),
            look.scale,
        )
        if wanted != self._names_of:
            self._names_of = wanted
            self._names = QPixmap((place.size() * ratio).toSize())
            self._names.setDevicePixelRatio(ratio)
            self._names.fill(look.color("panel"))
            with QPainter(self._names) as names:
                names.setRenderHint(QPainter.RenderHint.Antialiasing)
                names.translate(-place.topLeft())
                self._write_names(names, text, room, right)
        painter.drawPixmap(place.topLeft(), self._names)

    def _write_names(self, painter: QPainter, text: HeaderText, room: QRectF, right: float) -> None:
        look = theme()
        left, end = room.left(), room.right() - look.px(4)
        font = look.font("title", weight=SEMIBOLD)
        metrics = QFontMetricsF(font)
        title = metrics.elidedText(text.title, Qt.TextElideMode.ElideRight, right - left - look.px(14))
        painter.setFont(font)
        painter.setPen(look.color("text"))
        painter.drawText(QPointF(left, look.px(21)), title)
        if self._is_hovered:
            _paint_chevron(painter, QPointF(left + metrics.horizontalAdvance(title) + look.px(10), look.px(16)))
        small = look.font("tiny")
        painter.setFont(small)
        painter.setPen(look.color("dim"))
        metrics = QFontMetricsF(small)
        subtitle = metrics.elidedText(text.subtitle, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QPointF(left, look.px(38)), subtitle)
        x = left + metrics.horizontalAdvance(subtitle) + look.px(12)
        for name, pen in text.others:
            if x + look.px(16) + metrics.horizontalAdvance(name) > end:
                painter.drawText(QPointF(min(x, end - metrics.horizontalAdvance("…")), look.px(38)), "…")
                break  # the cursor and the plot's own menu tell all of them
            painter.fillRect(QRectF(x, look.px(33), look.px(12), look.px(2)), look.pen(pen))
            painter.drawText(QPointF(x + look.px(16), look.px(38)), name)
            x += metrics.horizontalAdvance(name) + look.px(28)


def _names_width(text: HeaderText) -> float:
    """Return how much room title and subtitle want."""
    look = theme()
    title = QFontMetricsF(look.font("title", weight=SEMIBOLD)).horizontalAdvance(text.title)
    return max(title, QFontMetricsF(look.font("tiny")).horizontalAdvance(text.subtitle))


def _paint_chevron(painter: QPainter, center: QPointF) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().color("dim")))
    painter.drawPolygon(QPolygonF([center + QPointF(-4, -2), center + QPointF(4, -2), center + QPointF(0, 3)]))
    painter.restore()
