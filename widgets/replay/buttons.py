"""The buttons of the replay bar: drawn signs that say what they do to a screen reader and in a tool tip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets.keyboard.entered_button import EnteredButton
from widgets.theme import theme

Sign = Literal["play", "pause", "back", "forward", "far_back", "far_forward", "alarm_before", "alarm_after"]
SIDE = 34
"""Large enough for a gloved finger beside its neighbours, px."""


class TransportButton(EnteredButton):
    """One sign of a player; `sign` may change, as from play to pause."""

    def __init__(self, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = sign
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_sign(self, sign: Sign) -> None:
        """Show another sign."""
        if sign != self._sign:
            self._sign = sign
            self.update()

    def name(self, text: str, key: str) -> None:
        """Say what the button does, in the present language, and which key does the same."""
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({key})")

    def sizeHint(self) -> QSize:
        return QSize(theme().px(SIDE), theme().px(SIDE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_hot = self.underMouse() or self.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent" if is_hot else "line"), 1.2))
            painter.setBrush(look.color("selection" if self.isDown() else "raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("text" if self.isEnabled() else "faint"))
            side = look.px(14)
            place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            _DRAWINGS[self._sign](painter, place)


def _triangle(painter: QPainter, place: QRectF, *, is_left: bool = False) -> None:
    tip, foot = (place.left(), place.right()) if is_left else (place.right(), place.left())
    points = [QPointF(foot, place.top()), QPointF(tip, place.center().y()), QPointF(foot, place.bottom())]
    painter.drawPolygon(QPolygonF(points))


def _bar(painter: QPainter, place: QRectF, left: float, width: float) -> None:
    painter.drawRect(QRectF(place.left() + left * place.width(), place.top(), width * place.width(), place.height()))


def _play(painter: QPainter, place: QRectF) -> None:
    _triangle(painter, place)


def _pause(painter: QPainter, place: QRectF) -> None:
    _bar(painter, place, 0.1, 0.28)
    _bar(painter, place, 0.62, 0.28)


def _step(painter: QPainter, place: QRectF, *, is_left: bool) -> None:
    _bar(painter, place, 0.84 if is_left else 0.0, 0.16)
    part = place.adjusted(0, 0, -0.28 * place.width(), 0) if is_left else place.adjusted(0.28 * place.width(), 0, 0, 0)
    _triangle(painter, part, is_left=is_left)


def _far(painter: QPainter, place: QRectF, *, is_left: bool) -> None:
    half = place.width() / 2
    for shift in (0.0, half):
        _triangle(painter, QRectF(place.left() + shift, place.top(), half, place.height()), is_left=is_left)


def _alarm(painter: QPainter, place: QRectF, *, is_left: bool) -> None:
    """The sign of a warning, and an arrow beside it."""
    third = place.width() * 0.42
    sign = QRectF(place.left() + (third if is_left else 0), place.top(), place.width() - third, place.height())
    points = [QPointF(sign.center().x(), sign.top()), QPointF(sign.right(), sign.bottom())]
    painter.drawPolygon(QPolygonF([*points, QPointF(sign.left(), sign.bottom())]))
    arrow = QRectF(
        place.left() if is_left else place.right() - third * 0.8, sign.top() + 2, third * 0.8, sign.height() - 4
    )
    _triangle(painter, arrow, is_left=is_left)


_DRAWINGS: dict[Sign, Callable[[QPainter, QRectF], None]] = {
    "play": _play,
    "pause": _pause,
    "back": lambda painter, place: _step(painter, place, is_left=True),
    "forward": lambda painter, place: _step(painter, place, is_left=False),
    "far_back": lambda painter, place: _far(painter, place, is_left=True),
    "far_forward": lambda painter, place: _far(painter, place, is_left=False),
    "alarm_before": lambda painter, place: _alarm(painter, place, is_left=True),
    "alarm_after": lambda painter, place: _alarm(painter, place, is_left=False),
}
