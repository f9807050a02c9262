"""Did it fix it? What led to completed work is watched for a while; the station proposes, a person decides."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.forecast import Forecast, ForecastState, Health, HealthState
from app.model.work_order import Effect, Ground, Proposal, WorkOrder

_TOWARDS_LIMIT = {ForecastState.FORECAST, ForecastState.AT_LIMIT}
_SETTLING = 0.1
"""In so much of the watch a trend may still show what was before the work."""
_AWAY = {ForecastState.NO_TREND, ForecastState.BEYOND_HORIZON}
_NOT = Effect.LOOKS_NOT_FIXED
_POOR = {HealthState.DEGRADED, HealthState.ABNORMAL}


@dataclass(frozen=True, slots=True)
class Observation:
    """What is seen of one order's cause since it was completed; None is what the order does not come of.

    `raised`: the first instant (ns UTC) at which its alarm was raised again after completion, 0 for never.
    `is_active`: whether that alarm stands now. `forecast`: the newest one of the degradation that it was to mend.
    `health`: the newest one of its equipment.
    """

    raised: int = 0
    is_active: bool | None = None
    forecast: Forecast | None = None
    health: Health | None = None


def proposed(order: WorkOrder, seen: Observation, now: int) -> Proposal:
    """Return what to think of completed work at `now` (ns UTC).

    An alarm that is raised again, or a trend that runs towards its limit again, is told at once; that all is well only
    after the whole time has passed. Health counts where nothing nearer to the cause is known: it also departs for other
    reasons.
    """
    is_settled = now - order.completed >= _SETTLING * (order.watch_until - order.completed)
    found = _contradiction(seen, is_settled=is_settled)
    if found is None:
        found = _verdict(seen, now) if now >= order.watch_until else (Effect.WATCHING, Ground.NONE, 0)
    effect, ground, at = found
    return Proposal(effect, ground, at, None if seen.health is None else _rounded(seen.health))


def _contradiction(seen: Observation, *, is_settled: bool) -> tuple[Effect, Ground, int] | None:
    if seen.raised:
        return Effect.LOOKS_NOT_FIXED, Ground.ALARM_AGAIN, seen.raised
    if is_settled and seen.forecast is not None and seen.forecast.state in _TOWARDS_LIMIT:
        return Effect.LOOKS_NOT_FIXED, Ground.FORECAST_AGAIN, seen.forecast.made
    return None


def _verdict(seen: Observation, now: int) -> tuple[Effect, Ground, int]:
    if seen.is_active is not None:
        is_away = not seen.is_active
        effect, ground = (Effect.LOOKS_FIXED, Ground.ALARM_AWAY) if is_away else (_NOT, Ground.ALARM_ACTIVE)
    elif seen.forecast is not None and seen.forecast.state in _AWAY:
        effect, ground = Effect.LOOKS_FIXED, Ground.FORECAST_AWAY
    elif seen.health is not None and seen.health.state in _POOR:
        effect, ground = _NOT, Ground.HEALTH_POOR
    elif seen.health is not None and seen.health.state is HealthState.NORMAL:
        effect, ground = Effect.LOOKS_FIXED, Ground.HEALTH_GOOD
    else:
        return Effect.NOT_KNOWN, Ground.NONE, 0
    return effect, ground, now


def _rounded(health: Health) -> float | None:
    is_told = health.state in {HealthState.NORMAL, *_POOR}
    return round(health.health, 1) if is_told else None
