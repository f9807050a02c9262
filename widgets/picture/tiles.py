"""The letters of running numbers, painted once: each in every ink and at every quarter of a pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPixmap

from widgets.drawn_array import FragmentArray
from widgets.number import MINUS, NO_VALUE

LETTERS = "0123456789.e+∞" + MINUS + NO_VALUE
"""All that `widgets.number.number` writes."""
QUARTERS = 4
"""Qt as well sets a letter at the quarter of a pixel before its place, on the nearest whole one in height."""
POINT_DIGIT, MINUS_SIGN = len(LETTERS), LETTERS.index(MINUS)
"""The tile of the point with a 0, those with other digits follow it; that of the sign. Digits are their own tiles."""
NO_TILE = -1
_TABLE = 0x2300
Tiles = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ink:
    """The colour of letters, and that of the ground on which they mostly stand."""

    color: QColor
    ground: QColor


class TextTiles:
    """Pictures of `LETTERS`, of the point with each digit and of whole words (units): numbers are composed of them.

    `endings`: words of many numbers, which are there with each last digit before them too: that is one piece less to
    be copied for each. All lengths are px of the device, `ratio` of them to one of the screen's design.
    """

    def __init__(
        self, font: QFont, *, inks: Sequence[Ink], words: Sequence[str], ratio: float, endings: Sequence[str] = ()
    ) -> None:
        metrics = QFontMetricsF(font)
        lasts = [*(str(digit) for digit in range(10)), *(f".{digit}" for digit in range(10))]
        texts = [*LETTERS, *lasts[10:], *words]
        self._ending = np.full(len(texts) + 1, NO_TILE, np.intp)
        for word in endings:
            self._ending[texts.index(word)] = len(texts)
            texts += [last + word for last in lasts]
        self._place_of_last = np.full(len(texts) + 1, NO_TILE, np.intp)
        self._place_of_last[[*range(10), *range(POINT_DIGIT, POINT_DIGIT + 10)]] = np.arange(20)
        # the last one is that of NO_TILE
        self._advance = np.array([*(metrics.horizontalAdvance(text) for text in texts), 0.0]) * ratio
        self._words = {word: len(LETTERS) + 10 + place for place, word in enumerate(words)}
        self._tile_of = np.full(_TABLE, NO_TILE, np.intp)
        self._tile_of[[ord(letter) for letter in LETTERS]] = np.arange(len(LETTERS))
        self._pad = math.ceil(ratio)
        ink = [metrics.tightBoundingRect(text) for text in texts]  # to copy the rest of a line would take twice as long
        self._ascent = math.ceil(-min(rect.top() for rect in ink) * ratio) + 1
        self._height = self._ascent + math.ceil(max(rect.bottom() for rect in ink) * ratio) + 1
        self._width = np.ceil(self._advance[:-1]) + 2 * self._pad
        self._left = np.concatenate(([0.0], np.cumsum(self._width)[:-1]))
        self._fragments = FragmentArray()
        self._pieces = self._pieces_of(len(texts), len(inks))
        self._pixmap = self._painted(font, texts, inks, ratio)

    def word(self, text: str) -> int:
        """Return the tile of a word, NO_TILE for one that was not given."""
        return self._words.get(text, NO_TILE)

    def ended(self, last: Tiles, word: Tiles) -> Tiles:
        """Return the tile that is a last digit with the word behind it, NO_TILE where there is none."""
        ending, place = self._ending[word], self._place_of_last[last]
        return np.where((ending != NO_TILE) & (place != NO_TILE), ending + place, NO_TILE)

    def letters(self, text: str) -> Tiles:
        """Return the tile of each letter, NO_TILE for one that is in no number."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._tile_of[np.minimum(codes, _TABLE - 1)]

    def advance(self, tiles: Tiles) -> NDArray[np.float64]:
        """Return how far each goes on to the next one, px of the device; 0 for NO_TILE."""
        return self._advance[tiles]

    def draw(
        self, painter: QPainter, tiles: Tiles, *, x: NDArray[np.float64], baseline: NDArray[np.float64], ink: Tiles
    ) -> None:
        """Draw tiles, each from its `x` on, standing on its `baseline` (px of the device), in its number of an ink.

        The painter has to be in px of the device.
        """
        quarters = np.floor(x * QUARTERS).astype(np.int32)
        rows = self._fragments.rows(len(tiles))
        rows[:, :6] = self._pieces[(ink * QUARTERS + (quarters & (QUARTERS - 1))) * len(self._width) + tiles]
        rows[:, 0] += quarters >> (QUARTERS.bit_length() - 1)
        rows[:, 1] += np.floor(baseline + 0.5)
        self._fragments.draw(painter, self._pixmap)

    def _pieces_of(self, tiles: int, inks: int) -> NDArray[np.float64]:
        """Return of each tile in each quarter and ink its middle from where it stands, and its place in the pixmap."""
        pieces = np.empty((inks * QUARTERS, tiles, 6))
        pieces[:, :, 0], pieces[:, :, 1] = self._width / 2 - self._pad, self._height / 2 - self._ascent
        pieces[:, :, 2], pieces[:, :, 3] = self._left, np.arange(inks * QUARTERS)[:, None] * self._height
        pieces[:, :, 4], pieces[:, :, 5] = self._width, self._height
        return pieces.reshape(-1, 6)

    def _painted(self, font: QFont, texts: Sequence[str], inks: Sequence[Ink], ratio: float) -> QPixmap:
        width, block = int(self._width.sum()), self._height * QUARTERS
        image = QImage(width, block * len(inks), QImage.Format.Format_ARGB32_Premultiplied)
        pixels = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), width, 4)
        for number, ink in enumerate(inks):
            opaque = QImage(width, block, QImage.Format.Format_RGB32)
            opaque.setDevicePixelRatio(ratio)
            opaque.fill(ink.ground)
            self._write(opaque, font, texts, ink.color)
            pixels[number * block : (number + 1) * block] = _lifted(opaque, ink)
        return QPixmap.fromImage(image)

    def _write(self, image: QImage, font: QFont, texts: Sequence[str], color: QColor) -> None:
        ratio = image.devicePixelRatio()
        with QPainter(image) as painter:
            painter.setFont(font)
            painter.setPen(color)
            for row in range(QUARTERS):
                shift, y = self._pad + row / QUARTERS, (row * self._height + self._ascent) / ratio
                for left, text in zip(self._left, texts, strict=True):
                    painter.drawText(QPointF((left + shift) / ratio, y), text)


def _lifted(image: QImage, ink: Ink) -> NDArray[np.uint8]:
    """Return letters without the ground they were written on: blue, green, red (premultiplied) and alpha.

    Qt blends letters by what lies beneath them, so that light ones on a dark ground do not look thin; written on
    nothing they would be.
    """
    color, ground = (np.array([each.blue(), each.green(), each.red()], np.float64) for each in (ink.color, ink.ground))
    widest = int(np.argmax(np.abs(color - ground)))
    reach = color[widest] - ground[widest]
    alpha = np.clip((np.arange(256) - ground[widest]) / reach, 0.0, 1.0) if reach else np.zeros(256)
    lifted: NDArray[np.uint8] = np.rint(alpha[:, None] * np.append(color, 255.0)).astype(np.uint8)
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, widest]
    return lifted[shown]
