"""What a search finds: targets by any part of their names in either language, and by the initials of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.model.initials import initials

MOST_HITS = 40
_EXACT, _BEGINS, _INITIALS_EXACT, _BEGINS_WORD, _INITIALS_BEGIN, _WITHIN, _INITIALS_WITHIN = range(7)
_GAPS = " .-_/:("
_END = "\0"
_REMEMBERED = 1 << 16
"""Targets whose letters are kept: a large plant's, so that a search does not begin anew with each opening."""


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
    names, letters = _searched(target.keys)
    total = 0
    for word in words:
        best = _place(names, letters, word)
        if best is None:
            return None
        total += best
    return total


def find(targets: Iterable[Target], text: str, *, recent: Sequence[str] = ()) -> list[Target]:
    """Return the targets that hold every word of `text`, the best ones first; all of them for an empty text.

    `recent`: first keys of what was opened last, newest first; among equally good ones these come first.
    """
    words = text.casefold().split()
    newest = {key: place for place, key in enumerate(recent)}
    hits = [
        (place, newest.get(target.keys[0], len(newest)), number, target)
        for number, target in enumerate(targets)
        if (place := rank(target, words)) is not None
    ]
    return [target for *_, target in sorted(hits, key=lambda hit: hit[:3])[:MOST_HITS]]


@lru_cache(_REMEMBERED)
def _searched(keys: tuple[str, ...]) -> tuple[str, str]:
    """Return all names in one text, and all initials in another, each name between two ends."""
    names = _END.join(("", *keys, "")).casefold()
    return names, _END.join(("", *filter(None, map(initials, keys)), ""))


def _place(names: str, letters: str, word: str) -> int | None:
    is_within = word in names
    if is_within and f"{_END}{word}" in names:
        return _EXACT if f"{_END}{word}{_END}" in names else _BEGINS
    if word in letters and f"{_END}{word}{_END}" in letters:
        return _INITIALS_EXACT
    if is_within and any(f"{gap}{word}" in names for gap in _GAPS):
        return _BEGINS_WORD
    if word in letters and f"{_END}{word}" in letters:
        return _INITIALS_BEGIN
    if is_within:
        return _WITHIN
    return _INITIALS_WITHIN if word in letters else None
