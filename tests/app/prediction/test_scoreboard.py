"""What was foretold, scored by what happened."""

from __future__ import annotations

import json
import math
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.database import open_reader, open_writer
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.case import Verdict
from app.model.forecast import Forecast, ForecastState
from app.model.plant import Plant
from app.model.score import Claim, ClaimKind, Ground, Outcome, Score, total
from app.model.tag import TagKind
from app.model.text import LocalText
from app.prediction.claim_book import ScorePast
from app.prediction.scoreboard import Scoreboard
from app.prediction.store import ClaimStore, claims, past_of
from tests.app.prediction.plants import at, forecast_of, plant_of, tag

LIMIT = 50.0
NAME = "PU02.A0.high"
TRIP = "PU02.D1"


def plant() -> Plant:
    tags = [tag(0), tag(1, kind=TagKind.DISCRETE)]
    return plant_of(tags, [forecast_of(LIMIT, horizon_h=10.0)], time_scale=1.0)


def said(
    second: float,
    state: ForecastState = ForecastState.FORECAST,
    *,
    band: tuple[float, float, float] = (100.0, 200.0, 300.0),
    level: float = 20.0,
) -> Forecast:
    """Return a forecast made at `second`; `band`: seconds from the beginning, 0 for none."""
    p10, p50, p90 = (at(edge) if edge and state is ForecastState.FORECAST else 0 for edge in band)
    return Forecast(NAME, "PU02", "PU02.A0", state, at(second), level=level, p10=p10, p50=p50, p90=p90, coverage=0.8)


def alarm(
    second: float,
    name: str = "PU02.A0",
    *,
    limit: float = LIMIT,
    condition: ConditionKind = ConditionKind.HIGH,
    priority: Priority = Priority.MEDIUM,
    event: AlarmEvent = AlarmEvent.RAISE,
) -> AlarmRecord:
    return AlarmRecord(
        f"{name}.H", name, "PU02", AlarmState.UNACKNOWLEDGED, priority, condition, LocalText("high"), at(second), 51.0,
        limit, event=event,
    )  # fmt: skip


def outcomes(found: list[Claim]) -> list[Outcome]:
    return [claim.outcome for claim in found]


def test_that_a_forecast_is_put_on_record_when_it_is_made_with_its_version_and_what_was_promised() -> None:
    (claim,) = Scoreboard(plant()).take_forecast(said(0), "trend 1")
    assert (claim.number, claim.kind, claim.subject, claim.made, claim.version) == (
        1, ClaimKind.FORECAST, NAME, at(0), "trend 1",
    )  # fmt: skip
    assert (claim.p10, claim.p50, claim.p90, claim.promised, claim.outcome) == (
        at(100), at(200), at(300), 0.8, Outcome.WAITING,
    )  # fmt: skip


def test_that_what_says_the_same_is_not_put_on_record_again_and_what_says_something_else_is() -> None:
    board = Scoreboard(plant())
    assert board.take_forecast(said(0), "")
    assert not board.take_forecast(said(20, band=(105, 205, 310)), "")
    assert board.take_forecast(said(30, band=(310, 320, 330)), ""), "the middle has left the band"
    assert board.take_forecast(said(40, band=(150, 320, 330)), ""), "an edge has moved far"
    assert board.take_forecast(said(120, band=(150, 320, 330)), ""), "a fifth of the time has gone"
    assert board.take_forecast(said(121, band=(150, 320, 0)), ""), "the late edge is beyond the horizon"


@pytest.mark.parametrize(
    ("second", "outcome"),
    [(99, Outcome.EARLY), (100, Outcome.HIT), (300, Outcome.HIT), (301, Outcome.LATE)],
    ids=["before", "first", "last", "after"],
)
def test_that_the_limit_alarm_scores_a_claim_by_its_place_in_the_band(second: float, outcome: Outcome) -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    (claim,) = board.take_alarm(alarm(second))
    assert (claim.outcome, claim.happened, claim.ground) == (outcome, at(second), Ground.LIMIT)
    assert board.take_alarm(alarm(second + 1)) == []


