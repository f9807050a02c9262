"""The days between a forecast and the next planned stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.maintenance.margin import MarginState, lineage, margin, next_stop
from app.model.forecast import Forecast, ForecastState
from app.model.maintenance import PlannedStop
from app.model.text import LocalText
from tests.app.maintenance.plants import DAY, HOUR, NOW

ONCE = PlannedStop("once", LocalText("Once"), NOW + 5 * DAY, 8.0)
WEEKLY = PlannedStop("weekly", LocalText("Weekly"), NOW + 6 * DAY, 4.0, every_days=7.0, equipment=("air",))


def forecast(p10: int, p50: int) -> Forecast:
    return Forecast("f", "AC01", "t", ForecastState.FORECAST, NOW, p10=p10, p50=p50)


def test_that_the_next_stop_is_the_soonest_of_the_equipment_or_of_the_whole_plant() -> None:
    stops = (WEEKLY, ONCE)
    assert next_stop(stops, ["AC01", "air"], NOW) == next_stop((ONCE,), [], NOW)
    later = next_stop(stops, ["AC01", "air"], NOW + 5 * DAY + 9 * HOUR)
    assert later is not None
    assert (later.stop, later.start, later.end) == (WEEKLY, NOW + 6 * DAY, NOW + 6 * DAY + 4 * HOUR)
    assert next_stop(stops, ["PU01", "water"], NOW + 6 * DAY) is None


def test_that_a_stop_that_goes_on_is_the_next_one() -> None:
    found = next_stop((ONCE,), [], NOW + 5 * DAY + HOUR)
    assert found is not None
    assert found.start == NOW + 5 * DAY


@given(after=st.integers(0, 400 * DAY), scale=st.sampled_from([1.0, 60.0]))
def test_that_a_stop_comes_again_in_its_own_step(after: int, scale: float) -> None:
    now = NOW + after
    found = next_stop((WEEKLY,), ["air"], now, time_scale=scale)
    assert found is not None
    step = round(7 * DAY / scale)
    assert (found.start - WEEKLY.start) % step == 0
    assert now < found.end
    assert found.start == WEEKLY.start or now >= found.end - step


@pytest.mark.parametrize(
    ("p10", "p50", "state"),
    [
        (NOW + 6 * DAY, NOW + 9 * DAY, MarginState.ENOUGH),
        (NOW + 4 * DAY, NOW + 9 * DAY, MarginState.AT_RISK),
        (NOW + 4 * DAY, 0, MarginState.AT_RISK),
        (NOW + 2 * DAY, NOW + 4 * DAY, MarginState.TOO_LATE),
    ],
)
def test_that_the_margin_tells_whether_the_stop_is_early_enough(p10: int, p50: int, state: MarginState) -> None:
    found = margin(forecast(p10, p50), next_stop((ONCE,), [], NOW))
    assert found is not None
    assert found.state is state
    assert found.early == (p10 - ONCE.start) / DAY
    assert found.likely == ((p50 - ONCE.start) / DAY if p50 else None)


def test_that_a_simulated_plant_tells_its_own_days() -> None:
    found = margin(forecast(0, NOW + 6 * DAY), next_stop((ONCE,), [], NOW), time_scale=60.0)
    assert found is not None
    assert found.likely == pytest.approx(60.0)


def test_that_there_is_no_margin_without_a_forecast_and_that_a_missing_stop_is_told() -> None:
    assert margin(forecast(0, 0), next_stop((ONCE,), [], NOW)) is None
    found = margin(forecast(NOW, NOW), None)
    assert found is not None
    assert found.state is MarginState.NO_STOP


def test_that_the_lineage_ends_even_where_the_plant_runs_in_a_ring() -> None:
    assert lineage("AC01", {"AC01": "air", "air": ""}) == ["AC01", "air"]
    assert lineage("a", {"a": "b", "b": "a"}) == ["a", "b"]
