"""The four usual limits of a tag (LL, L, H, HH), and the text of a plant file in which they are others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.tag import TagDefinition
from app.plant.alarm_revision import revised_alarms
from app.plant.draft.draft import Draft
from app.plant.draft.sheet import addition_step

DEADBAND_SHARE = 0.01
"""How far a value has to come back, in parts of the range: ISA-18.2 begins so with temperatures; flows need 5 %."""
_ARRAY = ("alarm",)


class Level(StrEnum):
    """One of the limits, named as trends name their lines."""

    LL = "LL"
    L = "L"
    H = "H"
    HH = "HH"

    @property
    def is_high(self) -> bool:
        """Return whether a value is abnormal above it."""
        return self in {Level.H, Level.HH}


PRIORITIES: Mapping[Level, Priority] = {
    Level.LL: Priority.HIGH,
    Level.L: Priority.MEDIUM,
    Level.H: Priority.MEDIUM,
    Level.HH: Priority.HIGH,
}
"""What a new limit gets until somebody has rationalised it."""
_WORDS: Mapping[Level, tuple[str, str]] = {
    Level.LL: ("very low", "过低"),
    Level.L: ("low", "低"),
    Level.H: ("high", "高"),
    Level.HH: ("very high", "过高"),
}


class LimitsRefused(ValueError):
    """Limits that contradict each other; the message names them."""


@dataclass(frozen=True, slots=True)
class WantedLimit:
    """A limit in the tag's unit, and how urgent it is."""

    value: float
    priority: Priority


def limits_of(alarms: Sequence[AlarmDefinition], tag: str) -> dict[Level, AlarmDefinition]:
    """Return the alarms of a tag by level: the innermost limit is H or L, the next HH or LL; further ones have none."""
    found: dict[Level, AlarmDefinition] = {}
    for kind, levels in ((ConditionKind.HIGH, (Level.H, Level.HH)), (ConditionKind.LOW, (Level.L, Level.LL))):
        of_kind = [alarm for alarm in alarms if alarm.tag == tag and alarm.condition is kind]
        of_kind.sort(key=lambda alarm: alarm.limit, reverse=kind is ConditionKind.LOW)
        found |= dict(zip(levels, of_kind, strict=False))
    return found


def text_with_limits(
    text: str, tag: TagDefinition, alarms: Sequence[AlarmDefinition], wanted: Mapping[Level, WantedLimit]
) -> str:
    """Return the text of a plant file in which a tag has these limits; those that are not wanted stay as they are.

    Raise LimitsRefused where they are not in order, CannotRevise where the file cannot be revised without loss.
    """
    known = limits_of(alarms, tag.name)
    if (crossed := out_of_order(known, wanted)) is not None:
        raise LimitsRefused(f"{tag.name}: {crossed[0]} has to lie below {crossed[1]}: correct one of them")
    changes: dict[str, dict[str, object]] = {}
    new: dict[Level, WantedLimit] = {}
    for level, limit in wanted.items():
        alarm = known.get(level)
        if alarm is None:
            new[level] = limit
        else:
            keys: dict[str, object] = {} if alarm.limit == limit.value else {"limit": limit.value}
            keys |= {} if alarm.priority is limit.priority else {"priority": int(limit.priority)}
            changes |= {alarm.id: keys} if keys else {}
    revised = revised_alarms(text, changes) if changes else text
    if not new:
        return revised
    draft = Draft(revised)
    taken = {alarm.id for alarm in alarms}
    tables = [_table(tag, level, limit, taken) for level, limit in new.items()]
    draft.do(addition_step(draft, "limits", _ARRAY, len(draft.rows(_ARRAY)), tables))
    return draft.revised_text()


def out_of_order(
    known: Mapping[Level, AlarmDefinition], wanted: Mapping[Level, WantedLimit]
) -> tuple[Level, Level] | None:
    """Return the first two levels of which the lower one would not lie below the higher one, None where all do."""
    values = {level: alarm.limit for level, alarm in known.items()} | {
        level: limit.value for level, limit in wanted.items()
    }
    rising = [level for level in Level if level in values]
    return next(((low, high) for low, high in pairwise(rising) if not values[low] < values[high]), None)


def _table(tag: TagDefinition, level: Level, limit: WantedLimit, taken: set[str]) -> dict[str, object]:
    name, number = f"{tag.name}.{level}", 2
    while name in taken:
        name, number = f"{tag.name}.{level}{number}", number + 1
    taken.add(name)
    english, chinese = _WORDS[level]
    message: object = f"{tag.title.en} {english}"
    if tag.title.zh and tag.title.zh != tag.title.en:
        message = {"en": message, "zh": f"{tag.title.zh}{chinese}"}
    table: dict[str, object] = {
        "id": name,
        "tag": tag.name,
        "condition": str(ConditionKind.HIGH if level.is_high else ConditionKind.LOW),
        "limit": limit.value,
        "priority": int(limit.priority),
        "message": message,
    }
    span = tag.high - tag.low
    if math.isfinite(span) and span > 0:
        table["deadband"] = float(f"{DEADBAND_SHARE * span:.3g}")
    return table
