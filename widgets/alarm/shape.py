"""The sign of an alarm priority: shape, number and colour together, so that it is read without colours too."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.theme import BOLD, theme

FAINT_ALPHA = 80


def paint_shape(
    painter: QPainter,
    rect: QRectF,
    *,
    priority: Priority,
    state: AlarmState = AlarmState.ACKNOWLEDGED,
    phase: bool = True,
) -> None:
    """Draw the sign of `priority` into the square `rect`.

    Unacknowledged alarms blink with `phase` (Feed.blink_phase), acknowledged ones are steady, returned ones are only an
    outline, latched ones an outline with a bar beneath, hidden ones (shelved, suppressed, out of service) a quiet
    outline that is struck through, and NORMAL draws it faint: there is none of this priority.
    """
    look = theme()
    color = look.priority(priority)
    fill, edge, lettering = QColor(color), look.color("priority_outline"), look.priority_text(priority)
    if state.is_hidden:
        fill, edge, lettering = QColor(Qt.GlobalColor.transparent), look.color("process_line"), look.color("text")
    elif state in {AlarmState.RETURNED, AlarmState.LATCHED}:
        fill, edge, lettering = QColor(Qt.GlobalColor.transparent), color, look.color("text")
    elif state is AlarmState.NORMAL or (state is AlarmState.UNACKNOWLEDGED and not phase):
        fill.setAlpha(FAINT_ALPHA)
        edge = QColor(fill) if state is AlarmState.NORMAL else color
        lettering = look.color("faint" if state is AlarmState.NORMAL else "text")
    width = max(1.0, rect.width() / 14)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, width, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(fill)
    _outline(painter, rect.adjusted(width / 2, width / 2, -width / 2, -width / 2), priority)
    _mark(painter, rect, state, QPen(edge, width, c=Qt.PenCapStyle.FlatCap))
    painter.setPen(lettering)
    _number(painter, rect, priority)
    painter.restore()


def _mark(painter: QPainter, rect: QRectF, state: AlarmState, pen: QPen) -> None:
    """Tell what is latched or hidden by a line, since a colour alone tells nothing to many."""
    painter.setPen(pen)
    if state.is_hidden:
        painter.drawLine(rect.bottomLeft(), rect.topRight())
    elif state is AlarmState.LATCHED:
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def _outline(painter: QPainter, rect: QRectF, priority: Priority) -> None:
    match priority:
        case Priority.CRITICAL:
            painter.drawRoundedRect(rect, 2, 2)
        case Priority.HIGH:
            top = QPointF(rect.center().x(), rect.top())
            painter.drawPolygon(QPolygonF([top, rect.bottomRight(), rect.bottomLeft()]))
        case Priority.MEDIUM:
            bottom = QPointF(rect.center().x(), rect.bottom())
            painter.drawPolygon(QPolygonF([bottom, rect.topLeft(), rect.topRight()]))
        case Priority.DIAGNOSTIC:
            painter.drawEllipse(rect)


def _number(painter: QPainter, rect: QRectF, priority: Priority) -> None:
    is_triangle = priority in {Priority.HIGH, Priority.MEDIUM}
    font = theme().font("body", weight=BOLD)
    font.setPixelSize(max(8, round(rect.height() * (0.5 if is_triangle else 0.58))))
    painter.setFont(font)
    lowered = {Priority.HIGH: 0.15, Priority.MEDIUM: -0.13}.get(priority, 0.0) * rect.height()
    painter.drawText(rect.translated(0, lowered), Qt.AlignmentFlag.AlignCenter, str(int(priority)))


class PriorityShape(QWidget):
    """The sign of a priority as a widget of its own."""

    def __init__(self, priority: Priority, *, size: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._priority = priority
        self._state = AlarmState.NORMAL
        self._phase = True
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, priority: Priority, state: AlarmState) -> None:
        """Show another priority or state."""
        if (priority, state) != (self._priority, self._state):
            self._priority, self._state = priority, state
            self.update()

    def set_phase(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink: the signal Feed.blinked."""
        self._phase = phase
        if self._state is AlarmState.UNACKNOWLEDGED:
            self.update()

    def sizeHint(self) -> QSize:
        side = theme().px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            paint_shape(painter, QRectF(self.rect()), priority=self._priority, state=self._state, phase=self._phase)
