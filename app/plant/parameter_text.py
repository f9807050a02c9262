"""Texts with parameters in braces: `"HR{base + 2}:F32"`, `"{id}.T_D"`; a text that is nothing else is the value itself.

In braces stand names of parameters, numbers, `+ - * / // %` and parentheses; `{number:03}` fills up with zeros, `{{`
and `}}` are braces.
"""

from __future__ import annotations

import ast
import difflib
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = int | float

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FILLED = re.compile(r"(.*\S)\s*:\s*(0[1-9])\s*", re.DOTALL)
_LONGEST = 200
_DIGITS = 12
_OPERATORS: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class ParameterError(ValueError):
    """A text cannot be read or has no value; the message says what is wrong and the remedy."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One pair of braces: its expression, `names` in it, and `width` of a whole number, 0 for that of its digits."""

    node: ast.expr
    names: tuple[str, ...]
    width: int
    source: str


@dataclass(frozen=True, slots=True)
class ParameterText:
    """A text that was read once, to be written for each instance."""

    parts: tuple[str | _Slot, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters that it depends on, in their order."""
        return tuple(dict.fromkeys(name for part in self.parts if isinstance(part, _Slot) for name in part.names))

    def value(self, parameters: Mapping[str, object]) -> object:
        """Return what it says with these parameters; raise ParameterError."""
        if len(self.parts) == 1 and isinstance(self.parts[0], _Slot) and not self.parts[0].width:
            return _value(self.parts[0], parameters)
        return "".join(part if isinstance(part, str) else _text(part, parameters) for part in self.parts)


def parse_text(text: str, known: Collection[str]) -> ParameterText:
    """Read a text in which the parameters `known` may stand; raise ParameterError."""
    parts: list[str | _Slot] = []
    plain, begin = "", 0
    for match in _PART.finditer(text):
        plain += text[begin : match.start()]
        begin = match.end()
        if match.group() in {"{{", "}}"}:
            plain += match.group()[0]
        elif match.group(1) is None:
            raise ParameterError(f"a `{match.group()}` stands alone: write it twice where a brace is meant")
        else:
            parts += [plain, _slot(match.group(1), known)] if plain else [_slot(match.group(1), known)]
            plain = ""
    plain += text[begin:]
    return ParameterText((*parts, plain) if plain or not parts else tuple(parts))


def _slot(source: str, known: Collection[str]) -> _Slot:
    filled = _FILLED.fullmatch(source)
    inner = (filled.group(1) if filled else source).strip()
    if not inner or len(inner) > _LONGEST:
        raise ParameterError(f"`{{{source[:20]}}}` is no parameter: write a name such as {{id}} between the braces")
    try:
        node = ast.parse(inner, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ParameterError(f"`{{{source}}}` cannot be read: write names, numbers and + - * / // %") from error
    _check(node, source)
    names = tuple(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
    for name in names:
        if name not in known:
            alike = difflib.get_close_matches(name, sorted(known), n=1)
            remedy = f"write {{{alike[0]}}}" if alike else f"add it to `parameters`, or use one of {', '.join(known)}"
            raise ParameterError(f"there is no parameter `{name}`: {remedy}")
    return _Slot(node, names, int(filled.group(2)) if filled else 0, source)


def _check(node: ast.expr, source: str) -> None:
    match node:
        case ast.Name():
            return
        case ast.Constant(value=value) if type(value) in {int, float}:
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, source)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, source)
            _check(right, source)
        case _:
            raise ParameterError(f"`{{{source}}}` cannot be read: write names, numbers and + - * / // %")


def _value(slot: _Slot, parameters: Mapping[str, object]) -> object:
    if isinstance(slot.node, ast.Name):
        return parameters[slot.node.id]
    try:
        found = _number(slot.node, parameters)
        return float(f"{found:.{_DIGITS}g}") if isinstance(found, float) else found
    except ParameterError:
        raise
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        raise ParameterError(
            f"`{{{slot.source}}}` has no value here ({error}): correct it, or the parameter"
        ) from error


def _number(node: ast.expr, parameters: Mapping[str, object]) -> Number:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=op, operand=operand):
            value = _number(operand, parameters)
            return -value if isinstance(op, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_number(left, parameters), _number(right, parameters))
        case ast.Name(id=name):
            given = parameters[name]
            if isinstance(given, bool) or not isinstance(given, int | float):
                raise ParameterError(f"`{name}` is no number, and is calculated with: give a number")
            return given
    raise ParameterError("only names and numbers are calculated with")


def _text(slot: _Slot, parameters: Mapping[str, object]) -> str:
    value = _value(slot, parameters)
    if isinstance(value, float) and value.is_integer() and math.isfinite(value):
        value = int(value)
    if isinstance(value, str) and not slot.width:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"`{{{slot.source}}}` is neither a text nor a number: give one of them")
    if slot.width:
        if not isinstance(value, int):
            raise ParameterError(f"`{{{slot.source}}}` is no whole number: give one")
        return f"{value:0{slot.width}d}"
    return str(value)
