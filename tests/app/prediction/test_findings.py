"""What forecasts and health values told is kept as far as it was news, and found again at any instant."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.database import open_reader, open_writer
from app.model.clock import NS_PER_S
from app.model.forecast import Contribution, Evidence, Forecast, ForecastState, Health, HealthState
from app.prediction.finding_record import FindingRecord
from app.prediction.instant import FindingsAt
from app.prediction.store import ClaimStore

START = 1_700_000_000 * NS_PER_S


def at(second: float) -> int:
    return START + round(second * NS_PER_S)


def health(second: float, value: float, *, state: HealthState = HealthState.NORMAL, tag: str = "PU01.V_DE") -> Health:
    return Health("PU01", state, at(second), value, contributions=(Contribution(tag, 0.7, 1.2),))


def forecast(second: float, p50: float) -> Forecast:
    made = Forecast("PU01.bearing", "PU01", "PU01.V_DE", ForecastState.NO_TREND, at(second), level=4.2)
    if not p50:
        return made
    return replace(made, state=ForecastState.FORECAST, p10=at(0.8 * p50), p50=at(p50), p90=at(1.2 * p50))


def test_that_of_findings_those_are_kept_that_tell_something_new() -> None:
    record = FindingRecord()
    first = health(0, 99.4)
    assert record.take([first]) == [first]
    assert record.take([health(10, 99.0), health(20, 98.6)]) == []
    others = [
        health(30, 98.3),
        health(40, 98.3, state=HealthState.DEGRADED),
        health(50, 98.3, state=HealthState.DEGRADED, tag="PU01.ENV"),
        health(60, math.nan, state=HealthState.DEGRADED, tag="PU01.ENV"),
    ]
    assert record.take(others) == others
    told = forecast(0, 10_000)
    assert record.take([told, forecast(10, 10_100)]) == [told]
    moved, gone = forecast(20, 11_000), forecast(30, 0)
    assert record.take([moved, gone, replace(gone, made=at(40))]) == [moved, gone]
    surer = replace(gone, evidence=Evidence.HIGH, made=at(50))
    assert record.take([surer]) == [surer]


def test_that_every_instant_finds_what_was_told_last_until_then(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    first, second = health(0, 99.0), health(100, 60.0, state=HealthState.DEGRADED)
    told: list[Forecast | Health] = [first, second, forecast(50, 9_000), forecast(150, 0)]
    with closing(open_writer(path)) as connection:
        store = ClaimStore(connection)
        store.write_findings(told)
        store.write_findings(told[:1])  # twice is harmless
    with closing(open_reader(path)) as connection:
        then = FindingsAt(connection, equipment=["PU01", "PU02"], forecasts=["PU01.bearing"])
        assert then.go_to(at(-1)) == []
        (found,) = then.go_to(at(0))
        assert isinstance(found, Health)
        assert (found.health, found.contributions) == (99.0, first.contributions)
        assert math.isnan(found.score)
        assert then.go_to(at(49)) == []
        assert [each.made for each in then.go_to(at(120))] == [at(100), at(50)]
        (crossed,) = then.go_to(at(200))
        assert isinstance(crossed, Forecast)
        assert (crossed.state, crossed.level, crossed.p50) == (ForecastState.NO_TREND, 4.2, 0)
        back = then.go_to(at(60))
        assert [each.made for each in back] == [at(0), at(50)], "all is told again after a step back"


def test_that_what_was_told_is_never_altered(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        ClaimStore(connection).write_findings([health(0, 99.0)])
        with pytest.raises(sqlite3.IntegrityError, match="never altered"):
            connection.execute("UPDATE finding SET made = 0")


def test_that_a_file_of_before_has_no_findings(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        assert FindingsAt(connection, equipment=["PU01"], forecasts=[]).go_to(at(0)) == []
