"""From alarm definitions to watches: which measure each condition needs, and what a definition must not say."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.alarm import rate
from app.alarm.measure import (
    DeviationMeasure,
    FixedDeviationMeasure,
    HighMeasure,
    LowMeasure,
    Measure,
    RateMeasure,
)
from app.alarm.refusal import AlarmError
from app.alarm.watch import Watch
from app.model.alarm import AlarmDefinition, AlarmRecord, ConditionKind, StationFault
from app.model.tag import TagDefinition


def watch_of(definition: AlarmDefinition, tags: Mapping[str, TagDefinition], *, record: AlarmRecord | None) -> Watch:
    """Return the watch of a definition, in the state of `record`; raise AlarmError where it cannot be watched."""
    _check(definition, tags)
    tag = tags[definition.tag]
    return Watch(definition, _measure_of(definition, tag, tags), equipment=tag.equipment, record=record)


def orphan(record: AlarmRecord) -> Watch:
    """Return the watch of an alarm that stands but is not defined any more: it can only clear and be acknowledged."""
    definition = AlarmDefinition(
        id=record.alarm,
        tag=record.tag,
        condition=record.condition,
        limit=record.limit,
        priority=record.priority,
        message=record.message,
        latch=record.is_latching,
    )
    measure = HighMeasure(0, record.limit)
    measure.tags = ()
    return Watch(definition, measure, equipment=record.equipment, record=record)


def fault_watch(fault: StationFault, *, record: AlarmRecord | None) -> Watch:
    """Return the watch of a fault of the station; it is seen as 1 while it is there, else as 0."""
    measure = HighMeasure(0, fault.definition.limit)
    measure.tags = ()
    return Watch(fault.definition, measure, equipment=fault.equipment, record=record)


def _measure_of(definition: AlarmDefinition, tag: TagDefinition, tags: Mapping[str, TagDefinition]) -> Measure:
    handle, limit, setpoint = tag.handle, definition.limit, definition.setpoint
    match definition.condition:
        case ConditionKind.FAULT:
            raise AlarmError(f"alarm {definition.id}: faults are told by the station itself: watch a tag's limit")
        case ConditionKind.HIGH:
            return HighMeasure(handle, limit)
        case ConditionKind.LOW:
            return LowMeasure(handle, limit)
        case ConditionKind.RATE:
            return RateMeasure(handle, limit, window=rate.window_ns(tag.scan_ms))
        case ConditionKind.DEVIATION if isinstance(setpoint, str):
            return DeviationMeasure(handle, limit, setpoint=_tag(definition, setpoint, tags).handle)
        case ConditionKind.DEVIATION:
            return FixedDeviationMeasure(handle, limit, setpoint=setpoint)


def _tag(definition: AlarmDefinition, name: str, tags: Mapping[str, TagDefinition]) -> TagDefinition:
    if name not in tags:
        raise AlarmError(f"alarm {definition.id}: no tag {name!r} in this plant: correct its name")
    return tags[name]


def _check(definition: AlarmDefinition, tags: Mapping[str, TagDefinition]) -> None:
    _tag(definition, definition.tag, tags)
    is_deviation = definition.condition is ConditionKind.DEVIATION
    faults = {
        "a limit that is no number": not math.isfinite(definition.limit),
        "a rate of 0: its sign says in which direction": definition.condition is ConditionKind.RATE
        and definition.limit == 0,
        "a largest distance that is not above 0": is_deviation and definition.limit <= 0,
        "a dead band as wide as its limit, so it would never clear": is_deviation
        and definition.deadband >= definition.limit,
        "a negative dead band": not 0 <= definition.deadband < math.inf,
        "a negative delay": not (0 <= definition.on_delay_s < math.inf and 0 <= definition.off_delay_s < math.inf),
    }
    for fault, is_present in faults.items():
        if is_present:
            raise AlarmError(f"alarm {definition.id} has {fault}: correct it in the plant file")
