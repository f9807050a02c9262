"""From alarm definitions to watches: which measure each condition needs, and what a definition must not say."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.alarm import rate
from app.alarm.measure import (
    FindingMeasure,
    FixedDeviationMeasure,
    HighMeasure,
    LowMeasure,
    Measure,
    RateMeasure,
)
from app.alarm.measure_state import (
    DeviationMeasure,
    ExpressionMeasure,
    MismatchMeasure,
    QualityMeasure,
    StateMeasure,
    StuckMeasure,
)
from app.alarm.refusal import AlarmError
from app.alarm.watch import Watch
from app.model.alarm import AlarmDefinition, AlarmRecord, ConditionKind, StationFault
from app.model.expression import ExpressionError, parse_expression
from app.model.tag import TagDefinition

_WITHOUT_TAG = {ConditionKind.EXPRESSION, ConditionKind.HEALTH, ConditionKind.TIME_TO_LIMIT}


def watch_of(definition: AlarmDefinition, tags: Mapping[str, TagDefinition], *, record: AlarmRecord | None) -> Watch:
    """Return the watch of a definition, in the state of `record`; raise AlarmError where it cannot be watched."""
    _check(definition, tags)
    tag = tags.get(definition.tag)
    equipment = definition.equipment or (tag.equipment if tag is not None else "")
    return Watch(definition, _measure_of(definition, tags), equipment=equipment, record=record)


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


def _measure_of(definition: AlarmDefinition, tags: Mapping[str, TagDefinition]) -> Measure:  # noqa: C901, PLR0911 - one per kind
    limit, setpoint = definition.limit, definition.setpoint
    tag = tags.get(definition.tag)
    handle = tag.handle if tag is not None else 0
    match definition.condition:
        case ConditionKind.FAULT:
            raise AlarmError(f"alarm {definition.id}: faults are told by the station itself: watch a tag's limit")
        case ConditionKind.HIGH:
            return HighMeasure(handle, limit)
        case ConditionKind.LOW:
            return LowMeasure(handle, limit)
        case ConditionKind.RATE:
            return RateMeasure(handle, limit, window=rate.window_ns(_tag(definition, definition.tag, tags).scan_ms))
        case ConditionKind.DEVIATION if isinstance(setpoint, str):
            return DeviationMeasure(handle, limit, setpoint=_tag(definition, setpoint, tags).handle)
        case ConditionKind.DEVIATION:
            return FixedDeviationMeasure(handle, limit, setpoint=float(setpoint))
        case ConditionKind.MISMATCH:
            return MismatchMeasure(handle, limit, setpoint=_tag(definition, str(setpoint), tags).handle)
        case ConditionKind.STATE:
            return StateMeasure(handle, definition.states)
        case ConditionKind.STUCK:
            return StuckMeasure(handle, limit)
        case ConditionKind.BAD_QUALITY:
            return QualityMeasure(handle)
        case ConditionKind.HEALTH | ConditionKind.TIME_TO_LIMIT:
            return FindingMeasure(limit)
        case ConditionKind.EXPRESSION:
            return expression_measure(definition, definition.expression, tags, limit=limit, told=tag)


def expression_measure(
    definition: AlarmDefinition,
    text: str,
    tags: Mapping[str, TagDefinition],
    *,
    limit: float = 0.5,
    told: TagDefinition | None = None,
) -> ExpressionMeasure:
    """Return the measure of an expression of a definition; raise AlarmError where it is none, or names no tag."""
    try:
        expression = parse_expression(text)
    except ExpressionError as error:
        raise AlarmError(f"alarm {definition.id}: {error}") from error
    if not expression.tags:
        raise AlarmError(f"alarm {definition.id}: {text!r} names no tag, so it never changes: write one into it")
    handles = tuple(_tag(definition, name, tags).handle for name in expression.tags)
    return ExpressionMeasure(handles, limit, expression, told=None if told is None else told.handle)


def _tag(definition: AlarmDefinition, name: str, tags: Mapping[str, TagDefinition]) -> TagDefinition:
    if name not in tags:
        raise AlarmError(f"alarm {definition.id}: no tag {name!r} in this plant: correct its name")
    return tags[name]


def _check(definition: AlarmDefinition, tags: Mapping[str, TagDefinition]) -> None:
    kind = definition.condition
    if kind not in _WITHOUT_TAG:
        _tag(definition, definition.tag, tags)
    if definition.setpoint == "" and kind in {ConditionKind.DEVIATION, ConditionKind.MISMATCH}:
        raise AlarmError(f"alarm {definition.id}: nothing to compare {definition.tag} with: name its setpoint")
    is_deviation = definition.condition is ConditionKind.DEVIATION
    faults = {
        "a limit that is no number": not math.isfinite(definition.limit),
        "a rate of 0: its sign says in which direction": definition.condition is ConditionKind.RATE
        and definition.limit == 0,
        "a largest distance that is not above 0": is_deviation and definition.limit <= 0,
        "a dead band as wide as its limit, so it would never clear": is_deviation
        and definition.deadband >= definition.limit,
        "a negative dead band": not 0 <= definition.deadband < math.inf,
        "no time after which it is stuck or does not follow": kind in {ConditionKind.STUCK, ConditionKind.MISMATCH}
        and definition.on_delay_s == 0,
        "an off-delay, though what moves is stuck no more": kind is ConditionKind.STUCK and definition.off_delay_s > 0,
        "no states": kind is ConditionKind.STATE and not definition.states,
        "a negative delay": not (0 <= definition.on_delay_s < math.inf and 0 <= definition.off_delay_s < math.inf),
    }
    for fault, is_present in faults.items():
        if is_present:
            raise AlarmError(f"alarm {definition.id} has {fault}: correct it in the plant file")
