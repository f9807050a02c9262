"""The hatching that lies over everything that is not live, on every screen alike."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor

from widgets.theme import theme


def hatching() -> QBrush:
    """Return the brush of stale and bad values."""
    color = QColor(theme().color("dim"))
    color.setAlphaF(0.45)
    return QBrush(color, Qt.BrushStyle.BDiagPattern)
