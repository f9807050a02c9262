"""When the upkeep removes what is too old: once an hour, and only by a clock that the samples bear out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_writer
from app.history.layout import HOUR_NS
from app.history.retention import RetentionRules
from app.history.seal import Step
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.retention import Retention
from tests.app.history.plant import tag

T0 = 472_222 * HOUR_NS
DAY_NS = 24 * HOUR_NS
RULES = RetentionRules(Retention(1.0, 0.0, 0.0))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        yield connection


def record(connection: PlantConnection, hours: range) -> None:
    HistoryWriter(connection, [tag(0)]).write(block_of(0, T0 + np.array(hours) * HOUR_NS, 1.0))


def stored(connection: PlantConnection) -> int:
    return int(connection.execute("SELECT count(*) FROM chunk").fetchone()[0])


def upkeep(connection: PlantConnection, rules: RetentionRules | None = RULES) -> HistoryUpkeep:
    return HistoryUpkeep(connection.path, lambda step: step(connection), rules)


def test_that_a_turn_removes_what_is_too_old(connection: PlantConnection) -> None:
    record(connection, range(100))
    upkeep(connection).turn(T0 + 100 * HOUR_NS)
    assert stored(connection) == 23  # the hour that has just ended is not compacted yet


def test_that_without_rules_nothing_is_removed(connection: PlantConnection) -> None:
    record(connection, range(100))
    upkeep(connection, None).turn(T0 + 101 * HOUR_NS)
    assert stored(connection) == 100


def test_that_limits_are_kept_once_an_hour(connection: PlantConnection) -> None:
    record(connection, range(100))
    calls: list[int] = []

    class Watched(HistoryUpkeep):
        def keep_limits(self, now: int) -> bool:
            calls.append(now)
            return super().keep_limits(now)

    kept = Watched(connection.path, lambda step: step(connection), RULES)
    for minute in range(0, 180, 5):
        kept.turn(T0 + 100 * HOUR_NS + minute * HOUR_NS // 60)
    assert calls == [T0 + hour * HOUR_NS for hour in (100, 101, 102)]


@pytest.mark.parametrize("now", [T0 + 31 * DAY_NS + 100 * HOUR_NS, T0 + 20_000 * DAY_NS])
def test_that_a_clock_that_runs_ahead_of_the_samples_costs_nothing(connection: PlantConnection, now: int) -> None:
    record(connection, range(100))
    upkeep(connection).turn(now)
    assert stored(connection) == 100


def test_that_a_clock_is_believed_once_a_day_of_samples_bears_it_out(connection: PlantConnection) -> None:
    record(connection, range(100))
    later = 500 * 24
    record(connection, range(later, later + 23))
    upkeep(connection).turn(T0 + (later + 24) * HOUR_NS)
    assert stored(connection) == 123
    record(connection, range(later + 23, later + 24))
    upkeep(connection).turn(T0 + (later + 25) * HOUR_NS)
    assert stored(connection) == 23


def test_that_a_clock_set_back_stops_nothing_for_long(connection: PlantConnection) -> None:
    record(connection, range(200))
    upkeep(connection).turn(T0 + 200 * HOUR_NS)
    upkeep(connection).turn(T0 + 150 * HOUR_NS)
    assert stored(connection) == 23
    record(connection, range(200, 210))
    upkeep(connection).turn(T0 + 211 * HOUR_NS)
    assert stored(connection) == 23


def test_that_what_is_imported_of_long_ago_goes_with_the_next_turn(connection: PlantConnection) -> None:
    record(connection, range(100))
    upkeep(connection).turn(T0 + 101 * HOUR_NS)
    record(connection, range(-500, -400))
    HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
    assert stored(connection) == 23 + 100
    upkeep(connection).turn(T0 + 102 * HOUR_NS)
    assert stored(connection) == 22


def test_that_a_step_that_fails_leaves_the_rest_for_the_next_hour(connection: PlantConnection) -> None:
    record(connection, range(100))
    done = 0

    def execute(step: Step) -> None:
        nonlocal done
        done += 1
        if stored(connection) == 60:
            raise OSError("the disk is full")
        step(connection)

    with pytest.raises(OSError, match="full"):
        HistoryUpkeep(connection.path, execute, RULES).turn(T0 + 101 * HOUR_NS)
    assert stored(connection) == 60
    upkeep(connection).turn(T0 + 102 * HOUR_NS)
    assert stored(connection) == 22
