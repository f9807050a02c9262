"""Checks what a plant file says of writing: ranges, steps, tolerances, and the tags that interlocks name."""

from __future__ import annotations

import math

from app.model.comparison import Comparison
from app.model.tag import TagKind
from app.plant.grammar import TagTable, WriteTable
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located
from app.plant.tables import PlantTables


def check_writes(tables: PlantTables, findings: Findings) -> None:
    """Note every write that cannot be meant, and every condition of one that could never be judged."""
    names = {tag.table.name for tag in tables.tags}
    for tag in tables.tags:
        rule = tag.table.write
        if rule is not None:
            path = tag.key("write")
            _check_span(tag, rule, path, findings)
            _check_interlocks(rule, path, names, findings)
            if rule.state is not None and rule.state.tag and rule.state.tag not in names:
                findings.error((*path, "state", "tag"), _no_tag(rule.state.tag))


def _check_span(tag: Located[TagTable], rule: WriteTable, path: KeyPath, findings: Findings) -> None:
    low, high = rule.span
    bottom, top = tag.table.eu_range
    if tag.table.kind is TagKind.COUNTER:
        findings.error(path, "a counter is not written: remove `write`, or write another kind")
    if low >= high:
        findings.error((*path, "range"), f"the range {low:g} to {high:g} is empty: write the lower number first")
    elif bottom < top and (low < bottom or high > top):
        findings.error(
            (*path, "range"),
            f"what may be written ({low:g} to {high:g}) leaves the range {bottom:g} to {top:g} of the tag: narrow it, "
            "or widen the range of the tag",
        )
    for key in ("step", "tolerance"):
        number = getattr(rule, key)
        if not math.isnan(number) and number > high - low > 0:
            findings.error(
                (*path, key),
                f"`{key}` = {number:g} is more than the whole range {low:g} to {high:g}: write a smaller one",
            )


def _check_interlocks(rule: WriteTable, path: KeyPath, names: set[str], findings: Findings) -> None:
    for place, text in enumerate(rule.interlocks):
        try:
            tag = Comparison.parse(text).tag
        except ValueError as reason:
            findings.error((*path, "interlocks", place), str(reason))
            continue
        if tag not in names:
            findings.error((*path, "interlocks", place), _no_tag(tag))


def _no_tag(name: str) -> str:
    return f'there is no tag "{name}": add it under [[tag]], or name one that is there'