def test_that_a_band_without_a_late_edge_holds_whatever_comes_within_the_horizon() -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0, band=(100, 200, 0)), "")
    assert outcomes(board.take_alarm(alarm(30_000))) == [Outcome.HIT]


def test_that_a_limit_seen_by_the_forecast_itself_counts_once_and_new_claims_wait_until_it_is_over() -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    assert outcomes(board.take_forecast(said(150, ForecastState.AT_LIMIT), "")) == [Outcome.HIT]
    assert board.take_forecast(said(151, band=(152, 153, 154)), "") == []
    assert board.take_forecast(said(152, ForecastState.AT_LIMIT), "") == []
    assert board.take_alarm(alarm(153)) == []
    board.take_forecast(said(200, ForecastState.NO_TREND), "")
    assert outcomes(board.take_forecast(said(201, band=(300, 400, 500)), "")) == [Outcome.WAITING]


@pytest.mark.parametrize(
    "other",
    [
        alarm(150, limit=LIMIT - 1),
        alarm(150, condition=ConditionKind.LOW),
        alarm(150, event=AlarmEvent.ACKNOWLEDGE),
        alarm(150, "PU02.A9"),
        alarm(150, TRIP, priority=Priority.HIGH),
    ],
    ids=["earlier limit", "other side", "no raise", "other tag", "trip far from the limit"],
)
def test_that_other_alarms_say_nothing_of_a_forecast(other: AlarmRecord) -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    assert board.take_alarm(other) == []


def test_that_a_trip_close_to_the_limit_is_what_was_foretold() -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    board.take_forecast(said(140, band=(101, 201, 301), level=48.0), "")
    (claim, *_) = board.take_alarm(alarm(150, TRIP, priority=Priority.HIGH))
    assert (claim.outcome, claim.ground) == (Outcome.HIT, Ground.TRIP)


def test_that_what_never_came_is_false_half_a_band_later_but_not_while_it_still_rises() -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    assert board.tick(at(449)) == []
    assert board.tick(at(460)) == [], "it still rises"
    board.take_forecast(said(461, ForecastState.NO_TREND), "")
    assert outcomes(board.tick(at(462))) == [Outcome.FALSE]
    assert board.tick(at(463)) == []


def test_that_what_cannot_be_known_is_void() -> None:
    blind, repaired, renewed = Scoreboard(plant()), Scoreboard(plant()), Scoreboard(plant())
    for board in (blind, repaired, renewed):
        board.take_forecast(said(0), "")
    blind.take_forecast(said(10, ForecastState.BAD_DATA), "")
    assert [(claim.outcome, claim.ground) for claim in blind.tick(at(460))] == [(Outcome.VOID, Ground.NO_DATA)]
    (void,) = repaired.take_forecast(said(10, ForecastState.NOT_ENOUGH_HISTORY), "")
    assert (void.outcome, void.ground) == (Outcome.VOID, Ground.REPAIR)
    assert outcomes(renewed.renew("PU02", at(10))) == [Outcome.VOID]
    assert renewed.renew("PU02", at(11)) == []


def test_that_what_came_unannounced_is_missed_once() -> None:
    board = Scoreboard(plant())
    assert board.take_alarm(alarm(5)) == [], "nothing was known yet"
    board.take_forecast(said(10, ForecastState.NO_TREND), "")
    (missed,) = board.take_alarm(alarm(20))
    assert (missed.outcome, missed.made, missed.happened) == (Outcome.MISSED, at(20), at(20))
    board.take_forecast(said(30, ForecastState.NO_TREND), "")
    assert board.take_alarm(alarm(40)) == []


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [(Verdict.CONFIRMED, Outcome.HIT), (Verdict.FALSE, Outcome.FALSE), (Verdict.EXPECTED, Outcome.VOID)],
    ids=list(Verdict),
)
def test_that_a_health_alert_is_scored_by_the_verdict_on_its_case(verdict: Verdict, outcome: Outcome) -> None:
    board = Scoreboard(plant())
    board.alert(7, "PU02", at(0), "health 1")
    assert board.judge(8, "PU02", verdict, at(10)) == []
    (claim,) = board.judge(7, "PU02", verdict, at(10))
    assert (claim.outcome, claim.ground) == (outcome, Ground.VERDICT)


