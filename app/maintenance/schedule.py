"""When recurring work is due: by the running hours of a meter, by the calendar, or by whichever comes first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from app.maintenance.meter import MeterReading, daily_rate
from app.model import clock
from app.model.maintenance import MaintenanceDefinition
from app.model.work_order import WorkOrder

_NS_PER_DAY = 86_400 * clock.NS_PER_S
_FARTHEST_DAYS = 36_500.0


class DueState(StrEnum):
    """How near it is; in the order of urgency."""

    OVERDUE = "overdue"
    DUE = "due"
    SOON = "soon"
    LATER = "later"
    NOT_KNOWN = "not_known"


class DueBy(StrEnum):
    """What makes it due."""

    METER = "meter"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Due:
    """When a MaintenanceDefinition is due.

    `at`: int64 ns UTC, 0 where it is not known (a meter that does not run). `by`: what comes first. `remaining`: days
    of the plant until then, negative once it has passed, NaN where not known. `left`: what the meter may count until
    then, NaN without one. `reading`: its newest total.
    """

    definition: MaintenanceDefinition
    state: DueState
    by: DueBy
    at: int
    remaining: float
    left: float = math.nan
    reading: float = math.nan


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the past of one recurring work.

    `done`: the order that did it last, or was cancelled instead. `seen`: since when (ns UTC) it stands in the plant
    file. `first`, `last`: readings of its meter, None without one; `recent`: from which the present rate is told.
    """

    seen: int
    done: WorkOrder | None = None
    first: MeterReading | None = None
    recent: MeterReading | None = None
    last: MeterReading | None = None


def due(definition: MaintenanceDefinition, past: Past, now: int, *, time_scale: float = 1.0) -> Due:
    """Return when recurring work is due, as it is known at `now` (ns UTC)."""
    found = [
        each
        for each in (_by_meter(definition, past, now, time_scale), _by_calendar(definition, past, now, time_scale))
        if each is not None
    ]
    if not found:
        return Due(definition, DueState.NOT_KNOWN, DueBy.METER, 0, math.nan)
    soonest = min(found, key=lambda each: math.inf if math.isnan(each.remaining) else each.remaining)
    counted = next((each for each in found if each.by is DueBy.METER), soonest)
    return Due(
        definition,
        soonest.state,
        soonest.by,
        soonest.at,
        soonest.remaining,
        left=counted.left,
        reading=counted.reading,
    )


def order_of_urgency(each: Due) -> tuple[int, float]:
    """Return a key that sorts what is overdue first, then what is due soonest."""
    remaining = math.inf if math.isnan(each.remaining) else each.remaining
    return list(DueState).index(each.state), remaining


def _by_meter(definition: MaintenanceDefinition, past: Past, now: int, time_scale: float) -> Due | None:
    if not definition.every:
        return None
    if past.last is None or past.first is None:
        return Due(definition, DueState.NOT_KNOWN, DueBy.METER, 0, math.nan)
    left = _last_at(definition, past) + definition.every - past.last.total
    rate = daily_rate(past.recent or past.first, past.last, time_scale=time_scale)
    days = left / rate if rate > 0 else 0.0 if left <= 0 else math.nan
    if math.isnan(days) or days > _FARTHEST_DAYS:
        return Due(definition, DueState.LATER, DueBy.METER, 0, math.nan, left=left, reading=past.last.total)
    at = past.last.time + int(days * _NS_PER_DAY / time_scale)
    remaining = (at - now) * time_scale / _NS_PER_DAY
    state = _state(definition, remaining)
    if left > 0 and state in {DueState.DUE, DueState.OVERDUE}:  # it has not counted for a while: only it can tell
        state, remaining = DueState.SOON, 0.0
    elif left <= 0 and state is not DueState.OVERDUE:
        state = DueState.DUE
    return Due(definition, state, DueBy.METER, at, remaining, left=left, reading=past.last.total)


def _last_at(definition: MaintenanceDefinition, past: Past) -> float:
    """Return the reading at which it was done last: as signed, else as the plant file says, else when first seen."""
    if past.done is not None and past.done.meter is not None:
        return past.done.meter
    if not math.isnan(definition.last_at):
        return definition.last_at
    assert past.first is not None  # noqa: S101 - asked before
    return past.first.total


def _by_calendar(definition: MaintenanceDefinition, past: Past, now: int, time_scale: float) -> Due | None:
    if not definition.every_days:
        return None
    step = int(definition.every_days * _NS_PER_DAY / time_scale)
    at = _next_date(definition, past, step)
    remaining = (at - now) * time_scale / _NS_PER_DAY
    return Due(definition, _state(definition, remaining), DueBy.CALENDAR, at, remaining)


def _next_date(definition: MaintenanceDefinition, past: Past, step: int) -> int:
    first = clock.instant_of(definition.first_due) if definition.first_due else past.seen + step
    if past.done is None:
        return first
    if not definition.is_fixed:
        return past.done.ended + step
    # the date that was meant is the one the order was for; work that was done early does not bring the next one forward
    meant = past.done.due or past.done.ended
    return first + max(0, round((meant - first) / step) + 1) * step


def _state(definition: MaintenanceDefinition, remaining: float) -> DueState:
    if remaining < -definition.tolerance_days:
        return DueState.OVERDUE
    if remaining <= 0:
        return DueState.DUE
    return DueState.SOON if remaining <= definition.lead_days else DueState.LATER
