"""What predictions say to alarms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from app.alarm.watch import Watch
from app.model.alarm import ConditionKind
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, ForecastState

_SECONDS_PER_HOUR = 3_600.0
_FAR = frozenset({ForecastState.NO_TREND, ForecastState.BEYOND_HORIZON})

Source = tuple[ConditionKind, str]


def hours_to_limit(forecast: Forecast, time_scale: float) -> float:
    """Return the median time until a limit is reached, hours of the plant's own time.

    It is 0 at the limit, infinite where nothing leads there, and NaN where nothing can be said.
    """
    if forecast.state is ForecastState.AT_LIMIT:
        return 0.0
    if forecast.state in _FAR:
        return math.inf
    if forecast.state is not ForecastState.FORECAST:
        return math.nan
    if not forecast.p50:
        return math.inf
    return max(0.0, (forecast.p50 - forecast.made) / NS_PER_S / _SECONDS_PER_HOUR * time_scale)


def watches_of_findings(watches: Iterable[Watch]) -> Mapping[Source, list[Watch]]:
    """Return the watches of predictions, by kind and the Equipment or the forecast that they are about."""
    found: dict[Source, list[Watch]] = {}
    for watch in watches:
        definition = watch.definition
        match definition.condition:
            case ConditionKind.HEALTH:
                found.setdefault((ConditionKind.HEALTH, definition.equipment), []).append(watch)
            case ConditionKind.TIME_TO_LIMIT:
                found.setdefault((ConditionKind.TIME_TO_LIMIT, definition.forecast), []).append(watch)
            case _:
                pass
    return found
