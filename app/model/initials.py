"""The first letters by which somebody types a name: of its words, and of the pinyin of its Chinese characters."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from app.model.pinyin import OTHER_READINGS, RARER

_FIRST = {
    "a": 0xB0A1, "b": 0xB0C5, "c": 0xB2C1, "d": 0xB4EE, "e": 0xB6EA, "f": 0xB7A2, "g": 0xB8C1, "h": 0xB9FE,
    "j": 0xBBF7, "k": 0xBFA6, "l": 0xC0AC, "m": 0xC2E8, "n": 0xC4C3, "o": 0xC5B6, "p": 0xC5BE, "q": 0xC6DA,
    "r": 0xC8BB, "s": 0xC8F6, "t": 0xCBFA, "w": 0xCDDA, "x": 0xCEF4, "y": 0xD1B9, "z": 0xD4D1,
}  # fmt: skip
"""GB/T 2312-1980 has its 3,755 most frequent characters in the order of their pinyin: the first place of each letter.
A character of several readings stands at one of them."""
_LAST = 0xD7F9
_RARER = 0xD8A1
_MOST = 8
"""So many ways of reading a name are told apart: three characters with two readings each."""
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
    row = _LAST_BYTE - _FIRST_BYTE + 1
    for place, letter in enumerate(RARER):
        code = _RARER + place // row * 0x100 + place % row
        found[ord(code.to_bytes(2, "big").decode("gb2312"))] = letter
    return found


@cache
def _readings() -> dict[str, str]:
    """Return the letters of each character that is read in several ways."""
    return {each[0]: each[1:] for each in OTHER_READINGS.split()}


def every_initials(text: str) -> tuple[str, ...]:
    """Return the initials of a name in all ways in which it may be read, the usual one first; none for one word."""
    first = initials(text)
    if text.isascii() or not first:
        return (first,) if first else ()
    readings = _readings()
    ways = [text]
    for character in dict.fromkeys(text):
        for letter in readings.get(character, ""):
            if letter != _letters().get(ord(character)) and len(ways) < _MOST:
                ways += [way.replace(character, letter) for way in ways][: _MOST - len(ways)]
    return tuple(dict.fromkeys(map(initials, ways)))


def initials(text: str) -> str:
    """Return the initials of a name: "dt" of "Discharge temperature", "" where it has but one word.

    Of Chinese each character counts, and a word in Latin letters or digits beside it stays whole: "pqwd", "kyjac01".
    """
    if not text.isascii():
        return text.translate(_letters()).casefold().replace(" ", "")
    words = _WORDS.findall(text.casefold())
    return "".join(word[0] for word in words) if len(words) > 1 else ""
