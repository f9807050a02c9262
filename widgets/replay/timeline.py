"""The day that is replayed, as a line to point at: what is stored, when alarms were raised, where the replay is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model import clock
from app.model.alarm import Priority
from widgets import number
from widgets.replay.playhead import Playhead
from widgets.theme import theme
from widgets.translation import tr

HEIGHT = 34
SIDE = 14
_HOURS = (1, 2, 3, 6)


def day_of(instant: int) -> tuple[int, int]:
    """Return the local day in which an instant lies, start <= time < end, int64 ns UTC: 23 to 25 hours."""
    local = clock.to_datetime(instant).astimezone()
    midnight = datetime(local.year, local.month, local.day)  # noqa: DTZ001 - local time, whose offset may change
    ends = (midnight.astimezone(), (midnight + timedelta(days=1)).astimezone())
    return clock.from_datetime(ends[0]), clock.from_datetime(ends[1])


class Timeline(QWidget):
    """One local day. A press or a drag goes to an instant of it; the arrow keys step, with Ctrl a minute at a time."""

    def __init__(self, playhead: Playhead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playhead = playhead
        self._marks: Sequence[tuple[int, Priority]] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        playhead.moved.connect(self.update)
        playhead.changed.connect(self.update)
        self.retranslate()

    def retranslate(self) -> None:
        """Renew the texts in the present language."""
        self.setAccessibleName(tr("The day that is replayed"))

    def show_marks(self, marks: Sequence[tuple[int, Priority]]) -> None:
        """Show when alarms were raised (int64 ns UTC), and of which priority."""
        self._marks = marks
        self.update()

    def instant_at(self, x: float) -> int:
        """Return the instant at a place, int64 ns UTC."""
        start, end = day_of(self._playhead.wanted)
        side = theme().px(SIDE)
        share = (x - side) / max(1.0, self.width() - 2 * side)
        return start + round(min(max(share, 0.0), 1.0) * (end - start - 1))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._playhead.jump(self.instant_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        instant = self.instant_at(event.position().x())
        self.setToolTip(number.time_of_day(instant))
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._playhead.jump(instant)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = 60 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self._playhead.step(-far * clock.NS_PER_S)
            case Qt.Key.Key_Right:
                self._playhead.step(far * clock.NS_PER_S)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        day = day_of(self._playhead.shown)
        side = look.px(SIDE)
        line = QRectF(side, look.px(12), self.width() - 2 * side, look.px(6))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("track"))
            painter.drawRoundedRect(line, 3, 3)
            self._paint_stored(painter, line, day)
            self._paint_hours(painter, line, day)
            self._paint_marks(painter, line, day)
            self._paint_head(painter, line, day)

    def _paint_stored(self, painter: QPainter, line: QRectF, day: tuple[int, int]) -> None:
        extent = self._playhead.extent
        if extent is not None and extent[1] > day[0] and extent[0] < day[1]:
            left, right = _x(max(extent[0], day[0]), line, day), _x(min(extent[1], day[1]), line, day)
            painter.setBrush(theme().color("process_line"))
            painter.drawRoundedRect(QRectF(left, line.top(), max(2.0, right - left), line.height()), 3, 3)

    def _paint_hours(self, painter: QPainter, line: QRectF, day: tuple[int, int]) -> None:
        look = theme()
        painter.setFont(look.font("tiny"))
        room = painter.fontMetrics().horizontalAdvance("00:00") * 1.6
        hour = 3_600 * clock.NS_PER_S
        step = next((hours for hours in _HOURS if line.width() * hours / 24 >= room), _HOURS[-1])
        painter.setPen(look.color("dim"))
        for number_of_hour in range(0, 25, step):
            instant = day[0] + number_of_hour * hour
            if instant > day[1]:
                break
            x = _x(instant, line, day)
            place = QRectF(x - room / 2, line.bottom() + 1, room, self.height() - line.bottom() - 1)
            text = "24:00" if instant == day[1] else number.hour_minute(instant)
            if place.left() >= -2 and place.right() <= self.width() + 2:
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_marks(self, painter: QPainter, line: QRectF, day: tuple[int, int]) -> None:
        look = theme()
        for instant, priority in sorted(self._marks, key=lambda mark: -mark[1]):
            if day[0] <= instant < day[1]:
                # the more urgent, the taller: not by colour alone
                height = look.px(11 - 2 * priority)
                painter.setPen(QPen(look.priority(priority), 2))
                x = _x(instant, line, day)
                painter.drawLine(QPointF(x, line.top() - height), QPointF(x, line.bottom()))

    def _paint_head(self, painter: QPainter, line: QRectF, day: tuple[int, int]) -> None:
        look = theme()
        x, half = _x(self._playhead.shown, line, day), look.px(6)
        painter.setPen(QPen(look.color("text"), 2))
        painter.drawLine(QPointF(x, line.top() - look.px(4)), QPointF(x, line.bottom() + look.px(4)))
        painter.setBrush(look.color("replay"))
        painter.setPen(QPen(look.color("accent" if self.hasFocus() else "text"), 1.5))
        top = line.top() - look.px(9)
        painter.drawPolygon(QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, line.top())]))


def _x(instant: int, line: QRectF, day: tuple[int, int]) -> float:
    return line.left() + line.width() * (instant - day[0]) / (day[1] - day[0])
