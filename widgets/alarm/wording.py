"""How alarms are put into words: their limits, states and priorities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from widgets import number
from widgets.translation import local, tr


def order_of_urgency(records: Iterable[AlarmRecord]) -> list[AlarmRecord]:
    """Return the records as an operator should turn to them: by priority, then the newest first."""
    return sorted(records, key=lambda record: (record.priority, -record.raised, record.alarm))


def worst_state(states: Iterable[AlarmState]) -> AlarmState:
    """Return the state that matters most: unacknowledged, acknowledged, only returned, latched; NORMAL for none."""
    found = set(states)
    order = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.LATCHED)
    return next((state for state in order if state in found), AlarmState.NORMAL)


def why_no_alarm(plant: Plant, *, is_filtered: bool) -> str:
    """Return why a list of alarms is empty; where none is set up, how one is."""
    if is_filtered:
        return tr("The filter hides all alarms")
    if plant.alarms or any(connection.alarms for connection in plant.connections):
        return tr("No alarm stands")
    return tr("No alarms are set up for this plant. The sheet Alarms of Engineering (Ctrl+K) takes limits.")


def limit_text(record: AlarmRecord, tag: TagDefinition | None, *, with_unit: bool = False) -> str:
    """Return what the value was compared with: "> 100.0", "± 5.0", "+2.0 bar/min", for discrete tags "= On"."""
    if record.condition in _WORDED:
        return _worded(record, tag)
    if tag is not None and tag.kind is TagKind.DISCRETE and not tag.unit:
        return f"= {number.value_text(float(record.condition is ConditionKind.HIGH), tag=tag)}"
    decimals = tag.decimals if tag is not None else 1
    size = abs(record.limit) if record.condition is ConditionKind.RATE else record.limit
    limit = number.number(size, decimals=decimals)
    unit = unit_symbol(tag.unit) if tag is not None and with_unit else ""
    value = f"{limit} {unit}".rstrip()
    sign = "+" if record.limit > 0 else number.MINUS
    texts: Mapping[ConditionKind, str] = {
        ConditionKind.HIGH: f"> {value}",
        ConditionKind.LOW: f"< {value}",
        ConditionKind.DEVIATION: f"± {value}",
        ConditionKind.RATE: tr("{change}/min", change=f"{sign}{value}"),
    }
    return texts.get(record.condition, "")


def rate_samples(alarms: Iterable[AlarmDefinition]) -> list[str]:
    """Return the longest limit of a rate as it may stand in a column, where a plant has such alarms."""
    has_rates = any(alarm.condition is ConditionKind.RATE for alarm in alarms)
    return [tr("{change}/min", change=f"{number.MINUS}00.00 mm/s")] if has_rates else []


_WORDED = frozenset(
    {
        ConditionKind.STATE,
        ConditionKind.MISMATCH,
        ConditionKind.STUCK,
        ConditionKind.BAD_QUALITY,
        ConditionKind.HEALTH,
        ConditionKind.TIME_TO_LIMIT,
        ConditionKind.EXPRESSION,
    }
)


def _worded(record: AlarmRecord, tag: TagDefinition | None) -> str:
    """Return the limit of a condition that is no limit of a value."""
    limit = number.number(record.limit, decimals=0)
    texts: Mapping[ConditionKind, str] = {
        ConditionKind.STATE: f"= {number.value_text(record.limit, tag=tag)}" if tag is not None else "",
        ConditionKind.MISMATCH: tr("as commanded"),
        ConditionKind.STUCK: tr("not moving"),
        ConditionKind.BAD_QUALITY: tr("bad quality"),
        ConditionKind.HEALTH: f"< {limit} %",
        ConditionKind.TIME_TO_LIMIT: tr("< {hours} h", hours=limit),
    }
    return texts.get(record.condition, "")


def place_text(record: AlarmRecord, equipment: Equipment | None) -> str:
    """Return what an alarm is about: its equipment, or the device whose own alarm it is."""
    if record.source:
        return tr("own alarm of {device}", device=record.source)
    return local(equipment.name) if equipment is not None else record.equipment


def reading_text(record: AlarmRecord, tag: TagDefinition | None) -> str:
    """Return what was compared with the limit when a line of the journal was written, in its own unit."""
    if record.condition is ConditionKind.TIME_TO_LIMIT:
        return number.duration(3_600.0 * record.value) if math.isfinite(record.value) else number.NO_VALUE
    if record.condition is ConditionKind.HEALTH:
        return f"{number.number(record.value, decimals=0)} %"
    return number.with_unit(record.value, tag=tag) if tag is not None else number.number(record.value)


def short_state_text(state: AlarmState) -> str:
    """Return a state in the fewest words that tell it from the others, as for a column."""
    texts = {AlarmState.RETURNED: tr("Returned, unack."), AlarmState.LATCHED: tr("Latched, reset")}
    return texts.get(state) or state_text(state)


def state_text(state: AlarmState) -> str:
    """Return a state of ISA-18.2 in the operator's words."""
    texts: Mapping[AlarmState, str] = {
        AlarmState.NORMAL: tr("Normal"),
        AlarmState.UNACKNOWLEDGED: tr("Unacknowledged"),
        AlarmState.ACKNOWLEDGED: tr("Acknowledged"),
        AlarmState.RETURNED: tr("Returned, unacknowledged"),
        AlarmState.LATCHED: tr("Latched, to be reset"),
        AlarmState.SHELVED: tr("Shelved"),
        AlarmState.SUPPRESSED: tr("Suppressed by design"),
        AlarmState.OUT_OF_SERVICE: tr("Out of service"),
    }
    return texts[state]


def priority_text(priority: Priority) -> str:
    """Return the name of a priority."""
    texts: Mapping[Priority, str] = {
        Priority.CRITICAL: tr("Critical"),
        Priority.HIGH: tr("High"),
        Priority.MEDIUM: tr("Medium"),
        Priority.DIAGNOSTIC: tr("Diagnostic"),
    }
    return texts[priority]
