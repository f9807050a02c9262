"""Checks that what a plant file says of a tag, and does with it, fits the type of its values."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.model.tag import TagKind
from app.plant.grammar import TagTable
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.word import ValueType

_OF_NUMBERS = ("unit", "gain", "offset", "width_bits")
_EXACT_BITS = 53
_RANGES = ("raw", "scaled")


def check_data_type(tag: Located[TagTable], findings: Findings) -> None:
    """Note each key of a tag that its type has no use for."""
    table = tag.table
    if table.value_type is not ValueType.FLOAT64:
        for key in _RANGES:
            if not math.isnan(getattr(table, key)[0]):
                findings.error(tag.key(key), f'`{key}` scales to fractions: write type = "float64", or remove it')
    if table.value_type is ValueType.INT64:
        for key, number in (("gain", table.gain), ("offset", table.offset)):
            if math.isfinite(number) and not number.is_integer():
                findings.error(
                    tag.key(key), f'`{key}` = {number:g} makes no whole numbers: write type = "float64", or 1'
                )
    elif table.value_type is not ValueType.FLOAT64:
        _check_state(tag, findings)
    elif table.kind is TagKind.COUNTER and table.width_bits > _EXACT_BITS:
        findings.warning(
            tag.key("width_bits"),
            f"a counter of {table.width_bits} bits loses its last digits beyond 2^53 as float64: "
            'write type = "int64", with a gain that is a whole number',
        )


def check_texts(tables: PlantTables, findings: Findings) -> None:
    """Note every limit, trend and level of a tag whose values are texts."""
    texts = {tag.table.name for tag in tables.tags if tag.table.value_type is ValueType.TEXT}
    for path, name, what in _uses(tables):
        if name in texts:
            findings.error(path, f"the values of {name} are texts, {what} needs numbers: write another tag")


def _check_state(tag: Located[TagTable], findings: Findings) -> None:
    table, default = tag.table, TagTable()
    word = f'type = "{table.value_type}"'
    if table.kind is TagKind.COUNTER:
        findings.error(tag.key("kind"), f'a counter counts in numbers and this tag is of {word}: write type = "int64"')
    keys = _OF_NUMBERS if table.value_type is ValueType.TEXT else _OF_NUMBERS[1:3]
    for key in keys:
        if getattr(table, key) != getattr(default, key):
            findings.error(tag.key(key), f"`{key}` is for numbers and this tag is of {word}: remove it")
    if table.value_type is ValueType.TEXT:
        _check_bounds(tag, word, findings)


def _check_bounds(tag: Located[TagTable], word: str, findings: Findings) -> None:
    low, high = tag.table.eu_range
    if low > -math.inf or high < math.inf:
        findings.error(tag.key("range"), f"`range` is for numbers and this tag is of {word}: remove it")
    if not all(map(math.isnan, tag.table.normal)):
        findings.error(tag.key("normal"), f"`normal` is for numbers and this tag is of {word}: remove it")
    if tag.table.clean.spike or tag.table.clean.stuck_s:
        findings.error(
            tag.key("clean"), f"`spike` and `stuck_s` are for numbers and this tag is of {word}: remove them"
        )


def _uses(tables: PlantTables) -> Iterator[tuple[KeyPath, str, str]]:
    for alarm in tables.alarms:
        yield alarm.key("tag"), alarm.table.tag, "an alarm"
        if isinstance(alarm.table.setpoint, str):
            yield alarm.key("setpoint"), alarm.table.setpoint, "a deviation"
    for forecast in tables.forecasts:
        yield forecast.key("tag"), forecast.table.tag, "a forecast"
