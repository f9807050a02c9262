"""A comparison of a tag with a number, such as `PU01.RUN == 0`: what an interlock of a write is made of.

There are tags, six relations and numbers, and nothing that could be executed. A tag whose name holds one of = < > !
cannot be compared.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_GRAMMAR = re.compile(
    r"\s*(?P<tag>[^=<>!\s](?:[^=<>!]*[^=<>!\s])?)\s*(?P<relation>==|!=|<=|>=|<|>)\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`tag`: its name; `relation`: one of == != <= >= < >; `number`: in the tag's unit."""

    tag: str
    relation: str
    number: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the comparison that a text writes; raise ValueError, which shows the grammar, where it is none."""
        found = _GRAMMAR.fullmatch(text)
        number = float(found["number"]) if found is not None else math.inf
        if found is None or math.isinf(number):
            raise ValueError(f'"{text}" is no comparison of a tag with a number: write one such as "PU01.RUN == 0"')
        return cls(found["tag"], found["relation"], number)

    def holds(self, value: float) -> bool:
        """Return whether it is true of a value of the tag; of NaN nothing is true."""
        return not math.isnan(value) and _RELATIONS[self.relation](value, self.number)

    def __str__(self) -> str:
        return f"{self.tag} {self.relation} {repr(self.number).removesuffix('.0')}"
