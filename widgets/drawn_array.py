"""Primitives in memory that Qt draws as they are, without an object for each."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

P = TypeVar("P", QLineF, QRectF, QPainter.PixmapFragment)


class _DrawnArray(Generic[P]):
    """So many primitives of so many float64 each."""

    _FIELDS: ClassVar = 4

    def __init__(self, primitive: type[P]) -> None:
        self._primitive: type[P] = primitive
        self._memory = np.empty((0, self._FIELDS))
        self._first: P | None = None
        self._size = 0

    def __len__(self) -> int:
        """Return their number."""
        return self._size

    def resize(self, size: int) -> NDArray[np.float64]:
        """Return the array to be filled: float64, shape (size, fields), px."""
        if size > len(self._memory):
            self._memory = np.empty((size, self._FIELDS))
            # Qt's primitives are nothing but their numbers, so that the array is one: PySide passes its first to Qt
            self._first = cast("P", Shiboken.wrapInstance(self._memory.ctypes.data, self._primitive))
        self._size = size
        return self._memory[:size]


class LineArray(_DrawnArray[QLineF]):
    """Lines: x and y of both ends."""

    def __init__(self) -> None:
        super().__init__(QLineF)

    def draw(self, painter: QPainter) -> None:
        """Draw all lines with the painter's pen."""
        if self._size and self._first is not None:
            painter.drawLines(self._first, self._size)


class RectArray(_DrawnArray[QRectF]):
    """Rectangles: x and y of the upper left corner, width, height."""

    def __init__(self) -> None:
        super().__init__(QRectF)

    def draw(self, painter: QPainter) -> None:
        """Fill all rectangles with the painter's brush, and draw their edges with its pen."""
        if self._size and self._first is not None:
            painter.drawRects(self._first, self._size)


class FragmentArray(_DrawnArray[QPainter.PixmapFragment]):
    """Pieces of one pixmap, each put somewhere else: ten float64 each, of which `put` sets all."""

    _FIELDS = 10

    def __init__(self) -> None:
        super().__init__(QPainter.PixmapFragment)
        self._upright = 0

    def rows(self, size: int) -> NDArray[np.float64]:
        """Return so many pieces to be filled, float64, shape (size, 10), px: in each row the first six are to be set.

        They are the middle of the place where it comes to, and left, top, width and height of it in the pixmap.
        """
        rows = self.resize(size)
        if size > self._upright:  # the memory stays until more is wanted
            self._upright = size
            rows[:, 6:10] = (1.0, 1.0, 0.0, 1.0)
        return rows

    def put(self, source: NDArray[np.float64], target: NDArray[np.float64]) -> None:
        """Take the pieces: `source` their left, top, width and height in the pixmap, shape (n, 4), px.

        `target` is where the left upper corner of each comes to, shape (n, 2), px. Whole px leave a piece sharp.
        """
        rows = self.rows(len(source))
        rows[:, 0:2] = target + source[:, 2:4] / 2  # Qt places a piece by its middle
        rows[:, 2:6] = source

    def draw(self, painter: QPainter, pixmap: QPixmap) -> None:
        """Draw all pieces."""
        if self._size and self._first is not None:
            painter.drawPixmapFragments(self._first, self._size, pixmap)
