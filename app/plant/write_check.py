"""Checks what a plant file says of writing and calling: values, tolerances, and the tags that interlocks name."""

from __future__ import annotations

from collections.abc import Sequence

from app.model.comparison import Comparison
from app.model.tag import TagKind
from app.plant.grammar import StateTable, TagTable, WriteTable
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.value_rule import check_states, check_values


def check_writes(tables: PlantTables, findings: Findings) -> None:
    """Note every write and method that cannot be meant, and every condition of one that could never be judged."""
    names = {tag.table.name for tag in tables.tags}
    for tag in tables.tags:
        check_states(tag.table.states, tag.table.value_type, tag.key("states"), findings)
        rule = tag.table.write
        if rule is not None:
            path = tag.key("write")
            check_values(rule, tag.table.value_type, tag.table.states, path, findings)
            _check_span(tag, rule, path, findings)
            _check_conditions(rule.interlocks, rule.state, path, names, findings)
    for method in tables.methods:
        for argument in method.arguments:
            table = argument.table
            check_states(table.states, table.value_type, argument.key("states"), findings)
            check_values(table, table.value_type, table.states, argument.path, findings)
        located = method.located
        _check_conditions(located.table.interlocks, located.table.state, located.path, names, findings)


def _check_span(tag: Located[TagTable], rule: WriteTable, path: KeyPath, findings: Findings) -> None:
    low, high = rule.span
    bottom, top = tag.table.eu_range
    if tag.table.kind is TagKind.COUNTER:
        findings.error(path, "a counter is not written: remove `write`, or write another kind")
    if low < high and bottom < top and (low < bottom or high > top):
        findings.error(
            (*path, "range"),
            f"what may be written ({low:g} to {high:g}) leaves the range {bottom:g} to {top:g} of the tag: narrow it, "
            "or widen the range of the tag",
        )
    if rule.tolerance > high - low > 0:
        findings.error(
            (*path, "tolerance"),
            f"`tolerance` = {rule.tolerance:g} is more than the whole range {low:g} to {high:g}: write a smaller one",
        )


def _check_conditions(
    interlocks: Sequence[str], state: StateTable | None, path: KeyPath, names: set[str], findings: Findings
) -> None:
    for place, text in enumerate(interlocks):
        try:
            tag = Comparison.parse(text).tag
        except ValueError as reason:
            findings.error((*path, "interlocks", place), str(reason))
            continue
        if tag not in names:
            findings.error((*path, "interlocks", place), _no_tag(tag))
    if state is not None and state.tag and state.tag not in names:
        findings.error((*path, "state", "tag"), _no_tag(state.tag))


def _no_tag(name: str) -> str:
    return f'there is no tag "{name}": add it under [[tag]], or name one that is there'
