"""Checks that the alarms of a plant file can be meant: what each condition needs, limits, dead bands, expressions.

Every comparison is written so that NaN, the mark of a number that is not given or was wrong, passes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.model.alarm import ConditionKind
from app.model.expression import ExpressionError, parse_expression
from app.plant.alarm_grammar import AlarmTable
from app.plant.grammar import TagTable
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.word import CONDITIONS, ValueType

_LEVELS = (ConditionKind.HIGH, ConditionKind.LOW)
_KINDED = ("tag", "limit", "deadband", "setpoint", "states", "expression", "equipment", "forecast")
"""The keys that only some conditions know."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """Which of those keys a condition must have, and which it may have besides."""

    needed: tuple[str, ...]
    allowed: tuple[str, ...] = ()


_KEYS: Mapping[ConditionKind, _Keys] = {
    ConditionKind.HIGH: _Keys(("tag", "limit"), ("deadband",)),
    ConditionKind.LOW: _Keys(("tag", "limit"), ("deadband",)),
    ConditionKind.DEVIATION: _Keys(("tag", "limit", "setpoint"), ("deadband",)),
    ConditionKind.RATE: _Keys(("tag", "limit"), ("deadband",)),
    ConditionKind.STATE: _Keys(("tag", "states")),
    ConditionKind.MISMATCH: _Keys(("tag", "setpoint", "on_delay_s"), ("limit",)),
    ConditionKind.STUCK: _Keys(("tag", "on_delay_s"), ("limit",)),
    ConditionKind.BAD_QUALITY: _Keys(("tag",)),
    ConditionKind.HEALTH: _Keys(("equipment", "limit"), ("deadband",)),
    ConditionKind.TIME_TO_LIMIT: _Keys(("forecast", "limit"), ("deadband",)),
    ConditionKind.EXPRESSION: _Keys(("expression",), ("tag", "equipment", "limit", "deadband")),
}
_EXAMPLES = {
    "tag": '"PU01.FLOW"',
    "limit": "70.0",
    "setpoint": '"PU01.CMD"',
    "states": "[3, 5]",
    "expression": '"PU01.RUN == 1 and CW01.FLOW < 70"',
    "equipment": '"PU01"',
    "forecast": '"PU01.strainer"',
    "on_delay_s": "10.0",
}


def check_alarms(tables: PlantTables, findings: Findings) -> None:
    """Note every alarm that cannot be watched, or hardly is meant so."""
    tags = {tag.table.name: tag.table for tag in tables.tags if tag.table.name}
    for alarm in tables.alarms:
        _check_alarm(alarm, tags, findings)
        _check_suppression(alarm, tags, findings)
    _check_rings(tables.alarms, findings)
    _check_order(tables.alarms, findings)


def check_reachable(path: KeyPath, limit: float, tag: TagTable, findings: Findings) -> None:
    """Note a limit that its tag cannot reach."""
    low, high = tag.eu_range
    if low < high and not math.isnan(limit) and not low <= limit <= high:
        findings.warning(
            path,
            f"the limit {limit:g} is outside of the range {low:g} to {high:g} of {tag.name}: correct one of the two",
        )


def check_expression(path: KeyPath, text: str, tags: Mapping[str, TagTable], findings: Findings) -> None:
    """Note what is wrong in an expression, and tags in it that there are not."""
    try:
        expression = parse_expression(text)
    except ExpressionError as error:
        findings.error(path, f"`{path[-1]}` cannot be read: {error}")
        return
    if not expression.tags:
        findings.error(path, f"`{path[-1]}` names no tag, so it never changes: write one into it")
    for name in expression.tags:
        if name not in tags:
            findings.error(path, f'there is no tag "{name}", which `{path[-1]}` names: correct it, or add the tag')
        elif tags[name].value_type is ValueType.TEXT:
            findings.error(path, f'"{name}", which `{path[-1]}` names, is a text: name tags that are numbers')


def _check_alarm(alarm: Located[AlarmTable], tags: Mapping[str, TagTable], findings: Findings) -> None:
    table = alarm.table
    if table.condition not in CONDITIONS:
        findings.error(
            alarm.key("condition"),
            f'"{table.condition}" is told by the station itself: write one of {", ".join(CONDITIONS)}',
        )
        return
    _check_keys(alarm, findings)
    _check_limit(alarm, findings)
    if table.condition is ConditionKind.MISMATCH and isinstance(table.setpoint, float):
        findings.error(alarm.key("setpoint"), "a command is a tag: write its name")
    if table.condition is ConditionKind.STUCK and table.off_delay_s > 0:
        findings.error(alarm.key("off_delay_s"), "what moves is stuck no more, at once: remove `off_delay_s`")
    if table.expression:
        check_expression(alarm.key("expression"), table.expression, tags, findings)
    tag = tags.get(table.tag)
    if tag is not None:
        _check_span(alarm, tag, findings)


def _check_suppression(alarm: Located[AlarmTable], tags: Mapping[str, TagTable], findings: Findings) -> None:
    table = alarm.table
    if table.suppress_when:
        check_expression(alarm.key("suppress_when"), table.suppress_when, tags, findings)
    if table.suppress_by_cause and not table.causes:
        findings.error(
            alarm.key("suppress_by_cause"), "`causes` is missing: name the alarms that explain this one, or remove it"
        )
    if table.suppress_after_s and not table.suppress_when and not table.suppress_by_cause:
        findings.error(
            alarm.key("suppress_after_s"),
            "nothing suppresses this alarm: add `suppress_when` or `suppress_by_cause = true`, or remove it",
        )


def _check_rings(alarms: list[Located[AlarmTable]], findings: Findings) -> None:
    """Note alarms that explain one another in a ring: each would suppress the next, and nobody would see any."""
    causes = {alarm.table.id: alarm.table.causes for alarm in alarms if alarm.table.id}
    sound: set[str] = set()
    for alarm in alarms:
        ring = _ring(alarm.table.id, causes, sound)
        if ring:
            findings.error(
                alarm.key("causes"), f"alarms explain one another ({' < '.join(ring)}): take one out of `causes`"
            )
            sound.update(ring)


def _ring(name: str, causes: Mapping[str, list[str]], sound: set[str]) -> list[str]:
    """Return a ring of causes that can be reached from an alarm, [] for none; those known to reach none are `sound`."""
    trail = [name]
    ways = [iter(causes.get(name, ()))]
    while ways:
        cause = next(ways[-1], None)
        if cause is None:
            ways.pop()
            sound.add(trail.pop())
        elif cause in trail:
            return [*trail[trail.index(cause) :], cause]
        elif cause in causes and cause not in sound:
            trail.append(cause)
            ways.append(iter(causes[cause]))
    return []


def _check_keys(alarm: Located[AlarmTable], findings: Findings) -> None:
    """Note keys that the condition needs and has not, and those that it does not know."""
    table, default = alarm.table, AlarmTable()
    keys = _KEYS[table.condition]

    def is_given(key: str) -> bool:
        return repr(getattr(table, key)) != repr(getattr(default, key))

    for key in keys.needed:
        if not is_given(key):
            findings.error(
                alarm.key(key),
                f"`{key}` is missing: the condition {table.condition} needs it: add {key} = {_EXAMPLES[key]}",
            )
    for key in _KINDED:
        if key not in (*keys.needed, *keys.allowed) and is_given(key):
            findings.error(alarm.key(key), f"`{key}` says nothing to the condition {table.condition}: remove it")


def _check_limit(alarm: Located[AlarmTable], findings: Findings) -> None:
    table = alarm.table
    limit = alarm.key("limit")
    if table.condition is ConditionKind.DEVIATION and table.limit <= 0:
        findings.error(limit, f"a deviation of {table.limit:g} is always exceeded: write one above 0")
    if table.condition is ConditionKind.RATE and table.limit == 0:
        findings.error(
            limit,
            "a rate of 0 is always exceeded: write the change per minute, above 0 for a rise and below 0 for a fall",
        )
    if table.condition in {ConditionKind.MISMATCH, ConditionKind.STUCK} and table.limit < 0:
        findings.error(limit, f"a difference is never below {table.limit:g}: write 0 or more")
    if table.condition is ConditionKind.HEALTH and (table.limit <= 0 or table.limit > 100):
        findings.error(limit, f"a health is between 0 and 100 and never below {table.limit:g}: write one such as 60.0")
    if table.condition is ConditionKind.TIME_TO_LIMIT and table.limit <= 0:
        findings.error(limit, "no time is below 0: write the hours that are needed to act, such as 48.0")


def _check_span(alarm: Located[AlarmTable], tag: TagTable, findings: Findings) -> None:
    """Compare an alarm with the range of its tag."""
    table = alarm.table
    low, high = tag.eu_range
    if table.condition is ConditionKind.EXPRESSION:
        return
    if table.condition in _LEVELS:
        check_reachable(alarm.key("limit"), table.limit, tag, findings)
        widest = high - low
        what = f"the range of {table.tag}"
    else:
        widest = abs(table.limit)
        what = "the limit"
    if table.deadband > 0 and table.deadband >= widest > 0:
        findings.error(
            alarm.key("deadband"),
            f"a dead band of {table.deadband:g} is not below {what} ({widest:g}): write a smaller one, else the alarm "
            "never ends",
        )


def _check_order(alarms: list[Located[AlarmTable]], findings: Findings) -> None:
    """Note a low limit at or above a high limit of the same tag: one of them would always stand."""
    highs: dict[str, Located[AlarmTable]] = {}
    for alarm in alarms:
        if alarm.table.condition is ConditionKind.HIGH:
            lowest = highs.setdefault(alarm.table.tag, alarm)
            if alarm.table.limit < lowest.table.limit:
                highs[alarm.table.tag] = alarm
    for alarm in alarms:
        high = highs.get(alarm.table.tag)
        if high is not None and alarm.table.condition is ConditionKind.LOW and alarm.table.limit >= high.table.limit:
            findings.error(
                alarm.key("limit"),
                f"the low limit {alarm.table.limit:g} is not below the high limit {high.table.limit:g} "
                "of line {other}: correct one, else one of the two alarms always stands",
                other=high.key("limit"),
            )
