"""What the station says, its errors, findings and notes of drivers, in the language of the operator.

The station speaks English, in texts into which names, numbers and other texts are put. The files of
resources/translations/zh/station hold each of them as a template in both languages: `"the device {0} has no register
{1}"`. What was said is recognised by its template, and what was put into it is translated in turn where it is such a
text too. What is known by no template, such as what an operating system says, stays as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from widgets.translation import chinese_in, language

PLACE = re.compile(r"\{(\d+)\}")
BRACE = re.compile(r"\{\{|\}\}|\{(\d+)\}")
QUOTED = re.compile(r"""(?<=["'`])\{(\d+)\}(?=["'`])""")
HAN = "[\u4e00-\u9fff]"
PUT_IN = len("(?P<p0>.*?)")
DEEPEST = 4
JOINT = ": "


@dataclass(frozen=True, slots=True)
class Template:
    """A text of the station: how it is recognised, the longest piece of it that is always there, and its Chinese.

    `names`: the places of what is put in between quotes or backticks: a name of the plant, never another text.
    """

    pattern: re.Pattern[str]
    piece: str
    chinese: str
    names: frozenset[str]

    @property
    def weight(self) -> int:
        """Return how much it says by itself, letters."""
        return len(self.pattern.pattern) - PUT_IN * self.pattern.groups


def station_text(said: object) -> str:
    """Return what the station said, an error or a text, in the present language."""
    text = str(said)
    return in_chinese(text) if language() == "zh" else text


@lru_cache(maxsize=1_000)
def in_chinese(text: str) -> str:
    """Return a text of the station in Chinese, as a whole or line by line; what is not known as it is."""
    known = _known(text, DEEPEST)
    return known.text if known.weight else "\n".join(_known(line, DEEPEST).text for line in text.split("\n"))


class Known(NamedTuple):
    """How many letters of a text were recognised, 0 where it is not known, and the text in Chinese or as it was."""

    weight: int
    text: str


def _known(text: str, deepest: int) -> Known:
    """Return what is known of a text, by whichever recognises more: one template, or one for each part of it."""
    if not deepest or " " not in text:
        return Known(0, text)
    whole = next(filter(None, (_by(template, text, deepest) for template in templates())), Known(0, text))
    # texts follow each other behind colons: where it is, what is wrong, what to do
    head, joint, rest = text.partition(JOINT)
    if not joint or "\n" in text:
        return whole
    before, behind = _known(head, deepest - 1), _known(rest, deepest)
    parts = Known(before.weight + behind.weight, f"{before.text}: {behind.text}")
    return max(whole, parts, key=lambda each: each.weight)


def _by(template: Template, text: str, deepest: int) -> Known | None:
    if template.piece not in text or (match := template.pattern.fullmatch(text)) is None:
        return None
    given = {place[1:]: part for place, part in match.groupdict().items()}
    put_in = {
        place: Known(0, part) if place in template.names else _put_in(part, deepest) for place, part in given.items()
    }
    weight = template.weight + sum(each.weight for each in put_in.values())
    return Known(weight, _filled(template.chinese, put_in))


def _put_in(part: str, deepest: int) -> Known:
    """Return in Chinese what was put into a text: another text, or a word such as the kind of what has a name."""
    word = catalogue().get(part)
    return Known(len(part), word) if word is not None else _known(part, deepest - 1)


def _filled(chinese: str, put_in: Mapping[str, Known]) -> str:
    for place, known in put_in.items():
        # Chinese beside Chinese has no blank between, as it has beside a name or a number
        if known.weight and re.match(HAN, known.text):
            chinese = re.sub(rf"(?<={HAN}) \{{{place}\}}", f"{{{place}}}", chinese)
        if known.weight and re.match(HAN, known.text[-1]):
            chinese = re.sub(rf"\{{{place}\}} (?={HAN})", f"{{{place}}}", chinese)
    return BRACE.sub(lambda found: put_in[found[1]].text if found[1] else found[0][0], chinese)


@cache
def catalogue() -> Mapping[str, str]:
    """Return the Chinese of each template of the station."""
    return chinese_in("station")


@cache
def templates() -> tuple[Template, ...]:
    """Return all templates, those that say most by themselves first."""
    found = [
        Template(_pattern(english), _piece(english), chinese, frozenset(QUOTED.findall(english)))
        for english, chinese in catalogue().items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.weight, each.pattern.pattern)))


def _pattern(english: str) -> re.Pattern[str]:
    parts = PLACE.split(english)
    literal = [re.escape(_plain(part)) for part in parts[::2]]
    groups = [f"(?P<p{number}>.*?)" for number in parts[1::2]]
    return re.compile("".join(piece for pair in zip(literal, [*groups, ""], strict=True) for piece in pair), re.DOTALL)


def _piece(english: str) -> str:
    return max((_plain(part) for part in PLACE.split(english)[::2]), key=len)


def _plain(part: str) -> str:
    return part.replace("{{", "{").replace("}}", "}")
