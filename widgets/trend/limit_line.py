"""The limits of a tag as lines of its trend: those of its alarms, and the one that its forecast runs to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from widgets.translation import tr
from widgets.trend.value_range import Extent

FAR = 1.5
"""A limit farther from the curve than this many times its own range is named at the edge instead of drawn."""


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A line at `value` (tag unit) under a short `name` (H, HH, L, LL); `alarms`: the ids of the alarms that end there.

    `priority`: of the most urgent of them, None for the limit of a forecast.
    """

    value: float
    name: str
    priority: Priority | None = None
    alarms: tuple[str, ...] = ()


def limit_lines(plant: Plant, tag: str) -> tuple[LimitLine, ...]:
    """Return the lines of a tag, rising; a switch has none."""
    if plant.tag(tag).kind is TagKind.DISCRETE:
        return ()
    alarms = [alarm for alarm in plant.alarms if alarm.tag == tag]
    high = _named(alarms, ConditionKind.HIGH)
    low = _named(alarms, ConditionKind.LOW)
    lines = [*high, *low, *_around_setpoint(alarms)]
    known = {line.value for line in lines}
    ends = {forecast.limit for forecast in plant.forecasts if forecast.tag == tag} - known
    lines += [LimitLine(value, "") for value in ends]
    return tuple(sorted(lines, key=lambda line: line.value))


def line_name(line: LimitLine) -> str:
    """Return the name of a line in the present language."""
    return line.name or tr("Limit")


def reference_extent(tag: TagDefinition, lines: Sequence[LimitLine]) -> Extent | None:
    """Return what belongs into the picture of a tag even where its curve does not go: normal band and limits.

    None where neither is known.
    """
    values = [value for value in (tag.normal_low, tag.normal_high) if math.isfinite(value)]
    values += [line.value for line in lines]
    return Extent(min(values), max(values)) if values else None


def with_near_limits(curve: Extent, tag: TagDefinition, lines: Sequence[LimitLine]) -> Extent:
    """Return the extent of a curve together with its normal band and those limits that are not far from both."""
    extent = curve.with_values(tag.normal_low, tag.normal_high)
    span = extent.span or abs(extent.high) * 0.05 or 1.0
    near = [line.value for line in lines if extent.low - FAR * span <= line.value <= extent.high + FAR * span]
    return extent.with_values(*near)


def _named(alarms: Sequence[AlarmDefinition], kind: ConditionKind) -> list[LimitLine]:
    """Return the lines of one kind: the innermost is H or L, the next HH or LL, and so on."""
    letter = "H" if kind is ConditionKind.HIGH else "L"
    chosen = [alarm for alarm in alarms if alarm.condition is kind]
    values = sorted({alarm.limit for alarm in chosen}, reverse=kind is ConditionKind.LOW)
    return [_line(value, letter * number, chosen) for number, value in enumerate(values, start=1)]


def _line(value: float, name: str, alarms: Sequence[AlarmDefinition]) -> LimitLine:
    here = [alarm for alarm in alarms if alarm.limit == value]
    return LimitLine(value, name, min(alarm.priority for alarm in here), tuple(alarm.id for alarm in here))


def _around_setpoint(alarms: Sequence[AlarmDefinition]) -> list[LimitLine]:
    """Return the two lines of each deviation from a fixed setpoint; one from another tag moves and has no line."""
    lines: list[LimitLine] = []
    for alarm in alarms:
        if alarm.condition is ConditionKind.DEVIATION and isinstance(alarm.setpoint, float | int):
            for name, value in (("DL", alarm.setpoint - alarm.limit), ("DH", alarm.setpoint + alarm.limit)):
                lines.append(LimitLine(value, name, alarm.priority, (alarm.id,)))
    return lines
