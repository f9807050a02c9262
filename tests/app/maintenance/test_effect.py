"""Did it fix it?"""

from __future__ import annotations

import math

import pytest

from app.maintenance.effect import Observation, proposed
from app.model.forecast import Forecast, ForecastState, Health, HealthState
from app.model.work_order import Effect, Ground
from tests.app.maintenance.plants import HOUR, NOW, completed, desk

BEFORE, AFTER = NOW + 10 * HOUR, NOW + 100 * HOUR


def trend(state: ForecastState) -> Forecast:
    return Forecast("f", "AC01", "t", state, BEFORE)


def health(state: HealthState, value: float = 91.23) -> Health:
    return Health("AC01", state, BEFORE, value)


@pytest.mark.parametrize(
    ("seen", "now", "effect", "ground"),
    [
        (Observation(is_active=True), BEFORE, Effect.WATCHING, Ground.NONE),
        (Observation(is_active=False), BEFORE, Effect.WATCHING, Ground.NONE),
        (Observation(is_active=False), AFTER, Effect.LOOKS_FIXED, Ground.ALARM_AWAY),
        (Observation(is_active=True), AFTER, Effect.LOOKS_NOT_FIXED, Ground.ALARM_ACTIVE),
        (Observation(raised=BEFORE, is_active=False), BEFORE, Effect.LOOKS_NOT_FIXED, Ground.ALARM_AGAIN),
        (
            Observation(forecast=trend(ForecastState.FORECAST)),
            BEFORE,
            Effect.LOOKS_NOT_FIXED,
            Ground.FORECAST_AGAIN,
        ),
        (Observation(forecast=trend(ForecastState.NO_TREND)), BEFORE, Effect.WATCHING, Ground.NONE),
        (Observation(forecast=trend(ForecastState.NO_TREND)), AFTER, Effect.LOOKS_FIXED, Ground.FORECAST_AWAY),
        (Observation(forecast=trend(ForecastState.BAD_DATA)), AFTER, Effect.NOT_KNOWN, Ground.NONE),
        (Observation(health=health(HealthState.NORMAL)), AFTER, Effect.LOOKS_FIXED, Ground.HEALTH_GOOD),
        (Observation(health=health(HealthState.ABNORMAL)), AFTER, Effect.LOOKS_NOT_FIXED, Ground.HEALTH_POOR),
        (Observation(health=health(HealthState.ABNORMAL)), BEFORE, Effect.WATCHING, Ground.NONE),
        (Observation(health=health(HealthState.LEARNING, math.nan)), AFTER, Effect.NOT_KNOWN, Ground.NONE),
        (Observation(), AFTER, Effect.NOT_KNOWN, Ground.NONE),
        (
            Observation(is_active=False, health=health(HealthState.ABNORMAL)),
            AFTER,
            Effect.LOOKS_FIXED,
            Ground.ALARM_AWAY,
        ),
    ],
)
def test_that_the_station_proposes_by_what_is_nearest_to_the_cause(
    seen: Observation, now: int, effect: Effect, ground: Ground
) -> None:
    found = proposed(completed(desk()), seen, now)
    assert (found.effect, found.ground) == (effect, ground)


def test_that_a_trend_has_time_to_settle_after_the_work() -> None:
    seen = Observation(forecast=trend(ForecastState.FORECAST))
    assert proposed(completed(desk()), seen, NOW + HOUR).effect is Effect.WATCHING


def test_that_health_is_told_with_the_proposal_while_it_is_known() -> None:
    order = completed(desk())
    assert proposed(order, Observation(health=health(HealthState.NORMAL)), BEFORE).health == 91.2
    assert proposed(order, Observation(health=health(HealthState.LEARNING, math.nan)), BEFORE).health is None
