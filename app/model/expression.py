"""Expressions over tags, such as `PU01.RUN == 1 and CW01.FLOW < 70`: numbers in, one number out.

There are numbers, tags, + - * /, six relations, `and` `or` `not`, `min` `max` `abs` and parentheses: no text, no
attribute, no loop, nothing that could be executed or that could take long. A tag whose name is no such word, or holds
other characters than letters, digits, _ and dots, stands in braces: `{Line 1/Temp}`.

A tag without a good number is unknown. What is calculated or compared with it is unknown; so is a division by 0 and a
result that float64 cannot hold. `and` and `or` know what does not depend on it: false and unknown is false, true or
unknown is true (Kleene). True is 1, false is 0, unknown is NaN; every number but 0 counts as true.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.expression_part import (
    FUNCTIONS,
    RELATIONS,
    Evaluate,
    Part,
    Within,
    both,
    calculated,
    called,
    compared,
    constant,
    either,
    minus,
    negated,
    tag_value,
)

LONGEST = 2_000
MOST_NODES = 200
DEEPEST = 30

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[^\W\d][\w.]*)|\{(?P<braced>[^{}]+)\}"
    r"|(?P<sign>==|!=|<=|>=|[-+*/<>(),]))"
)
_PLAIN = re.compile(r"[^\W\d][\w.]*")
_WORDS = frozenset({"and", "or", "not", *FUNCTIONS})


class ExpressionError(ValueError):
    """A text is no expression; the message shows where, and what could stand there."""


@dataclass(frozen=True, slots=True)
class Expression:
    """`tags`: their names, each once. `evaluate` takes their values in that order, NaN where there is no good one.

    `within` takes the lowest and the highest of each and returns the bounds of what `evaluate` gives for any between
    them, NaN where that may be unknown. `stepped`: the places of tags of which the smallest change may turn a relation.
    """

    text: str
    tags: tuple[str, ...]
    evaluate: Evaluate = field(compare=False, repr=False)
    within: Within = field(compare=False, repr=False)
    stepped: frozenset[int] = field(compare=False, repr=False)


def parse_expression(text: str) -> Expression:
    """Return the expression that a text writes; raise ExpressionError where it is none, or too long."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression of {len(text)} characters: keep it within {LONGEST}")
    parser = _Parser(text)
    whole = parser.whole()
    return Expression(text, tuple(parser.tags), whole.evaluate, whole.within, whole.stepped)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text of an expression in which the tags of `names` have their new names; the rest stays as it is."""
    pieces, begin = [], 0
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        old = found.group("braced").strip() if kind == "braced" else found.group(kind)
        if kind not in {"name", "braced"} or old not in names or (kind == "name" and old in _WORDS):
            continue
        start = found.start(kind) - (kind == "braced")
        is_plain = _PLAIN.fullmatch(names[old]) is not None and names[old] not in _WORDS
        pieces += [text[begin:start], names[old] if is_plain else f"{{{names[old]}}}"]
        begin = found.end()
    return "".join([*pieces, text[begin:]])


class _Parser:
    """Reads one expression by precedence; each method returns its part."""

    def __init__(self, text: str) -> None:
        self.tags: dict[str, int] = {}
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Part:
        part = self._either()
        if self._kind != "end":
            raise self._wrong("an operator, or the end")
        return part

    @property
    def _kind(self) -> str:
        return self._tokens[self._place][0]

    @property
    def _token(self) -> str:
        return self._tokens[self._place][1]

    def _take(self, *signs: str) -> str:
        """Return the next token and go on if it is one of these, else ""."""
        token = self._token
        if self._kind in {"sign", "name"} and token in signs:
            self._place += 1
            return token
        return ""

    def _wrong(self, expected: str) -> ExpressionError:
        column = self._tokens[self._place][2] + 1
        found = f'"{self._token}"' if self._kind != "end" else "nothing"
        return ExpressionError(f"{found} at character {column}: write {expected} there")

    def _node(self, part: Part) -> Part:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise ExpressionError(f"more than {MOST_NODES} parts: write it as two alarms")
        return part

    def _either(self) -> Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep: take out parentheses")
        part = self._both()
        while self._take("or"):
            part = self._node(either(part, self._both()))
        self._depth -= 1
        return part

    def _both(self) -> Part:
        part = self._negated()
        while self._take("and"):
            part = self._node(both(part, self._negated()))
        return part

    def _negated(self) -> Part:
        turns = 0
        while self._take("not"):
            turns += 1
        part = self._comparison()
        for _ in range(turns):
            part = self._node(negated(part))
        return part

    def _comparison(self) -> Part:
        left = self._sum()
        relation = self._take(*RELATIONS)
        if not relation:
            return left
        part = self._node(compared(relation, left, self._sum()))
        if self._kind == "sign" and self._token in RELATIONS:
            raise self._wrong('"and" with a comparison of its own')
        return part

    def _sum(self) -> Part:
        part = self._product()
        while sign := self._take("+", "-"):
            part = self._node(calculated(sign, part, self._product()))
        return part

    def _product(self) -> Part:
        part = self._signed()
        while sign := self._take("*", "/"):
            part = self._node(calculated(sign, part, self._signed()))
        return part

    def _signed(self) -> Part:
        signs = 0
        while self._take("-"):
            signs += 1
        part = self._atom()
        for _ in range(signs):
            part = self._node(minus(part))
        return part

    def _atom(self) -> Part:
        kind, token = self._kind, self._token
        if kind == "number":
            self._place += 1
            return self._node(constant(self._number(token)))
        if self._take("("):
            part = self._either()
            self._close()
            return part
        if function := self._take(*FUNCTIONS):
            return self._call(function)
        if kind == "tag" or (kind == "name" and token not in _WORDS):
            self._place += 1
            return self._node(tag_value(self.tags.setdefault(token, len(self.tags))))
        raise self._wrong("a tag, a number or a parenthesis")

    def _number(self, token: str) -> float:
        number = float(token)
        if math.isinf(number):
            raise ExpressionError(f"{token} is beyond every number: write a smaller one")
        return number

    def _call(self, function: str) -> Part:
        if not self._take("("):
            raise self._wrong(f'"(" behind {function}')
        parts = [self._either()]
        while function != "abs" and self._take(","):
            parts.append(self._either())
        self._close()
        return self._node(called(function, parts))

    def _close(self) -> None:
        if not self._take(")"):
            raise self._wrong('")"')


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Return kind, text and place of each token, the last one of kind "end"."""
    tokens: list[tuple[str, str, int]] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise ExpressionError(f'"{text[place]}" at character {place + 1}: neither a tag nor a sign known here')
        kind = found.lastgroup or ""
        token = found[kind].strip() if kind == "braced" else found[kind]
        tokens.append(("tag" if kind == "braced" else kind, token, found.start(kind)))
        place = found.end()
    return [*tokens, ("end", "", end)]
