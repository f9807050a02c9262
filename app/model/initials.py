"""The first letters by which somebody types a name: of its words, and of the pinyin of its Chinese characters."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

_FIRST = {
    "a": 0xB0A1, "b": 0xB0C5, "c": 0xB2C1, "d": 0xB4EE, "e": 0xB6EA, "f": 0xB7A2, "g": 0xB8C1, "h": 0xB9FE,
    "j": 0xBBF7, "k": 0xBFA6, "l": 0xC0AC, "m": 0xC2E8, "n": 0xC4C3, "o": 0xC5B6, "p": 0xC5BE, "q": 0xC6DA,
    "r": 0xC8BB, "s": 0xC8F6, "t": 0xCBFA, "w": 0xCDDA, "x": 0xCEF4, "y": 0xD1B9, "z": 0xD4D1,
}  # fmt: skip
"""GB/T 2312-1980 has its 3,755 most frequent characters in the order of their pinyin: the first place of each letter.
A character of several readings stands at one of them, the rarer ones beyond have none."""
_LAST = 0xD7F9
_WORDS = re.compile(r"[a-z0-9]+")
_FIRST_BYTE, _LAST_BYTE = 0xA1, 0xFE


@cache
def _letters() -> dict[int, str]:
    """Return the letter of each character, as str.translate takes it."""
    found: dict[int, str] = {}
    places = [*_FIRST.items(), ("", _LAST + 1)]
    for (letter, first), (_, end) in pairwise(places):
        for place in range(first, end):
            high, low = divmod(place, 0x100)
            if _FIRST_BYTE <= low <= _LAST_BYTE:
                found[ord(bytes([high, low]).decode("gb2312"))] = letter
    return found


def initials(text: str) -> str:
    """Return the initials of a name: "dt" of "Discharge temperature", "" where it has but one word.

    Of Chinese each character counts, and a word in Latin letters or digits beside it stays whole: "pqwd", "kyjac01".
    """
    if not text.isascii():
        return text.translate(_letters()).casefold().replace(" ", "")
    words = _WORDS.findall(text.casefold())
    return "".join(word[0] for word in words) if len(words) > 1 else ""
