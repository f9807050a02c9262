"""Many short texts that are searched at once: as one long text, which is half the work of asking for each."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

END = "\0"
"""Ends each text within the long one: nobody looks for it."""


class SearchedTexts:
    """A text for each place 0, 1, ...; the long one is made anew when some of them have become others."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._long = ""
        self._begins: NDArray[np.int64] = np.zeros(0, np.int64)
        self._is_made = True

    def make_room(self, more: int) -> None:
        """Add so many places, empty at first."""
        self._texts += [""] * more
        self._is_made = False

    def put(self, place: int, text: str) -> None:
        """Take the text of a place."""
        if text != self._texts[place]:
            self._texts[place] = text
            self._is_made = False

    def holding(self, part: str) -> NDArray[np.bool_]:
        """Return which places' texts hold a part, shape (places,)."""
        if not self._is_made:
            lengths = np.fromiter(map(len, self._texts), np.int64, len(self._texts)) + len(END)
            self._begins = np.cumsum(lengths) - lengths
            self._long = END.join(self._texts)
            self._is_made = True
        hits = [found.start() for found in re.finditer(re.escape(part), self._long)]
        holding = np.zeros(len(self._texts), bool)
        holding[np.searchsorted(self._begins, hits, side="right") - 1] = True
        return holding
