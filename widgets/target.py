"""What a search finds: targets by any part of their names in either language, and by the initials of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Protocol

from app.model.initials import every_initials

MOST_HITS = 40
GAPS = " .-_/:("
"""After these a word begins within a name."""
END = "\0"
_REMEMBERED = 1 << 12
"""Targets whose letters are kept, so that each letter that is typed does not ask for them anew."""


class Rank(IntEnum):
    """How well a word fits a name, the best first."""

    EXACT = 0
    BEGINS = 1
    INITIALS_EXACT = 2
    BEGINS_WORD = 3
    INITIALS_BEGIN = 4
    WITHIN = 5
    INITIALS_WITHIN = 6


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be found.

    `keys` are all texts under which, the first one the same in each language; `open` brings it into view,
    `open_otherwise` does with Ctrl+Enter.
    """

    kind: str
    title: str
    detail: str
    keys: tuple[str, ...]
    open: Callable[[], object]
    open_otherwise: Callable[[], object] | None = None


def rank(target: Target, words: Sequence[str]) -> int | None:
    """Return how well a target fits all words (0 best), None where one of them is not in it.

    `words` are in small letters. Where a name begins comes first, then its initials, then what is somewhere within.
    """
    names, letters = searched(target.keys)
    total = 0
    for word in words:
        best = fit(names, letters, word)
        if best is None:
            return None
        total += best
    return total


class Searched(Protocol):
    """What a search looks through."""

    def search(self, text: str, *, recent: Sequence[str] = ()) -> list[Target]:
        """Return what holds every word of `text`, the best first, at most MOST_HITS.

        `recent`: first keys of what was opened last, newest first; among equally good ones these come first.
        """
        ...

    def prepare(self, renew: Callable[[], object]) -> bool:
        """Look what there is now; return whether the names of the plant can be found, and `renew` when more can be."""
        ...

    def is_whole(self) -> bool:
        """Return whether the names of the plant can be found."""
        ...


@lru_cache(_REMEMBERED)
def searched(keys: tuple[str, ...]) -> tuple[str, str]:
    """Return all names in one text, and all initials in another, each name between two ends."""
    names = END.join(("", *keys, "")).casefold()
    return names, END.join(("", *(each for key in keys for each in every_initials(key)), ""))


def fit(names: str, letters: str, word: str) -> int | None:
    """Return the rank of one word in what `searched` gives, None where it is not in it."""
    is_within = word in names
    if is_within and f"{END}{word}" in names:
        return Rank.EXACT if f"{END}{word}{END}" in names else Rank.BEGINS
    if word in letters and f"{END}{word}{END}" in letters:
        return Rank.INITIALS_EXACT
    if is_within and any(f"{gap}{word}" in names for gap in GAPS):
        return Rank.BEGINS_WORD
    if word in letters and f"{END}{word}" in letters:
        return Rank.INITIALS_BEGIN
    if is_within:
        return Rank.WITHIN
    return Rank.INITIALS_WITHIN if word in letters else None
