"""What an alarm's condition compared with its limit, all along a recorded history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.alarm.measure import FixedDeviationMeasure, HighMeasure, LowMeasure, Measure, RateMeasure
from app.alarm.refusal import AlarmError
from app.alarm.watch_list import watch_of
from app.model import status as status_code
from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.block import TimeArray, ValueArray
from app.model.expression import parse_expression
from app.model.series import Series, empty_series
from app.model.tag import TagDefinition

LEVELS = (ConditionKind.HIGH, ConditionKind.LOW, ConditionKind.DEVIATION, ConditionKind.RATE)
"""Conditions that have a dead band."""
SUPPORTED = (*LEVELS, ConditionKind.STATE, ConditionKind.EXPRESSION)
_DOUBT_MASK = np.uint32(0xFFFF_0000 | status_code.LIMIT_MASK)


@dataclass(frozen=True, slots=True)
class Numbers:
    """`number` (float64, NaN where nothing could be said) at `time` (int64 ns UTC, rising); abnormal above `limit`."""

    time: TimeArray
    number: ValueArray
    limit: float

    def __len__(self) -> int:
        return len(self.time)


def tags_needed(definition: AlarmDefinition) -> tuple[str, ...]:
    """Return the tags whose history is needed; raise AlarmError for a condition that is not made of samples alone."""
    if definition.condition not in SUPPORTED:
        raise AlarmError(
            f"alarm {definition.id}: what {definition.condition} would have been cannot be told from the history; "
            f"it can of {', '.join(SUPPORTED)}"
        )
    found = [definition.tag] if definition.tag else []
    if definition.condition is ConditionKind.EXPRESSION:
        found += parse_expression(definition.expression).tags
    elif isinstance(definition.setpoint, str) and definition.setpoint:
        found.append(definition.setpoint)
    return tuple(dict.fromkeys(found))


def numbers_of(
    definition: AlarmDefinition, tags: Mapping[str, TagDefinition], series: Mapping[str, Series], end: int
) -> Numbers:
    """Return what the condition saw of `series` (by tag) up to `end` (ns UTC).

    Raise AlarmError where the definition cannot be watched.
    """
    names = tags_needed(definition)
    measure = watch_of(definition, tags, record=None).measure
    parts = [_seen(series.get(name, empty_series())) for name in names]
    match measure:
        case HighMeasure() | LowMeasure() | FixedDeviationMeasure():
            time, value = parts[0]
            number = _memoryless(measure, definition, value)
        case _:
            handles = [tags[name].handle for name in names]
            time, number = _taken(measure, handles, parts)
    if isinstance(measure, RateMeasure):
        time, number = _with_rests(time, number, measure.window, end)
    return Numbers(time, number, measure.limit)


def _seen(series: Series) -> tuple[TimeArray, ValueArray]:
    """Return times and values as the evaluation takes them: NaN where unusable, without lone doubted samples."""
    doubtful = (series.status & _DOUBT_MASK) == status_code.UNCERTAIN_SENSOR_NOT_ACCURATE
    is_lone = doubtful & ~np.concatenate(([False], doubtful[:-1]))
    usable = status_code.usable_mask(series.status) & np.isfinite(series.value)
    return series.time[~is_lone], np.where(usable, series.value, np.nan)[~is_lone]


def _memoryless(measure: Measure, definition: AlarmDefinition, value: ValueArray) -> ValueArray:
    if isinstance(measure, FixedDeviationMeasure):
        return np.abs(value - float(definition.setpoint))
    return -value if isinstance(measure, LowMeasure) else value


def _taken(
    measure: Measure, handles: list[int], parts: list[tuple[TimeArray, ValueArray]]
) -> tuple[TimeArray, ValueArray]:
    """Return what a measure that remembers says of each sample, in the order of their times."""
    time = np.concatenate([part[0] for part in parts])
    value = np.concatenate([part[1] for part in parts])
    handle = np.repeat(np.array(handles), [len(part[0]) for part in parts])
    order = np.argsort(time, kind="stable")
    time, value, handle = time[order], value[order], handle[order]
    known = ~np.isnan(value)
    number = [
        measure.take(tag, instant, sample)[0] if is_known else measure.lose(tag)
        for tag, instant, sample, is_known in zip(
            handle.tolist(), time.tolist(), value.tolist(), known.tolist(), strict=True
        )
    ]
    return time, np.array(number, np.float64)


def _with_rests(time: TimeArray, number: ValueArray, window: int, end: int) -> tuple[TimeArray, ValueArray]:
    """Return a rate with 0 where nothing came for a whole window: what does not change is not reported."""
    ends = np.flatnonzero((np.diff(time, append=end) > window) & ~np.isnan(number))
    return np.insert(time, ends + 1, time[ends] + window), np.insert(number, ends + 1, 0.0)
