"""Expressions over tags, such as `PU01.RUN == 1 and CW01.FLOW < 70`: numbers in, one number out.

There are numbers, tags, + - * /, six relations, `and` `or` `not`, `min` `max` `abs` and parentheses: no text, no
attribute, no loop, nothing that could be executed or that could take long. A tag whose name is no such word, or holds
other characters than letters, digits, _ and dots, stands in braces: `{Line 1/Temp}`.

A tag without a good number is unknown. What is reckoned or compared with it is unknown; so is a division by 0 and a
result that float64 cannot hold. `and` and `or` know what does not depend on it: false and unknown is false, true or
unknown is true (Kleene). True is 1, false is 0, unknown is NaN; every number but 0 counts as true.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST = 2_000
MOST_NODES = 200
DEEPEST = 30

Evaluate = Callable[[Sequence[float]], float]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[^\W\d][\w.]*)|\{(?P<braced>[^{}]+)\}"
    r"|(?P<sign>==|!=|<=|>=|[-+*/<>(),]))"
)
_RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {"min": min, "max": max, "abs": abs}
_WORDS = frozenset({"and", "or", "not", *_FUNCTIONS})


class ExpressionError(ValueError):
    """A text is no expression; the message shows where, and what could stand there."""


@dataclass(frozen=True, slots=True)
class Expression:
    """`tags`: their names, each once. `evaluate` takes their values in that order, NaN where there is no good one."""

    text: str
    tags: tuple[str, ...]
    evaluate: Evaluate = field(compare=False, repr=False)


def parse_expression(text: str) -> Expression:
    """Return the expression that a text writes; raise ExpressionError where it is none, or too long."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression of {len(text)} characters: keep it within {LONGEST}")
    parser = _Parser(text)
    evaluate = parser.whole()
    return Expression(text, tuple(parser.tags), evaluate)


class _Parser:
    """Reads one expression by precedence; each method returns what evaluates its part."""

    def __init__(self, text: str) -> None:
        self.tags: dict[str, int] = {}
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Evaluate:
        evaluate = self._either()
        if self._kind != "end":
            raise self._wrong("an operator, or the end")
        return evaluate

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

    def _node(self, evaluate: Evaluate) -> Evaluate:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise ExpressionError(f"more than {MOST_NODES} parts: write it as two alarms")
        return evaluate

    def _either(self) -> Evaluate:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep: take out parentheses")
        evaluate = self._both()
        while self._take("or"):
            evaluate = self._node(_or(evaluate, self._both()))
        self._depth -= 1
        return evaluate

    def _both(self) -> Evaluate:
        evaluate = self._negated()
        while self._take("and"):
            evaluate = self._node(_and(evaluate, self._negated()))
        return evaluate

    def _negated(self) -> Evaluate:
        turns = 0
        while self._take("not"):
            turns += 1
        evaluate = self._comparison()
        for _ in range(turns):
            evaluate = self._node(_not(evaluate))
        return evaluate

    def _comparison(self) -> Evaluate:
        left = self._sum()
        relation = self._take(*_RELATIONS)
        if not relation:
            return left
        evaluate = self._node(_compared(_RELATIONS[relation], left, self._sum()))
        if self._kind == "sign" and self._token in _RELATIONS:
            raise self._wrong('"and" with a comparison of its own')
        return evaluate

    def _sum(self) -> Evaluate:
        evaluate = self._product()
        while sign := self._take("+", "-"):
            evaluate = self._node(_reckoned(_ARITHMETIC[sign], evaluate, self._product()))
        return evaluate

    def _product(self) -> Evaluate:
        evaluate = self._signed()
        while sign := self._take("*", "/"):
            evaluate = self._node(_reckoned(_ARITHMETIC[sign], evaluate, self._signed()))
        return evaluate

    def _signed(self) -> Evaluate:
        signs = 0
        while self._take("-"):
            signs += 1
        evaluate = self._atom()
        for _ in range(signs):
            evaluate = self._node(_minus(evaluate))
        return evaluate

    def _atom(self) -> Evaluate:
        kind, token = self._kind, self._token
        if kind == "number":
            self._place += 1
            return self._node(_constant(self._number(token)))
        if self._take("("):
            evaluate = self._either()
            self._close()
            return evaluate
        if function := self._take(*_FUNCTIONS):
            return self._call(function)
        if kind == "tag" or (kind == "name" and token not in _WORDS):
            self._place += 1
            return self._node(operator.itemgetter(self.tags.setdefault(token, len(self.tags))))
        raise self._wrong("a tag, a number or a parenthesis")

    def _number(self, token: str) -> float:
        number = float(token)
        if math.isinf(number):
            raise ExpressionError(f"{token} is beyond every number: write a smaller one")
        return number

    def _call(self, function: str) -> Evaluate:
        if not self._take("("):
            raise self._wrong(f'"(" behind {function}')
        parts = [self._either()]
        while function != "abs" and self._take(","):
            parts.append(self._either())
        self._close()
        return self._node(_called(_FUNCTIONS[function], parts))

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


def _constant(number: float) -> Evaluate:
    return lambda _: number


def _minus(part: Evaluate) -> Evaluate:
    return lambda values: -part(values)


def _reckoned(operation: Callable[[float, float], float], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        try:
            result = operation(left(values), right(values))
        except ZeroDivisionError:
            return math.nan
        return result if result - result == 0.0 else math.nan

    return evaluate


def _compared(relation: Callable[[float, float], bool], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        one, other = left(values), right(values)
        if one != one or other != other:  # noqa: PLR0124 - NaN, and quicker than to ask for it
            return math.nan
        return 1.0 if relation(one, other) else 0.0

    return evaluate


def _called(function: Callable[..., float], parts: Sequence[Evaluate]) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        numbers = [part(values) for part in parts]
        if any(map(math.isnan, numbers)):
            return math.nan
        return function(*numbers) if len(numbers) > 1 or function is abs else numbers[0]

    return evaluate


def _not(part: Evaluate) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        number = part(values)
        return number if math.isnan(number) else float(number == 0.0)

    return evaluate


def _and(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        one = left(values)
        if one == 0.0:
            return 0.0
        other = right(values)
        if other == 0.0:
            return 0.0
        return math.nan if math.isnan(one) or math.isnan(other) else 1.0

    return evaluate


def _or(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(values: Sequence[float]) -> float:
        one = left(values)
        if one != 0.0 and not math.isnan(one):
            return 1.0
        other = right(values)
        if other != 0.0 and not math.isnan(other):
            return 1.0
        return math.nan if math.isnan(one) or math.isnan(other) else 0.0

    return evaluate
