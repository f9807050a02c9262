"""The numbers of a value axis so that each fits beside it: whole, else narrower, else as powers of ten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF

from widgets.number import MINUS, number
from widgets.trend.value_range import ValueTicks

NARROWEST = 70
"""How narrow letters may get, in percent of their width."""
_DIGITS = (3, 2, 1, 0)


def fitted(marks: ValueTicks, font: QFont, room: float) -> tuple[list[str], QFont]:
    """Return the text of each tick and the font in which none is wider than `room`, px.

    Digits are dropped only where ticks stay apart by them: a counter at 1234567 is written narrower, never 1e6.
    """
    texts = [number(value, decimals=marks.decimals) for value in marks.values]
    if not any("e" in text for text in texts) and _width(texts, font) * NARROWEST <= room * 100:
        return texts, _narrowed(texts, font, room)
    for digits in _DIGITS:
        short = [_power(value, digits) for value in marks.values]
        if len(set(short)) == len(short) and _width(short, font) * NARROWEST <= room * 100:
            return short, _narrowed(short, font, room)
    return texts, _narrowed(texts, font, room)


def _power(value: float, digits: int) -> str:
    """Return a number as 2.5e37, without zeros that say nothing."""
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    text = "0" if not value else f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def _width(texts: Sequence[str], font: QFont) -> float:
    metrics = QFontMetricsF(font)
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


def _narrowed(texts: Sequence[str], font: QFont, room: float) -> QFont:
    width = _width(texts, font)
    if width <= room:
        return font
    narrow = QFont(font)
    narrow.setStretch(max(1, int(100 * room / width)))
    return narrow
