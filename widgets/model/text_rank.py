"""Texts as the numbers of their places in the alphabet: to order a hundred thousand is then to order small numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FEW = 1_000
"""So many texts are sooner looked for by halving than by a table of all."""


class TextRank:
    """The place of each slot's text among all texts of a column; a slot without a text has any place."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._ranks = np.zeros(0, np.int32)

    def put(self, slots: NDArray[np.intp], texts: Sequence[str], room: int) -> None:
        """Take the texts of some slots; `room`: how many slots there are. Those of the others stay as they are."""
        if room > len(self._ranks):
            self._ranks = np.concatenate([self._ranks, np.zeros(room - len(self._ranks), np.int32)])
        fresh = sorted(set(texts).difference(self._known(texts)))
        if fresh and self._texts:
            places = [bisect_left(self._texts, text) for text in fresh]
            moved = np.searchsorted(places, np.arange(len(self._texts)), side="right")
            self._ranks += moved.astype(np.int32)[self._ranks]
        if fresh:
            self._texts = sorted(self._texts + fresh)
        self._ranks[slots] = self._places(texts)

    def of(self, slots: NDArray[np.intp]) -> NDArray[np.integer]:
        """Return the ranks of slots; as few bits as can be, since numpy orders 16 in a twentieth of the time."""
        ranks = self._ranks[slots]
        return ranks.astype(np.uint16) if len(self._texts) <= np.iinfo(np.uint16).max else ranks

    def _known(self, texts: Sequence[str]) -> Sequence[str]:
        if len(texts) > FEW:
            return self._texts
        places = [bisect_left(self._texts, text) for text in texts]
        return [text for text, place in zip(texts, places, strict=True) if self._texts[place : place + 1] == [text]]

    def _places(self, texts: Sequence[str]) -> list[int]:
        if len(texts) <= FEW:
            return [bisect_left(self._texts, text) for text in texts]
        place_of = {text: place for place, text in enumerate(self._texts)}
        return [place_of[text] for text in texts]