def test_that_a_health_alert_is_scored_by_an_urgent_alarm_of_its_equipment_and_void_without_any() -> None:
    board = Scoreboard(plant())
    board.alert(7, "PU02", at(0), "health 1")
    board.alert(8, "PU03", at(0), "health 1")
    assert board.take_alarm(alarm(50)) == []
    assert outcomes(board.take_alarm(alarm(60, TRIP, priority=Priority.CRITICAL))) == [Outcome.HIT]
    assert outcomes(board.tick(at(8 * 86_400))) == [Outcome.VOID]


def test_that_scores_count_and_add_up() -> None:
    board = Scoreboard(plant())
    board.take_forecast(said(0), "")
    board.take_forecast(said(10, band=(400, 500, 600)), "")
    board.take_alarm(alarm(250))
    board.alert(7, "PU02", at(0), "health 1")
    forecast, health = board.scores()
    assert forecast == Score("PU02", ClaimKind.FORECAST, NAME, hit=1, early=1)
    assert (forecast.coverage, forecast.precision, forecast.tests) == (0.5, 1.0, 2)
    assert health == Score("PU02", ClaimKind.HEALTH, waiting=1)
    assert math.isnan(health.coverage)
    assert total([forecast, health, replace(forecast, false=2)], ClaimKind.FORECAST) == Score(
        "", ClaimKind.FORECAST, hit=2, early=2, false=2
    )


def test_that_a_restart_changes_nothing_and_what_was_said_cannot_be_altered(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    board = Scoreboard(plant())
    steps = [board.take_forecast(said(0), "trend 1"), board.alert(7, "PU02", at(5), "health 1")]
    steps += [
        board.take_forecast(said(10, band=(400, 500, 600)), "trend 1"),
        board.judge(7, "PU02", Verdict.FALSE, at(20)),
    ]
    with closing(open_writer(path)) as connection:
        store = ClaimStore(connection)
        for step in [*steps, *steps[-1:]]:
            store.write(step)
        with pytest.raises(Exception, match="what was said is never altered"):
            store.write([replace(steps[0][0], p90=at(9_999))])
        with pytest.raises(Exception, match="a claim is never deleted"):
            connection.execute("DELETE FROM forecast_claim")
    with closing(open_reader(path)) as connection:
        resumed = Scoreboard(plant(), past_of(connection))
        assert [claim.number for claim in claims(connection)] == [3, 2, 1]
        assert [claim.number for claim in claims(connection, before=2)] == [1]
    assert resumed.scores() == board.scores()
    assert resumed.take_alarm(alarm(250)) == board.take_alarm(alarm(250))
    assert resumed.take_forecast(said(400, ForecastState.NO_TREND), "") == []
    assert resumed.take_forecast(said(410, band=(500, 600, 700)), "")[0].number == 4


def test_that_a_claim_of_a_former_version_is_scored_and_stays_as_it_was_written(tmp_path: Path) -> None:
    board = Scoreboard(plant())
    (claim,) = board.take_forecast(said(0), "trend 1")
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        store = ClaimStore(connection)
        facts = msgspec.to_builtins(claim).items()
        text = json.dumps({key: value for key, value in facts if key not in {"cause", "ran_h", "left_h"}})
        row = (1, claim.equipment, "forecast", claim.subject, claim.made, "waiting", 0, 0, "", text)
        connection.execute("INSERT INTO forecast_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        store.write(board.take_alarm(alarm(250)))
        assert [each.outcome for each in claims(connection)] == [Outcome.HIT]
        assert connection.execute("SELECT said FROM forecast_claim").fetchone() == (text,)


def test_that_a_file_without_claims_has_none(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    open_writer(path).close()
    with closing(open_reader(path)) as connection:
        assert past_of(connection) == ScorePast()
        assert claims(connection) == []
