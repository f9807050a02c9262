"""A few words on a small raised ground, legible over whatever is drawn below."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from widgets.theme import Token, theme


def chip_size(text: str, font: QFont) -> QSizeF:
    """Return how large the chip of a text is, px."""
    metrics, look = QFontMetricsF(font), theme()
    lines = text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines)
    return QSizeF(width + look.px(12), metrics.height() * len(lines) + look.px(6))


def paint_chip(painter: QPainter, place: QRectF, text: str, font: QFont, *, token: Token = "text") -> None:
    """Write `text` into the chip at `place`; longer texts are wrapped."""
    look = theme()
    painter.setPen(look.color("line"))
    painter.setBrush(look.color("raised"))
    painter.drawRoundedRect(place, 3, 3)
    painter.setFont(font)
    painter.setPen(look.color(token))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
