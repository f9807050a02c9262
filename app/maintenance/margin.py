"""Is the next planned stop early enough? The days between a forecast and the stop in which it could be mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.model.clock import NS_PER_S
from app.model.maintenance import PlannedStop

_NS_PER_HOUR = 3_600 * NS_PER_S
_NS_PER_DAY = 24 * _NS_PER_HOUR


@dataclass(frozen=True, slots=True)
class StopTime:
    """One occurrence of a PlannedStop, from `start` to `end` (ns UTC)."""

    stop: PlannedStop
    start: int
    end: int


class MarginState(StrEnum):
    """What a margin asks for."""

    TOO_LATE = "too_late"
    AT_RISK = "at_risk"
    ENOUGH = "enough"
    NO_STOP = "no_stop"


@dataclass(frozen=True, slots=True)
class Margin:
    """Days of the plant from the start of the next stop to the limit: negative, if the limit comes first.

    `early`: by P10 of the forecast, None where the band has no early edge; `likely`: by P50. TOO_LATE: the limit will
    probably be reached before the stop; AT_RISK: it may be; ENOUGH: with nine in ten it will not.
    """

    state: MarginState
    stop: StopTime | None = None
    early: float | None = None
    likely: float | None = None


def next_stop(
    stops: Sequence[PlannedStop], lineage: Sequence[str], now: int, *, time_scale: float = 1.0
) -> StopTime | None:
    """Return the stop that comes next, or is going on, for an equipment at `now` (ns UTC); None where none is planned.

    `lineage`: the equipment and what it is part of. One that stops nothing by name stops the whole plant.
    """
    found = [
        occurrence
        for stop in stops
        if not stop.equipment or set(stop.equipment) & set(lineage)
        if (occurrence := _occurrence(stop, now, time_scale)) is not None
    ]
    return min(found, key=lambda occurrence: occurrence.start, default=None)


class Foretold(Protocol):
    """What names instants (int64 ns UTC, 0 where none): a forecast, or a remaining life."""

    @property
    def p10(self) -> int:
        """Return the early edge of the band."""
        ...

    @property
    def p50(self) -> int:
        """Return the median of the foretold instant, int64 ns UTC."""
        ...


def margin(forecast: Foretold, stop: StopTime | None, *, time_scale: float = 1.0) -> Margin | None:
    """Return the margin of a forecast to a stop, None where it tells no instant at all.

    A P50 beyond the horizon with a P10 within it is a risk, and no more.
    """
    if not forecast.p10 and not forecast.p50:
        return None
    if stop is None:
        return Margin(MarginState.NO_STOP)
    day = _NS_PER_DAY / time_scale
    early = (forecast.p10 - stop.start) / day if forecast.p10 else None
    likely = (forecast.p50 - stop.start) / day if forecast.p50 else None
    state = MarginState.ENOUGH
    if likely is not None and likely <= 0:
        state = MarginState.TOO_LATE
    elif early is not None and early <= 0:
        state = MarginState.AT_RISK
    return Margin(state, stop, early, likely)


def lineage(equipment: str, parents: dict[str, str]) -> list[str]:
    """Return an equipment and what it is part of, itself first; `parents`: of each its parent's id, "" at the top."""
    found: list[str] = []
    while equipment and equipment not in found:
        found.append(equipment)
        equipment = parents.get(equipment, "")
    return found


def _occurrence(stop: PlannedStop, now: int, time_scale: float) -> StopTime | None:
    length = int(stop.hours * _NS_PER_HOUR / time_scale)
    step = int(stop.every_days * _NS_PER_DAY / time_scale)
    start = stop.start
    if now >= start + length:
        if not step:
            return None
        start += -(-(now - length + 1 - start) // step) * step
    return StopTime(stop, start, start + length)
