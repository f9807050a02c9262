"""Many bars of several curves as one picture: a byte per pixel, in which each curve has a bit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.trend.bars import Bars

CURVES = 8
"""So many curves one picture holds."""
_WORD = 8

Pixels = NDArray[np.uint8]
Places = NDArray[np.intp]


class BarPicture:
    """Paints the bars of up to eight curves, the first of which lies on top, within `ground` (px).

    To fill each bar costs as much as it is high, and those of noisy curves cover the plot several times. Here a bar
    costs two bits, where it begins and where it ends, and what lies between follows for all pixels at once.
    `ratio`: device pixels per px; bars are whole numbers of them wide.
    """

    def __init__(self, bars: Sequence[Bars], colors: Sequence[QColor], *, ground: QRectF, ratio: float) -> None:
        if len(bars) > CURVES:
            raise ValueError(f"{len(bars)} curves in a picture for {CURVES}: make more pictures of them")
        self._ratio = ratio
        # as Qt does it: a pixel is covered where its middle is
        self._corner = QPoint(_first(ground.left() * ratio), _first(ground.top() * ratio))
        width = _first(ground.right() * ratio) - self._corner.x()
        height = _first(ground.bottom() * ratio) - self._corner.y()
        widths = [max(1, round(each.width * ratio)) for each in bars]
        before = -(-max(widths, default=1) // _WORD) * _WORD  # a bar may begin left of the ground
        stride = before + -(-width // _WORD) * _WORD
        owner, column, top, bottom = self._places(bars, before=before, width=width, height=height)
        first, last = int(top.min(initial=height)), int(bottom.max(initial=0))
        self._corner.setY(self._corner.y() + first)  # nothing is drawn above the highest bar and below the lowest
        grid = np.zeros((max(last - first, 0) + 1, stride), np.uint8)
        _mark(grid, np.array((top, bottom)) - first, column, pieces=np.searchsorted(owner, np.arange(len(bars) + 1)))
        words = grid.view(np.uint64)
        np.bitwise_xor.accumulate(words, axis=0, out=words)  # each row goes on with the bits of the one above
        _widen(grid.ravel(), widths)
        image = QImage(grid.ravel()[before:].data, max(width, 0), len(grid) - 1, stride, QImage.Format.Format_Indexed8)
        image.setColorTable(_table(tuple(color.rgba() for color in colors)))
        # a painter would look up each colour for itself, which takes four times as long
        self._image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    @property
    def height(self) -> int:
        """Return from the highest to the lowest bar within the ground, device pixels."""
        return self._image.height()

    def draw(self, painter: QPainter) -> None:
        """Put the picture in its place, pixel by pixel."""
        painter.save()
        painter.scale(1 / self._ratio, 1 / self._ratio)
        painter.drawImage(self._corner, self._image)
        painter.restore()

    def _places(
        self, bars: Sequence[Bars], *, before: int, width: int, height: int
    ) -> tuple[Places, Places, Places, Places]:
        """Return of each bar its curve and in the grid its column, top and bottom; what begins together is one bar."""
        edges = np.array(
            [np.concatenate(each) for each in zip(*((b.left, b.top, b.bottom) for b in bars), strict=True)]
        )
        column, *ends = np.floor(edges * self._ratio + 0.5).astype(np.intp)
        top, bottom = (np.minimum(np.maximum(end - self._corner.y(), 0), height) for end in ends)
        column += before - self._corner.x()
        owner = np.repeat(np.arange(len(bars)), [len(each) for each in bars])
        inside = (column >= 0) & (column < before + width)
        if not inside.all():
            owner, column, top, bottom = owner[inside], column[inside], top[inside], bottom[inside]
        starts = np.flatnonzero(np.append(True, (column[1:] != column[:-1]) | (owner[1:] != owner[:-1])))
        if not len(column) or len(starts) == len(column):
            return owner, column, top, bottom
        return owner[starts], column[starts], np.minimum.reduceat(top, starts), np.maximum.reduceat(bottom, starts)


def _first(edge: float) -> int:
    """Return the first pixel whose middle lies beyond an edge, px."""
    return math.floor(edge + 0.5)


def _mark(grid: Pixels, edges: Places, column: Places, *, pieces: Places) -> None:
    """Invert the bit of a curve where a bar begins and where it ends (`edges`, shape (2, n)).

    `pieces`: where the bars of each curve begin among all, and where they end.
    """
    pixels, edges = grid.ravel(), edges * grid.shape[1] + column
    for number, (start, end) in enumerate(zip(pieces[:-1].tolist(), pieces[1:].tolist(), strict=True)):
        bit = np.uint8(1 << number)
        for edge in edges:  # no two bars of one curve begin or end in the same pixel
            pixels[edge[start:end]] ^= bit


def _widen(pixels: Pixels, widths: Sequence[int]) -> None:
    """Let bars reach to the right as far as they are wide; what is left of the ground keeps rows apart."""
    begun = pixels.copy() if max(widths, default=1) > 1 else pixels
    for step in range(1, max(widths, default=1)):
        bits = sum(1 << number for number, width in enumerate(widths) if width > step)
        reaching = begun[:-step]
        pixels[step:] |= reaching if bits == (1 << len(widths)) - 1 else reaching & np.uint8(bits)


@lru_cache(maxsize=64)
def _table(colors: tuple[int, ...]) -> list[int]:
    """Return the colour (ARGB) of each byte: of several curves the first covers the others as far as it is opaque."""
    inks = np.zeros((1 << CURVES, 4))  # alpha, and red, green and blue times alpha
    for number in range(len(colors) - 1, -1, -1):
        part = np.array([colors[number] >> shift & 0xFF for shift in (24, 16, 8, 0)]) / 255
        part[1:] *= part[0]
        chosen = np.arange(1 << CURVES) >> number & 1 == 1
        inks[chosen] = part + inks[chosen] * (1 - part[0])
    inks[:, 1:] /= np.maximum(inks[:, :1], 1 / 255)
    levels = np.round(inks * 255).astype(np.int64)
    return [int(argb) for argb in levels @ np.array([1 << 24, 1 << 16, 1 << 8, 1])]
