"""What a collector has learned of the plant, and what it says of it, outlives it: with a real SQLite file."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from app.collector.prediction_memory import EVERY_NS, PredictionMemory
from app.collector.recorder import Recorder
from app.collector.recovery import warmed_foresight
from app.collector.service import Collector
from app.database import open_reader, open_writer
from app.maintenance.desk import WorkChange
from app.maintenance.store import WorkStore
from app.model.actor import Actor
from app.model.forecast import Forecast, Health, HealthState
from app.model.plant import Plant
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.prediction.foresight import Foresight
from app.prediction.store import states_of
from tests.app.collector.bench import small_plant, until
from tests.app.maintenance.plants import FROM_SERVICE, completed, desk
from tests.app.prediction.plants import Array, at, forecast_of, healthy_pump, plant_of, row, tag

SIGNALS = 4
FORECAST = forecast_of(200.0, name="AC01.A0", window_h=8.0)
PLANT = plant_of([tag(place, equipment="AC01") for place in range(SIGNALS)], [FORECAST], time_scale=1_800.0)
LEARNED_S, END_S = 100, 160
"""The fault has been there for longer than what is read of the history at a start (8 h at 1,800 times: 16 s)."""


def rows_of(begin: int, end: int) -> Array:
    rows = healthy_pump(4 * END_S, signals=SIGNALS)
    rows[4 * LEARNED_S :, 2] += 12.0
    return rows[4 * begin : 4 * end]


class Station:
    """What of a collector predicts and records; it ends as a power cut does, unless it was `saved` in good order."""

    def __init__(self, path: Path, plant: Plant, now: float) -> None:
        self._recorder = Recorder(path, plant.tags, on_stored=lambda _: None, interval_s=0.01)
        self._recorder.start()
        self.memory = PredictionMemory(self._recorder)
        with closing_on_error(self._recorder):
            self.foresight: Foresight = warmed_foresight(path, plant, at(now))
            self.memory.follow(self.foresight, at(now))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.stop()

    def feed(self, begin: int, end: int) -> None:
        for place, values in enumerate(rows_of(begin, end)):
            block = row(begin + place / 4, values)
            self.foresight.update(block)
            self._recorder.add(block)


@contextmanager
def closing_on_error(recorder: Recorder) -> Iterator[None]:
    try:
        yield
    except BaseException:
        recorder.stop()
        raise


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose station learned for a while, saw a fault begin, and was stopped while it was there."""
    path = tmp_path_factory.mktemp("plant") / "history.sqlite"
    with Station(path, PLANT, 0.0) as station:
        station.feed(0, END_S - 20)
        station.memory.save_all(at(END_S - 20))
    return path


def said(foresight: Foresight, now: float) -> list[Health | Forecast]:
    return foresight.results(at(now))


def health_of(foresight: Foresight, now: float) -> Health:
    (health,) = [each for each in said(foresight, now) if isinstance(each, Health)]
    return health


def copied(path: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "history.sqlite"
    copy.write_bytes(path.read_bytes())
    return copy


def test_that_the_present_verdict_is_told_again_at_once_after_a_restart(stopped: Path) -> None:
    before = Foresight(PLANT)
    for place, values in enumerate(rows_of(0, END_S - 20)):
        before.update(row(place / 4, values))
    now = END_S - 20
    found = health_of(warmed_foresight(stopped, PLANT, at(now)), now)
    assert found.state is HealthState.ABNORMAL
    assert repr(found) == repr(health_of(before, now))


def test_that_the_history_alone_would_take_the_fault_for_healthy(stopped: Path, tmp_path: Path) -> None:
    path = copied(stopped, tmp_path)
    with closing(open_writer(path)) as connection:
        connection.execute("DELETE FROM prediction_state")
    found = health_of(warmed_foresight(path, PLANT, at(END_S - 20)), END_S - 20)
    assert found.state is not HealthState.ABNORMAL


def test_that_a_station_that_was_killed_goes_on_from_what_it_had_saved_and_what_was_recorded_since(
    tmp_path: Path,
) -> None:
    path, uninterrupted = tmp_path / "history.sqlite", Foresight(PLANT)
    with Station(path, PLANT, 0.0) as station:
        for begin, end in ((0, 60), (60, 90)):
            station.feed(begin, end)
            for _ in station.foresight.subjects:
                station.memory.tick(at(begin) + EVERY_NS)
    for place, values in enumerate(rows_of(0, 90)):
        uninterrupted.update(row(place / 4, values))
    with closing(open_reader(path)) as connection:
        assert {state.newest for state in states_of(connection).values()} == {at(59.75)}
    resumed = warmed_foresight(path, PLANT, at(90))
    for subject in uninterrupted.subjects:
        assert resumed.state_of(subject) == uninterrupted.state_of(subject)


def test_that_a_changed_definition_learns_from_the_history_and_the_others_go_on(stopped: Path) -> None:
    changed = replace(PLANT, forecasts=(replace(FORECAST, limit=300.0),))
    now = END_S - 20
    told = said(warmed_foresight(stopped, changed, at(now)), now)
    (forecast,) = [each for each in told if isinstance(each, Forecast)]
    (health,) = [each for each in told if isinstance(each, Health)]
    assert forecast.seen_s < LEARNED_S
    assert health.state is HealthState.ABNORMAL


def test_that_equipment_that_was_renewed_meanwhile_is_learned_anew(stopped: Path, tmp_path: Path) -> None:
    path = copied(stopped, tmp_path)
    order = replace(completed(desk(), FROM_SERVICE), completed=at(END_S - 10))
    with closing(open_writer(path)) as connection:
        WorkStore(connection).record([WorkChange(order, Actor("window", "Li", Role.OPERATOR), "")])
    assert health_of(warmed_foresight(path, PLANT, at(END_S)), END_S).state is HealthState.LEARNING


def test_that_each_subject_is_saved_once_an_hour_and_one_at_a_time() -> None:
    kept: list[object] = []

    class Ledger:
        def keep(self, deed: object) -> None:
            kept.append(deed)

    foresight = Foresight(PLANT)
    memory = PredictionMemory(Ledger())  # type: ignore[arg-type]
    memory.tick(at(0.0))
    memory.save_all(at(0.0))
    assert not kept
    memory.follow(foresight, at(0.0))
    memory.tick(at(0.0) + EVERY_NS // 2)
    memory.tick(at(1.0) + EVERY_NS // 2)
    assert len(kept) == 1
    for second in range(4):
        memory.tick(at(second) + EVERY_NS)
    assert len(kept) == len(foresight.subjects) == 3


async def test_that_a_collector_that_is_stopped_leaves_what_its_predictions_know(tmp_path: Path) -> None:
    folder, plant = PlantFolder(tmp_path), small_plant(1)
    folder.run.mkdir()

    def subjects() -> set[str]:
        with closing(open_reader(folder.history)) as connection:
            return set(states_of(connection))

    collector = Collector(folder, plant)
    running = asyncio.create_task(collector.run())
    await until(lambda: bool(collector._memory._due))
    assert subjects() == set()
    collector.stop()
    await running
    assert subjects() == {"health P", "signals P"}
