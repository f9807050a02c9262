"""The pens of plots: as wide on the screen as they say, however far one has zoomed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen


def stroke(color: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen of `width` pixels of the device; one that were not cosmetic would be so many units of the axes."""
    pen = QPen(color, width, style)
    pen.setCosmetic(True)
    return pen
