import math
from dataclasses import replace

import numpy as np
import pytest

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.forecast import Health, HealthState
from app.model.tag import TagKind
from app.model.text import LocalText
from app.prediction.health import HealthModel, health_of
from tests.app.prediction.plants import Array, Stream, healthy_pump, plant_of, row, tag

RATE = 4.0
SIGNALS = 8


def seconds(count: int, *, begin: float = 0.0) -> Array:
    return begin + np.arange(count) / RATE


MODE = f"PU02.D{SIGNALS}"


def stream(*, signals: int = SIGNALS, modes: int = 0, time_scale: float = 300.0) -> Stream:
    kinds = [TagKind.ANALOG] * signals + [TagKind.DISCRETE] * modes
    return Stream(plant_of([tag(place, kind=kind) for place, kind in enumerate(kinds)], time_scale=time_scale))


def state(pump: Stream) -> HealthState:
    return pump.healths["PU02"].state


def learned_pump(*, seed: int = 1, count: int = 400) -> Stream:
    pump = stream()
    pump.feed(seconds(count), healthy_pump(count, seed=seed))
    return pump


def test_that_learning_ends_within_fifteen_seconds_at_factor_300_when_all_stands_still() -> None:
    pump = stream()
    pump.feed(seconds(20), healthy_pump(20))
    early = pump.healths["PU02"]
    assert early.state is HealthState.LEARNING
    assert np.isnan(early.health)
    assert 0.0 < early.progress < 1.0
    pump.feed(seconds(40, begin=5.0), healthy_pump(60)[20:])
    assert state(pump) is HealthState.NORMAL
    assert pump.healths["PU02"].progress == 1.0


def test_that_learning_goes_on_while_most_signals_drift() -> None:
    pump = stream()
    drift = np.linspace(0.0, 60.0, 240)[:, None] * (np.arange(SIGNALS) < 6)
    pump.feed(seconds(240), healthy_pump(240) + drift)
    assert state(pump) is HealthState.LEARNING
    pump.feed(seconds(1_200, begin=60.0), healthy_pump(1_200, seed=1) + drift[-1])
    assert state(pump) is HealthState.NORMAL


@pytest.mark.parametrize("seed", range(4))
def test_that_a_healthy_machine_stays_above_seventy_nearly_always(seed: int) -> None:
    pump = stream()
    rows = healthy_pump(1_600, seed=seed)
    low = []
    for place, second in enumerate(seconds(1_600).tolist()):
        pump.foresight.update(row(second, rows[place]))
        if place % 4 == 3:
            pump.ask(second)
            health = pump.foresight._models[0].health(pump.told[-1].made if pump.told else 0).health
            low.append(health < 70.0)
    assert state(pump) is HealthState.NORMAL
    assert np.mean(low) < 0.01


def test_that_a_growing_fault_brings_the_health_down_and_names_its_signals() -> None:
    pump = learned_pump(count=1_200)
    rows = healthy_pump(160, seed=1)
    rows[:, 3] += np.linspace(0.0, 40.0, 160)
    pump.feed(seconds(160, begin=300.0), rows)
    health = pump.healths["PU02"]
    assert health.state is HealthState.ABNORMAL
    assert health.health < 10.0
    assert health.score > 1.0
    first = health.contributions[0]
    assert first.tag == "PU02.A3"
    assert first.share > 0.5
    assert 30.0 < first.change < 42.0
    assert sum(part.share for part in health.contributions) <= 1.0 + 1e-9
    assert len(health.contributions) <= 5


