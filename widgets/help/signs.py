"""The signs of the screens as pictures within the help: drawn by what draws them on the screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from app.model.alarm import AlarmState, Priority
from widgets.alarm.shape import paint_shape
from widgets.hatching import hatching
from widgets.theme import theme

SCHEME = "sign"
SIDE, SHARPNESS = 20, 3
_PRIORITIES = {
    "critical": Priority.CRITICAL,
    "high": Priority.HIGH,
    "medium": Priority.MEDIUM,
    "diagnostic": Priority.DIAGNOSTIC,
}
_STATES = {
    "unacknowledged": AlarmState.UNACKNOWLEDGED,
    "acknowledged": AlarmState.ACKNOWLEDGED,
    "returned": AlarmState.RETURNED,
    "latched": AlarmState.LATCHED,
    "shelved": AlarmState.SHELVED,
    "none": AlarmState.NORMAL,
}


def _running(painter: QPainter, rect: QRectF) -> None:
    _body(painter, rect, is_running=True)


def _stopped(painter: QPainter, rect: QRectF) -> None:
    _body(painter, rect, is_running=False)


def _body(painter: QPainter, rect: QRectF, *, is_running: bool) -> None:
    look = theme()
    painter.setPen(QPen(look.color("process_line"), 1.5))
    painter.setBrush(look.color("running" if is_running else "stopped"))
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))


def _hatched(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(QPen(theme().color("process_line"), 1.5))
    painter.setBrush(theme().color("stopped"))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
    painter.fillRect(rect.adjusted(1, 1, -1, -1), hatching())


def _dot(painter: QPainter, rect: QRectF, *, is_alive: bool) -> None:
    look = theme()
    painter.setPen(QPen(look.color("process_line"), 1.5))
    painter.setBrush(look.color("process_line" if is_alive else "panel"))
    side = rect.width() / 4
    painter.drawEllipse(rect.adjusted(side, side, -side, -side))


_OTHERS: Mapping[str, Callable[[QPainter, QRectF], None]] = {
    "running": _running,
    "stopped": _stopped,
    "hatched": _hatched,
    "alive": lambda painter, rect: _dot(painter, rect, is_alive=True),
    "silent": lambda painter, rect: _dot(painter, rect, is_alive=False),
}


def names() -> set[str]:
    """Return the names of all signs: `priority-state`, and those of equipment and of values."""
    return {f"{priority}-{state}" for priority in _PRIORITIES for state in _STATES} | set(_OTHERS)


def sign(name: str) -> QImage:
    """Return a sign in the present look; raise KeyError where there is none of that name."""
    side = theme().px(SIDE)
    image = QImage(side * SHARPNESS, side * SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(Qt.GlobalColor.transparent)
    rect = QRectF(1, 1, side - 2, side - 2)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if name in _OTHERS:
            _OTHERS[name](painter, rect)
        else:
            priority, _, state = name.partition("-")
            paint_shape(painter, rect, priority=_PRIORITIES[priority], state=_STATES[state])
    return image
