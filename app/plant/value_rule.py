"""Which values may be given to a tag or an argument: how a plant file says it, and what is wrong with that."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol

from app.model.content import INT64_LIMITS, Content, StateNames
from app.model.exact import DataType
from app.model.value_rule import ValueRule
from app.plant.data_type_word import DATA_TYPES
from app.plant.grammar import StateNameTable
from app.plant.local_text import local_text
from app.plant.problem import Findings, KeyPath
from app.plant.word import ValueType

_OF_NUMBERS = ("span", "step")
_WRITTEN_KEYS = {"span": "range"}


class ValueTable(Protocol):
    """The keys that a write and an argument have in common."""

    @property
    def span(self) -> tuple[float, float]:
        """Return the lowest and the highest value, NaN where none are given."""
        ...

    @property
    def step(self) -> float:
        """Return the step, NaN where none is given."""
        ...

    @property
    def allowed(self) -> list[bool | int | float | str]:
        """Return the only values."""
        ...

    @property
    def longest(self) -> int:
        """Return the most characters of a text, 0 where none are given."""
        ...


def state_names(tables: list[StateNameTable]) -> StateNames:
    """Return what values are called."""
    return tuple((table.value, local_text(table.name)) for table in tables)


def value_rule(table: ValueTable, value_type: ValueType, decimals: int, states: StateNames = ()) -> ValueRule:
    """Return the rule of a table in which no errors were found.

    Where no step is given it is the last shown decimal; a truth value may be both, a value with names each named one.
    """
    data_type = DATA_TYPES[value_type]
    allowed = tuple(_content(each, data_type, states) for each in table.allowed)
    if data_type is DataType.STRING:
        return ValueRule(math.nan, math.nan, allowed=allowed, longest=table.longest)
    if data_type is DataType.BOOLEAN:
        return ValueRule(0.0, 1.0, allowed=allowed or (0.0, 1.0))
    low, high = table.span
    if math.isnan(low):
        allowed = allowed or tuple(_content(value, data_type, ()) for value, _ in states)
        numbers = [each for each in allowed if not isinstance(each, str)]
        return ValueRule(min(numbers), max(numbers), allowed=allowed)
    if data_type is DataType.INT64:
        return ValueRule(int(low), int(high), 1.0 if math.isnan(table.step) else table.step)
    return ValueRule(float(low), float(high), 10.0**-decimals if math.isnan(table.step) else table.step)


def _content(value: bool | float | str, data_type: DataType, states: StateNames) -> Content:  # noqa: FBT001 - a value
    if data_type is DataType.STRING:
        return str(value)
    named = next((number for number, name in states if value in {name.en, name.zh}), value)
    return int(named) if data_type is DataType.INT64 else float(named)


def check_values(
    table: ValueTable, value_type: ValueType, states: list[StateNameTable], path: KeyPath, findings: Findings
) -> None:
    """Note what of a rule cannot be meant for values of that type; `path`: of its table."""
    problems = {
        ValueType.TEXT: _of_text,
        ValueType.BOOL: _of_truth,
        ValueType.INT64: _of_whole,
        ValueType.FLOAT64: _of_number,
    }[value_type](table, states)
    told = {finding.path for finding in findings.found}
    for key, problem in problems:
        place = (*path, key) if key else path
        if place not in told:  # what is at fault there already is left at its default
            findings.error(place, problem)


def check_states(states: list[StateNameTable], value_type: ValueType, path: KeyPath, findings: Findings) -> None:
    """Note names of states that are given twice, or to what has no states; `path`: of the list."""
    if states and value_type is ValueType.TEXT:
        findings.error(path, 'a text is its own name: remove `states`, or write type = "int64"')
    values: set[int] = set()
    names: set[str] = set()
    for place, state in enumerate(states):
        name = local_text(state.name)
        if state.value in values:
            findings.error((*path, place), f"the state {state.value} has a name already: remove one of them")
        for each in {name.en, name.zh} & names - {""}:
            findings.error((*path, place), f'the name "{each}" stands for two states: write another')
        values.add(state.value)
        names |= {name.en, name.zh}


Problems = Iterator[tuple[str, str]]


def _of_text(table: ValueTable, states: list[StateNameTable]) -> Problems:
    del states
    yield from _unfit(table, _OF_NUMBERS, "numbers", "a text")
    if not table.allowed and not table.longest:
        yield "", "a text needs `longest`, the most characters, or `allowed`, the texts: add longest = 20"
    for text in table.allowed:
        if not isinstance(text, str) or not text.isprintable():
            yield "allowed", f"{text!r} is no text of characters that can be shown: write a text in quotes"
        elif table.longest and len(text) > table.longest:
            yield "allowed", f'"{text}" has more than the {table.longest} characters of `longest`: write a shorter one'


def _of_truth(table: ValueTable, states: list[StateNameTable]) -> Problems:
    yield from _unfit(table, (*_OF_NUMBERS, "longest"), "numbers and texts", "a truth value")
    for each in table.allowed:
        if each not in {0, 1} and each not in _names(states):
            yield "allowed", f"{each!r} is no truth value: write true or false"


def _of_whole(table: ValueTable, states: list[StateNameTable]) -> Problems:
    yield from _of_number(table, states)
    low, high = INT64_LIMITS
    for key, numbers in (("range", table.span), ("allowed", table.allowed), ("step", (table.step,))):
        for number in numbers:
            if isinstance(number, str) or math.isnan(number):
                continue
            if number != int(number) or not low <= number <= high:
                yield key, f"{number!r} is no whole number of 64 bits: write one"


def _of_number(table: ValueTable, states: list[StateNameTable]) -> Problems:
    yield from _unfit(table, ("longest",), "texts", "a number")
    low, high = table.span
    is_spanned = not math.isnan(low)
    if is_spanned and table.allowed:
        yield "allowed", "`allowed` stands beside `range`: write one of the two"
    if not (is_spanned or table.allowed or states):
        yield "range", "`range` is missing: add range = [0.0, 100.0], or `allowed`, a list of values"
    if is_spanned and low >= high:
        yield "range", f"the range {low:g} to {high:g} is empty: write the lower number first"
    if not math.isnan(table.step) and table.step > high - low > 0:
        yield "step", f"`step` = {table.step:g} is more than the whole range {low:g} to {high:g}: write a smaller one"
    for each in table.allowed:
        if isinstance(each, str) and each not in _names(states):
            known = f", or one of {', '.join(sorted(_names(states)))}" if states else ""
            yield "allowed", f'"{each}" is no number and no name of a state: write a number{known}'


def _unfit(table: ValueTable, keys: tuple[str, ...], what: str, kind: str) -> Problems:
    for key in keys:
        value = getattr(table, key)
        is_given = bool(value) if key == "longest" else not math.isnan(value[0] if isinstance(value, tuple) else value)
        if is_given:
            written = _WRITTEN_KEYS.get(key, key)
            yield written, f"`{written}` is for {what} and this is {kind}: remove it"


def _names(states: list[StateNameTable]) -> set[str]:
    texts = [local_text(state.name) for state in states]
    return {name for text in texts for name in (text.en, text.zh) if name}
