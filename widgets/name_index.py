"""Many names that can be searched at once: as one text, in which words are looked for without a loop over the names.

It holds texts and arrays alone, so that a background thread can make it. Benchmark `finding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from widgets.target import END, GAPS, Rank, searched

NEVER = 1 << 20
"""A rank that no target has: the word is not in it."""
LONG_AGO = 1 << 10
"""The recency of what has not been opened lately."""


class NameIndex:
    """`keys`: of each thing all texts under which it is found. Its number is its place among them, from 0."""

    def __init__(self, keys: Iterable[tuple[str, ...]]) -> None:
        both = [searched(each) for each in keys]
        self.size = len(both)
        self._names = _Text([names for names, _ in both])
        self._letters = _Text([letters for _, letters in both])

    def ranks(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return how well each thing fits all words, as `widgets.target.rank` tells it, shape (size,).

        NEVER or more: not at all. `words` are in small letters.
        """
        total = np.zeros(self.size, np.int64)
        for word in words:
            total += self._ranks(word.replace(END, ""))
        return total

    def best(
        self, words: Sequence[str], *, most: int, newest: Mapping[int, int], first: Sequence[int] = ()
    ) -> list[tuple[int, int, int]]:
        """Return the best things: rank, recency and number of each, the best first, at most `most`.

        `newest`: how recently things were opened, 0 for the last, by number; all others count as equally long ago.
        `first`: numbers of those that come before others that are equally good.
        """
        ranks = self.ranks(words)
        recency = np.full(self.size, LONG_AGO, np.int64)
        for number, place in newest.items():
            recency[number] = place
        later = np.ones(self.size, np.int64)
        later[list(first)] = 0
        found = np.flatnonzero(ranks < NEVER)
        order = ((ranks[found] * (LONG_AGO + 1) + recency[found]) * 2 + later[found]) * self.size + found
        if len(order) > most:
            found = found[np.argpartition(order, most)[:most]]
        rows = [(int(ranks[number]), int(recency[number]), int(number)) for number in found]
        return sorted(rows, key=lambda row: (row[0], row[1], later[row[2]], row[2]))

    def _ranks(self, word: str) -> NDArray[np.int64]:
        """Return the rank of one word: each place of it in a name or in initials has one, and the best counts."""
        best = np.full(self.size, NEVER, np.int64)
        if not word:
            best[:] = Rank.BEGINS  # every name begins with nothing
            return best
        before, after, owners = self._names.places(word)
        rank = np.where(np.isin(before, _GAP_CODES), Rank.BEGINS_WORD, Rank.WITHIN)
        rank[before == 0] = Rank.BEGINS
        rank[(before == 0) & (after == 0)] = Rank.EXACT
        np.minimum.at(best, owners, rank)
        before, after, owners = self._letters.places(word)
        rank = np.where(before == 0, Rank.INITIALS_BEGIN, Rank.INITIALS_WITHIN)
        rank[(before == 0) & (after == 0)] = Rank.INITIALS_EXACT
        np.minimum.at(best, owners, rank)
        return best


class _Text:
    """The searched texts of all things, one after the other, in UTF-16."""

    def __init__(self, parts: Sequence[str]) -> None:
        codes = [np.frombuffer(part.encode("utf-16-le", "surrogatepass"), np.uint16) for part in parts]
        self._codes = np.concatenate([*codes, np.zeros(1, np.uint16)])
        lengths = np.fromiter((len(each) for each in codes), np.int64, len(codes))
        self._ends = np.cumsum(lengths)

    def places(self, word: str) -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int64]]:
        """Return of each place of a word the code before it, the one after it, and the number of the thing."""
        wanted = np.frombuffer(word.encode("utf-16-le", "surrogatepass"), np.uint16)
        codes, length = self._codes, len(wanted)
        last = len(codes) - length
        starts = np.flatnonzero(codes[: max(0, last)] == wanted[0])
        for place in range(1, length):
            starts = starts[codes[starts + place] == wanted[place]]
        return codes[starts - 1], codes[starts + length], np.searchsorted(self._ends, starts, side="right")


_GAP_CODES = np.array([ord(gap) for gap in GAPS], np.uint16)