def test_that_health_is_at_most_fifty_beyond_a_limit_that_people_have_set_and_names_its_signal() -> None:
    tags = [tag(place) for place in range(4)]
    limit = AlarmDefinition("a", tags[2].name, ConditionKind.HIGH, 2.0, Priority.MEDIUM, LocalText("too high"))
    told = []
    for alarms in ((), (limit,)):
        pump = Stream(replace(plant_of(tags), alarms=alarms))
        rows = np.random.default_rng(5).normal(size=(500, 4))
        rows[400:, 2] += np.linspace(0.0, 2.8, 100)
        pump.feed(seconds(400), rows[:400])
        assert pump.healths["PU02"].health > 70.0
        pump.feed(seconds(100, begin=100.0), rows[400:])
        told.append(pump.healths["PU02"])
    assert told[1].health < 50.0 < told[0].health
    assert told[1].state is HealthState.ABNORMAL
    assert told[1].contributions[0].tag == tags[2].name


def test_that_nothing_is_abnormal_on_the_first_day_and_a_night_of_it_is_learned() -> None:
    pump = stream()
    rows = healthy_pump(2_400)
    night = np.concatenate([np.linspace(0.0, 1.0, 40), np.ones(320), np.linspace(1.0, 0.0, 40)])
    for begin in (600, 1_752):
        rows[begin : begin + 400, 3] += 20.0 * night
    lowest = []
    for begin in (600, 1_752):
        told = len(pump.told)
        pump.feed(seconds(1_152, begin=0.25 * (begin - 600)), rows[begin - 600 : begin + 552])
        known = [each.health for each in pump.told[told:] if isinstance(each, Health) and not math.isnan(each.health)]
        lowest.append(min(known))
    assert 50.0 <= lowest[0] < 70.0
    assert lowest[1] > 70.0


def test_that_a_departure_beyond_a_limit_that_people_have_set_is_never_learned() -> None:
    tags = [tag(place) for place in range(4)]
    limit = AlarmDefinition("a", tags[2].name, ConditionKind.HIGH, 8.0, Priority.MEDIUM, LocalText("too high"))
    pump = Stream(replace(plant_of(tags), alarms=(limit,)))
    rows = np.random.default_rng(5).normal(size=(900, 4))
    for begin in (300, 600):
        rows[begin : begin + 60, 2] += np.concatenate([np.linspace(0.0, 20.0, 40), np.full(20, 20.0)])
    pump.feed(seconds(500), rows[:500])
    told = len(pump.told)
    pump.feed(seconds(160, begin=125.0), rows[500:660])
    assert min(health.health for health in pump.told[told:] if isinstance(health, Health)) < 10.0


def test_that_the_baseline_does_not_follow_a_fault_however_long_it_lasts() -> None:
    pump = learned_pump(count=2_000)
    rows = healthy_pump(4_000, seed=1)
    rows[:, 3] += np.minimum(np.linspace(0.0, 400.0, 4_000), 40.0)
    pump.feed(seconds(4_000, begin=500.0), rows)
    assert pump.healths["PU02"].health < 10.0


def test_that_the_level_follows_what_changes_slowly_while_all_is_well() -> None:
    pump = learned_pump(count=800)
    rows = healthy_pump(6_000, seed=1)
    rows[:, :2] += np.linspace(0.0, 9.0, 6_000)[:, None]
    pump.feed(seconds(6_000, begin=200.0), rows)
    assert pump.healths["PU02"].health > 70.0


def test_that_health_comes_back_with_the_repair() -> None:
    pump = learned_pump()
    rows = healthy_pump(400, seed=1)
    rows[:160, 3] += np.linspace(0.0, 40.0, 160)
    pump.feed(seconds(400, begin=100.0), rows)
    assert pump.healths["PU02"].health > 70.0


def test_that_a_sudden_other_load_on_the_first_day_is_learned_and_only_degrades() -> None:
    pump = learned_pump()
    rows = healthy_pump(240, seed=1)
    rows[:, :4] += 15.0
    pump.feed(seconds(240, begin=100.0), rows)
    states = [health.state for health in pump.told if health.made > pump.told[0].made + 100 * 10**9]
    assert HealthState.DEGRADED in states
    assert HealthState.ABNORMAL not in states
    assert state(pump) is HealthState.NORMAL


