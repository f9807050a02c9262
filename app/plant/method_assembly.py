"""Makes the methods of a plant out of the tables of its file."""

from __future__ import annotations

from app.model.comparison import Comparison
from app.model.method import MethodArgument, MethodDefinition, MethodOutput
from app.model.write_rule import StateRule
from app.plant.data_type_word import DATA_TYPES
from app.plant.local_text import local_text
from app.plant.method_grammar import ArgumentTable
from app.plant.tables import LocatedMethod
from app.plant.value_rule import state_names, value_rule


def method_definition(method: LocatedMethod) -> MethodDefinition:
    """Return the method of tables in which no errors were found."""
    table = method.located.table
    return MethodDefinition(
        name=table.name,
        equipment=table.equipment,
        title=local_text(table.title or table.name),
        connection=table.connection,
        owner=table.owner,
        method=table.method,
        arguments=tuple(_argument(each.table) for each in method.arguments),
        outputs=tuple(MethodOutput(local_text(each.table.title), each.table.unit) for each in method.outputs),
        is_enabled=table.enabled,
        confirm=local_text(table.confirm),
        role=table.role,
        interlocks=tuple(Comparison.parse(text) for text in table.interlocks),
        state=None if table.state is None else StateRule(table.state.tag, tuple(table.state.allowed)),
        timeout_s=table.timeout_s,
        expiry_s=table.expiry_s,
        select_s=table.select_s,
    )


def _argument(table: ArgumentTable) -> MethodArgument:
    states = state_names(table.states)
    return MethodArgument(
        name=table.name,
        title=local_text(table.title or table.name),
        rule=value_rule(table, table.value_type, table.decimals, states),
        data_type=DATA_TYPES[table.value_type],
        unit=table.unit,
        decimals=table.decimals,
        states=states,
    )
