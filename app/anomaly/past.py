"""The healthy past of one Equipment in bounded memory: pieces of successive rows, fewer the longer it lasts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PIECE_ROWS = 128
MOST_PIECES = 32
_WHOLE, _FILLED, _STRIDE, _PIECE, _SEEN = range(5)


class Past:
    """Keeps every piece of 128 rows at first; once full it drops every second one and then takes half as many.

    A model that looks at successive rows cannot learn from single rows far apart, so they are thinned by pieces.
    """

    def __init__(self, tags: int) -> None:
        """Begin empty, for rows of so many tags."""
        self._rows: Array = np.zeros((MOST_PIECES, PIECE_ROWS, tags))
        self._is_begin = np.zeros((MOST_PIECES, PIECE_ROWS), np.bool_)
        self._counts = np.array([0, 0, 1, 0, 0], np.int64)

    @property
    def seen(self) -> int:
        """Return how many rows came in all."""
        return int(self._counts[_SEEN])

    def __len__(self) -> int:
        """Return how many rows are kept."""
        return int(self._counts[_WHOLE]) * PIECE_ROWS + (int(self._counts[_FILLED]) if self._is_kept else 0)

    @property
    def _is_kept(self) -> bool:
        return int(self._counts[_PIECE]) % int(self._counts[_STRIDE]) == 0

    def add(self, row: Array, *, follows_gap: bool = False) -> None:
        """Take a row (NaN: missing); `follows_gap`: it does not continue the one before."""
        counts = self._counts
        counts[_SEEN] += 1
        whole, filled = int(counts[_WHOLE]), int(counts[_FILLED])
        if self._is_kept:
            self._rows[whole, filled] = row
            self._is_begin[whole, filled] = follows_gap or (filled == 0 and counts[_STRIDE] > 1)
        counts[_FILLED] += 1
        if counts[_FILLED] < PIECE_ROWS:
            return
        counts[_FILLED] = 0
        counts[_WHOLE] += self._is_kept
        counts[_PIECE] += 1
        if counts[_WHOLE] == MOST_PIECES:
            self._thin()

    def keep_newest(self, rows: int) -> None:
        """Drop the pieces that are older than the newest `rows`."""
        whole = int(self._counts[_WHOLE])
        drop = max(0, whole - -(-rows // PIECE_ROWS))
        for array in (self._rows, self._is_begin):
            array[: whole + 1 - drop] = array[drop : whole + 1].copy()
        self._counts[_WHOLE] = whole - drop

    def stretches(self) -> list[Array]:
        """Return the kept rows as uninterrupted stretches in rising time, each of shape (n, tags)."""
        count = len(self)
        rows = self._rows.reshape(-1, self._rows.shape[2])[:count]
        begins = np.flatnonzero(self._is_begin.reshape(-1)[:count])
        return [part for part in np.split(rows, begins) if len(part)]

    def _thin(self) -> None:
        half = MOST_PIECES // 2
        for array in (self._rows, self._is_begin):
            array[:half] = array[::2].copy()
        self._is_begin[:half, 0] = True
        self._counts[_WHOLE] = half
        self._counts[_STRIDE] *= 2
        self._counts[_PIECE] = 0

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what the past consists of, to be saved or written over."""
        return {"rows": self._rows, "begins": self._is_begin, "counts": self._counts}