def test_that_each_mode_of_operation_has_its_own_baseline() -> None:
    pump = stream(modes=1)
    rows = np.column_stack([healthy_pump(1_200), np.zeros(1_200)])
    stands = slice(400, 800)
    rows[stands, :SIGNALS] *= 0.01
    rows[stands, SIGNALS] = 1.0
    pump.feed(seconds(410), rows[:410])
    assert state(pump) is HealthState.NORMAL
    pump.feed(seconds(390, begin=102.5), rows[410:800])
    assert state(pump) is HealthState.NORMAL
    assert pump.healths["PU02"].mode == ((MODE, 1.0),)
    told = len(pump.told)
    pump.feed(seconds(400, begin=200.0), rows[800:])
    assert pump.healths["PU02"].health > 70.0
    assert pump.healths["PU02"].mode == ((MODE, 0.0),)
    assert HealthState.LEARNING not in {health.state for health in pump.told[told:]}


def test_that_an_abnormal_machine_that_trips_is_not_learned_as_it_stands() -> None:
    pump = stream(modes=1)
    rows = np.column_stack([healthy_pump(1_700), np.zeros(1_700)])
    rows[1_200:1_300, 3] += np.linspace(0.0, 60.0, 100)
    rows[1_300:, :SIGNALS] = np.random.default_rng(1).normal(size=(400, SIGNALS))
    rows[1_300:, SIGNALS] = 1.0
    pump.feed(seconds(1_700), rows)
    assert state(pump) is HealthState.ABNORMAL


def test_that_a_machine_that_goes_on_through_further_modes_has_not_tripped_and_is_learned() -> None:
    pump = stream(modes=1)
    rows = np.column_stack([healthy_pump(1_800), np.zeros(1_800)])
    rows[1_200:1_300, 3] += np.linspace(0.0, 60.0, 100)
    for begin, mode in ((1_300, 1.0), (1_360, 2.0), (1_420, 3.0)):
        rows[begin:, :SIGNALS] = 10.0 * mode + healthy_pump(1_800 - begin, seed=int(mode))
        rows[begin:, SIGNALS] = mode
    pump.feed(seconds(1_800), rows)
    assert state(pump) is HealthState.NORMAL


def test_that_a_departure_that_ends_by_itself_is_known_the_next_time_on_the_second_day_too() -> None:
    pump = learned_pump(count=1_600)
    rows = healthy_pump(1_200, seed=1)
    course = np.concatenate([np.linspace(0.0, 1.0, 20), np.ones(20), np.linspace(1.0, 0.0, 20)])
    for begin in (100, 400, 700, 1_000):
        rows[begin : begin + 60, 3] += 15.0 * course
    lowest = []
    for begin in (0, 300, 600, 900):
        told = len(pump.told)
        pump.feed(seconds(300, begin=400.0 + 75.0 * begin / 300), rows[begin : begin + 300])
        lowest.append(min(health.health for health in pump.told[told:] if isinstance(health, Health)))
    assert lowest[0] < 50.0
    assert lowest[3] > lowest[0] + 20.0


def test_that_a_limit_that_people_have_set_counts_before_anything_is_learned() -> None:
    tags = [tag(place) for place in range(SIGNALS)]
    limit = AlarmDefinition("a", tags[2].name, ConditionKind.HIGH, 80.0, Priority.MEDIUM, LocalText("too high"))
    pump = Stream(replace(plant_of(tags), alarms=(limit,)))
    drift = np.linspace(0.0, 60.0, 240)[:, None] * (np.arange(SIGNALS) < 6)
    rows = healthy_pump(240) + drift
    pump.feed(seconds(240), rows)
    assert rows[:20, 2].mean() < 80.0 < rows[-20:, 2].mean()
    health = pump.healths["PU02"]
    assert (health.state, health.contributions[0].tag) == (HealthState.ABNORMAL, tags[2].name)
    assert health.health < 50.0


