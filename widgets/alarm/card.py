"""One unacknowledged alarm in the banner: what it is, since when, how large, and against which limit."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.alarm.shape import paint_shape
from widgets.keyboard.entered_button import EnteredButton
from widgets.theme import SEMIBOLD, theme

BAR = 5
SHAPE = 20


@dataclass(frozen=True, slots=True)
class CardText:
    """What stands on a card: `title` and `value` above, `place` and `limit` below."""

    priority: Priority
    state: AlarmState
    title: str
    value: str
    place: str
    limit: str

    @property
    def spoken(self) -> str:
        """Return the card for a screen reader and as its tool tip."""
        return ", ".join(part for part in (f"{self.title} {self.value}".strip(), self.limit, self.place) if part)


class AlarmCard(EnteredButton):
    """A card; pressing it brings its tag into view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: CardText | None = None
        self._phase = True
        self.is_elided = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_text(self, text: CardText) -> None:
        """Show another alarm, or the same with another value."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text.spoken)
            self.setToolTip(text.spoken)
            self.update()

    def set_phase(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink: the signal Feed.blinked."""
        self._phase = phase
        self.update()

    def needed_width(self) -> int:
        """Return the width in which nothing is shortened, px."""
        look, text = theme(), self._text
        if text is None:
            return 0
        title = QFontMetrics(look.font("title", weight=SEMIBOLD)).horizontalAdvance(text.title + text.value)
        place = QFontMetrics(look.font("small")).horizontalAdvance(text.place + text.limit)
        return max(title, place) + look.px(BAR + 9 + SHAPE + 11 + 12 + 14)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(340), theme().px(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._text is None:
            return
        look = theme()
        color = look.priority(self._text.priority)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, color)
            side = look.px(SHAPE)
            shape = QRectF(look.px(BAR + 9), (self.height() - side) / 2, side, side)
            paint_shape(painter, shape, priority=self._text.priority, state=self._text.state, phase=self._phase)
            left = shape.right() + look.px(11)
            rows = QRectF(left, look.px(5), self.width() - left - look.px(12), self.height() - look.px(10))
            upper, lower = QRectF(rows), QRectF(rows)
            upper.setBottom(rows.center().y())
            lower.setTop(rows.center().y())
            self._paint_row(painter, upper, self._text.title, self._text.value, is_title=True)
            self._paint_row(painter, lower, self._text.place, self._text.limit, is_title=False)

    def _paint_ground(self, painter: QPainter, color: QColor) -> None:
        look = theme()
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), look.px(5), look.px(5))
        painter.fillPath(ground, look.color("raised"))
        painter.save()
        painter.setClipPath(ground)
        painter.fillRect(QRectF(0, 0, look.px(BAR), self.height()), color)
        painter.restore()
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(5), look.px(5))

    def _paint_row(self, painter: QPainter, rect: QRectF, left: str, right: str, *, is_title: bool) -> None:
        look = theme()
        font = look.font("title", weight=SEMIBOLD) if is_title else look.font("small")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(look.color("text" if is_title else "dim"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        room = rect.width() - metrics.horizontalAdvance(right) - look.px(10)
        if is_title and metrics.horizontalAdvance(left) > room:  # smaller letters before a message without its end
            font = look.font("small", weight=SEMIBOLD)
            metrics = QFontMetrics(font)
            painter.setFont(font)
        shown = metrics.elidedText(left, Qt.TextElideMode.ElideRight, int(room))
        if is_title:
            self.is_elided = shown != left
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
