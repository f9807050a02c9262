import time
from collections.abc import Callable

import numpy as np
import pytest

from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, ForecastState, Health, HealthState
from app.model.series import Series
from app.model.tag import TagKind
from app.prediction.foresight import Foresight
from tests.app.prediction.plants import Stream, at, forecast_of, healthy_pump, plant_of, row, tag
from tests.conformance.predictor import PredictorConformance

TAGS = [tag(place) for place in range(4)]


class TestForesight(PredictorConformance):
    @pytest.fixture
    def tags(self) -> int:
        return len(TAGS)

    @pytest.fixture
    def names(self) -> list[str]:
        return [entry.name for entry in TAGS]

    @pytest.fixture
    def make(self) -> Callable[[], Foresight]:
        return lambda: Foresight(plant_of(TAGS, [forecast_of(200.0), forecast_of(-50.0, name="PU02.A1")]))


def test_that_a_clogging_strainer_is_foretold_with_the_signals_that_show_it() -> None:
    plant = plant_of([tag(place) for place in range(6)], [forecast_of(45.0)])
    stream = Stream(plant)
    seconds = np.arange(0.0, 40.0, 0.25)
    rows = 0.3 * healthy_pump(160, signals=6)
    severity = np.clip((seconds - 14.0) / 36.0, 0.0, None)
    rows[:, 0] = 4.0 + 41.0 * severity**1.2 + 0.25 * np.random.default_rng(2).normal(size=160)
    rows[:, 1] -= 8.0 * severity
    stream.feed(seconds, rows)
    forecast, health = stream.forecasts["PU02.A0.high"], stream.healths["PU02"]
    assert forecast.state is ForecastState.FORECAST
    assert forecast.p10 <= at(50.0) <= forecast.p90
    assert forecast.contributions[0].tag == "PU02.A0"
    assert health.state is HealthState.DEGRADED
    assert health.score > 1.0
    first = next(found.made for found in stream.told if isinstance(found, Forecast) and found.p50)
    assert first < at(26.0)


def test_that_renewed_equipment_is_learned_anew_and_its_neighbour_is_not() -> None:
    tags = [tag(place) for place in range(4)] + [tag(place, equipment="PU01") for place in range(4, 8)]
    stream = Stream(plant_of(tags, [forecast_of(200.0), forecast_of(200.0, name="PU01.A4")]))
    seconds = np.arange(0.0, 120.0, 0.25)
    rows = np.hstack([healthy_pump(480, signals=4), healthy_pump(480, signals=4, seed=2)])
    stream.feed(seconds, rows)
    assert {health.state for health in stream.healths.values()} == {HealthState.NORMAL}
    stream.foresight.renew("PU02")
    stream.feed(seconds[:4] + 120.0, rows[:4])
    assert stream.healths["PU02"].state is HealthState.LEARNING
    assert stream.healths["PU01"].state is HealthState.NORMAL
    assert stream.forecasts["PU02.A0.high"].state is ForecastState.LEARNING
    assert stream.forecasts["PU01.A4.high"].state is not ForecastState.LEARNING
    before = len(stream.told)
    stream.feed(seconds + 121.0, rows + 9.0)
    told = [found for found in stream.told[before:] if isinstance(found, Health)]
    states = {name: {found.state for found in told if found.equipment == name} for name in ("PU01", "PU02")}
    assert HealthState.DEGRADED in states["PU01"], "nobody touched it, and it has changed"
    assert states["PU02"] == {HealthState.LEARNING, HealthState.NORMAL}, "its past began with the renewal"


def test_that_only_what_changed_is_told() -> None:
    stream = Stream(plant_of(TAGS, [forecast_of(200.0)]))
    stream.feed(np.arange(0.0, 60.0, 0.25), healthy_pump(240, signals=4))
    for second in (60.0, 61.0):
        stream.ask(second)
    told = len(stream.told)
    for second in (62.0, 63.0, 64.0):
        stream.ask(second)
    assert len(stream.told) == told


def test_that_equipment_without_signals_has_no_health_and_one_with_counters_has() -> None:
    tags = [tag(0, kind=TagKind.DISCRETE), tag(1, equipment="EM01", kind=TagKind.COUNTER)]
    stream = Stream(plant_of(tags))
    stream.ask(0.0)
    assert set(stream.healths) == {"EM01"}


def test_that_doubtful_samples_count_as_missing_but_those_beyond_their_range_do_not() -> None:
    stream = Stream(plant_of(TAGS))
    rows = healthy_pump(400, signals=4)
    stream.feed(np.arange(0.0, 75.0, 0.25), rows[:300])
    for place in range(40):
        wild = block_of(np.arange(4), at(75.0 + place / 4), 1e6, status.UNCERTAIN_SENSOR_NOT_ACCURATE)
        stream.foresight.update(wild)
    stream.ask(85.0)
    states = [stream.healths["PU02"].state]
    stream.feed(np.arange(85.0, 95.0, 0.25), rows[:40])
    states.append(stream.healths["PU02"].state)
    assert states == [HealthState.NO_DATA, HealthState.NORMAL]
    for place in range(40):
        values = rows[place] + np.array([0.0, 0.0, 0.3 * place, 0.0])
        code = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH
        stream.foresight.update(row(95.0 + place / 4, values, [status.GOOD, status.GOOD, code, status.GOOD]))
    stream.ask(105.0)
    assert stream.healths["PU02"].score > 2.0


def test_that_a_device_with_a_wrong_clock_is_taken_at_its_time_of_receipt() -> None:
    plant = plant_of(TAGS, [forecast_of(45.0)])
    right, wrong = Foresight(plant), Foresight(plant)
    a_year = 365 * 86_400 * NS_PER_S
    told: list[list[Forecast | Health]] = []
    for foresight, skew in ((right, 0), (wrong, a_year)):
        for place, values in enumerate(healthy_pump(200, signals=4)):
            instant = at(place / 4)
            foresight.update(block_of(np.arange(4), instant - skew, values, received=instant))
        told.append(foresight.results(at(50.0)))
    assert repr(told[0]) == repr(told[1])


def test_that_results_are_cheap_for_a_plant_of_thirty_machines() -> None:
    tags = [tag(place, equipment=f"E{place // 8}") for place in range(240)]
    forecasts = [forecast_of(200.0, name=tags[place * 8].name) for place in range(30)]
    foresight = Foresight(plant_of(tags, forecasts))
    values = np.column_stack([healthy_pump(400, seed=seed) for seed in range(30)])
    costs = []
    for place in range(400):
        foresight.update(row(place / 4, values[place]))
        if place % 4 == 3:
            begin = time.process_time()
            foresight.results(at(place / 4))
            costs.append(time.process_time() - begin)
    assert np.median(costs) < 0.05
    assert sum(costs) / 100 < 0.1


def test_that_warming_teaches_at_once_what_streaming_would_have() -> None:
    plant = plant_of(TAGS, [forecast_of(200.0)])
    rows = healthy_pump(400, signals=4)
    times = np.array([at(place / 4) for place in range(400)])
    foresight = Foresight(plant)
    good = np.zeros(400, np.uint32)
    foresight.warm({entry.name: Series(times, rows[:, place].copy(), good) for place, entry in enumerate(TAGS)})
    states = {type(found): found.state for found in foresight.results(at(100.0))}
    assert states == {Health: HealthState.NORMAL, Forecast: ForecastState.NO_TREND}