def test_that_a_machine_that_begins_to_switch_all_the_time_is_watched_on_without_that_mode() -> None:
    pump = stream(modes=1)
    count = 2_400
    rows = np.column_stack([healthy_pump(count), np.ones(count)])
    rows[1_600:, SIGNALS] = np.arange(count - 1_600) // 2 % 2
    rows[2_000:, 3] += np.linspace(0.0, 80.0, 400)
    pump.feed(seconds(2_000), rows[:2_000])
    assert state(pump) is HealthState.NORMAL
    pump.feed(seconds(400, begin=500.0), rows[2_000:])
    assert state(pump) is HealthState.ABNORMAL


def test_that_a_mode_that_was_seen_for_less_than_a_day_in_all_is_not_abnormal_on_the_second_day() -> None:
    pump = stream(modes=1)
    count = 2_000
    rows = np.column_stack([healthy_pump(count), np.zeros(count)])
    for begin, length, level in ((300, 160, 0.0), (1_700, 80, 60.0)):
        rows[begin : begin + length, SIGNALS] = 1.0
        rows[begin : begin + length, 3] += level
    told = []
    for begin in range(0, count, 40):
        pump.feed(seconds(40, begin=begin / RATE), rows[begin : begin + 40])
        told.append(state(pump))
    assert HealthState.DEGRADED in told[42:45]
    assert HealthState.ABNORMAL not in told


def test_that_a_switch_that_never_rests_is_no_mode() -> None:
    pump = stream(modes=1)
    rows = np.column_stack([healthy_pump(300), np.arange(300) // 2 % 2])
    pump.feed(seconds(300), rows)
    assert state(pump) is HealthState.NORMAL
    assert pump.healths["PU02"].mode == ()


def test_that_a_single_signal_has_a_health_too() -> None:
    alone = stream(signals=1)
    rows = 50.0 + np.random.default_rng(1).normal(size=(1_400, 1))
    alone.feed(seconds(1_200), rows[:1_200])
    assert alone.healths["PU02"].state is HealthState.NORMAL
    rows[1_200:] += np.linspace(0.0, 40.0, 200)[:, None]
    alone.feed(seconds(200, begin=300.0), rows[1_200:])
    assert alone.healths["PU02"].health < 50.0
    assert [part.tag for part in alone.healths["PU02"].contributions] == ["PU02.A0"]


def test_that_mostly_missing_values_and_silence_are_no_data() -> None:
    pump = learned_pump()
    rows = healthy_pump(12)
    rows[:, :5] = np.nan
    pump.feed(seconds(12, begin=100.0), rows)
    assert state(pump) is HealthState.NO_DATA
    pump.feed(seconds(40, begin=103.0), healthy_pump(40))
    assert state(pump) is HealthState.NORMAL
    pump.ask(140.0)
    assert state(pump) is HealthState.NO_DATA


def test_that_a_few_missing_values_do_not_matter() -> None:
    pump = learned_pump()
    rows = healthy_pump(120, seed=1)
    rows[:, 1] = np.nan
    pump.feed(seconds(120, begin=100.0), rows)
    assert pump.healths["PU02"].health > 70.0


def test_that_memory_is_bounded() -> None:
    model = HealthModel("PU02", [tag(place) for place in range(SIGNALS)], time_scale=300.0)
    columns = np.arange(SIGNALS)
    for place, values in enumerate(healthy_pump(4_000)):
        times = np.full(SIGNALS, 10**18 + place * 250_000_000)
        model.add(columns, times, values, usable=np.ones(SIGNALS, np.bool_))
    assert len(model._store) <= 768
    assert model._store.stride > 1
    assert len(model._excursion) <= 256


def test_that_health_is_a_hundred_like_its_past_fifty_at_the_limit_and_nothing_far_away() -> None:
    assert health_of(0.3, 0.3) == 100.0
    assert health_of(0.1, 0.3) == 100.0
    assert health_of(1.0, 0.3) == pytest.approx(50.0)
    assert health_of(10.0, 0.3) < 1.0
    assert np.all(np.diff([health_of(score, 0.3) for score in np.linspace(0.3, 9.0, 50)]) < 0)
