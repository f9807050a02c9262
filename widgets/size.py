"""How large everything is drawn: larger for a screen on a wall, for fingers in gloves, or for tired eyes."""

from __future__ import annotations

from PySide6.QtCore import QSize

SIZES = (0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
"""Scales of the theme; from 1.3 on everything that is pressed can be hit with a glove (`Theme.hit`)."""
USUAL = 1.0
LEAST_WINDOW = QSize(1100, 640)
"""What the window on a plant needs at the usual size, px."""


def stepped(scale: float, steps: int, screen: QSize) -> float:
    """Return the size so many steps larger (smaller: below 0, the usual one: 0), at most what fits on the screen."""
    if not steps:
        return fitting(USUAL, screen)
    nearest = min(range(len(SIZES)), key=lambda place: abs(SIZES[place] - scale))
    return fitting(SIZES[max(0, min(len(SIZES) - 1, nearest + steps))], screen)


def fitting(scale: float, screen: QSize) -> float:
    """Return the largest size up to `scale` at which the window fits on a screen; the smallest where none does."""
    most = min(screen.width() / LEAST_WINDOW.width(), screen.height() / LEAST_WINDOW.height())
    return max((size for size in SIZES if size <= min(scale, most)), default=SIZES[0])
