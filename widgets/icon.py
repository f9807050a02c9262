"""The icons of the window: black drawings, tinted in a colour of the theme when they are painted."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from widgets.keyboard.entered_button import EnteredButton
from widgets.theme import Token, theme

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0)
"""Device pixels per px that screens are set to."""


@cache
def _renderer(name: str) -> QSvgRenderer:
    source = (files("resources") / "icons" / f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source))


@cache
def _tinted(name: str, color: int, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        _renderer(name).render(painter, QRectF(0, 0, side, side))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), QColor.fromRgba(color))
    return pixmap


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Draw an icon of resources/icons into the square `rect`, sharp on every screen."""
    matrix = painter.deviceTransform()
    ratio = painter.device().devicePixelRatioF() if matrix.isRotating() else matrix.m11()
    side = max(1, round(rect.width() * ratio))
    pixmap = _tinted(name, color.rgba(), side)
    shown = QRectF(0, 0, side / ratio, side / ratio)  # whole pixels: stretched by a part of one it would lose a row
    shown.moveCenter(rect.center())
    painter.drawPixmap(shown, pixmap, QRectF(pixmap.rect()))


@cache
def icon_of(name: str, color: int, side: int) -> QIcon:
    """Return an icon of a colour (ARGB) and a side, px, for what Qt draws, with the pixels of every usual screen."""
    icon = QIcon()
    for ratio in RATIOS:
        pixmap = _tinted(name, color, round(side * ratio)).copy()
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon


def window_icon() -> QIcon:
    """Return the program's sign for task bars and window frames, in the sizes that they ask for."""
    icon = QIcon()
    for side in (16, 24, 32, 48, 64, 128):
        icon.addPixmap(_tinted("logo", theme().color("accent").rgba(), side))
    return icon


class IconButton(EnteredButton):
    """A button that is an icon, or an icon with a short text; its accessible name and tool tip say what it does."""

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = name
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def name(self, text: str) -> None:
        """Say what the button does, in the present language."""
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        look = theme()
        width = QFontMetrics(look.font("small")).horizontalAdvance(self.text())
        return QSize(look.hit(30) + (width + look.px(6) if width else 0), look.hit(30))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_hot = self.underMouse() or self.hasFocus()
        token: Token = "text" if is_hot or self.isChecked() else "dim"
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if is_hot:
                painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1))
                painter.setBrush(look.color("raised"))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            side = look.px(18)
            top = (self.height() - side) / 2
            paint_icon(painter, QRectF(look.px(6), top, side, side), self._icon, look.color(token))
            painter.setPen(look.color(token))
            painter.setFont(look.font("small"))
            left = look.px(6) + side + look.px(5)
            painter.drawText(
                QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
            )
