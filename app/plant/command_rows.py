"""What a plant says about writes and methods as rows of its file; keys that stand at their defaults are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.model.content import StateNames
from app.model.exact import DataType
from app.model.method import MethodArgument, MethodDefinition
from app.model.role import Role
from app.model.text import LocalText
from app.model.value_rule import ValueRule
from app.model.write_rule import Conditions, WriteRule
from app.plant.data_type_word import TYPE_WORDS
from app.plant.row import Row, unless


def method_tables(methods: Sequence[MethodDefinition]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the header and the rows of each table."""
    for method in methods:
        yield "[[method]]", list(_method_rows(method))
        for argument in method.arguments:
            yield "[[method.argument]]", list(_argument_rows(argument))
        for output in method.outputs:
            yield "[[method.output]]", [("title", output.title), *unless("", "unit", output.unit)]


def state_rows(states: StateNames) -> list[object]:
    """Return what numbers mean."""
    return [{"value": value, "name": name} for value, name in states]


def write_rows(rule: WriteRule, data_type: DataType) -> Iterator[Row]:
    """Yield the keys of a write of a tag whose values are of that type."""
    yield from _value_rows(rule, data_type)
    yield from unless(0.0, "tolerance", rule.tolerance) if data_type.is_exact else [("tolerance", rule.tolerance)]
    yield from _condition_rows(rule)
    yield from unless(2.0, "read_back_s", rule.read_back_s)


def _value_rows(rule: ValueRule, data_type: DataType) -> Iterator[Row]:
    if not rule.allowed and data_type is not DataType.STRING:
        yield "range", (rule.low, rule.high)
        yield "step", rule.step
    yield from unless((0.0, 1.0) if data_type is DataType.BOOLEAN else (), "allowed", rule.allowed)
    yield from unless(0, "longest", rule.longest)


def _condition_rows(rule: Conditions) -> Iterator[Row]:
    yield from unless(LocalText(""), "confirm", rule.confirm)
    yield from unless(Role.OPERATOR, "role", rule.role)
    yield from unless((), "interlocks", tuple(str(interlock) for interlock in rule.interlocks))
    if rule.state is not None:
        yield "state", {"tag": rule.state.tag, "allowed": rule.state.allowed}
    yield from unless(5.0, "expiry_s", rule.expiry_s)
    yield from unless(30.0, "select_s", rule.select_s)


def _method_rows(method: MethodDefinition) -> Iterator[Row]:
    yield "name", method.name
    yield "equipment", method.equipment
    yield "title", method.title
    yield "connection", method.connection
    yield "object", method.owner
    yield "method", method.method
    yield from unless(False, "enabled", method.is_enabled)  # noqa: FBT003 - the default value, no switch
    yield from _condition_rows(method)
    yield from unless(10.0, "timeout_s", method.timeout_s)


def _argument_rows(argument: MethodArgument) -> Iterator[Row]:
    yield "name", argument.name
    yield "title", argument.title
    yield from unless("float64", "type", TYPE_WORDS[argument.data_type])
    yield from unless("", "unit", argument.unit)
    yield from unless(1, "decimals", argument.decimals)
    yield from _value_rows(argument.rule, argument.data_type)
    yield from unless([], "states", state_rows(argument.states))
