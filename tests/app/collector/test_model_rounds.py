import logging

import pytest

from app.collector import model_rounds
from app.collector.model_rounds import ModelRounds
from app.database import DatabaseError
from app.model.case import Indication
from app.training.live_models import RoundFinding


class Cases:
    """Stands for the desk of cases."""

    def __init__(self) -> None:
        self.heard: list[RoundFinding] = []

    def open_cases(self) -> list[object]:
        return []

    def learn(self, finding: RoundFinding) -> None:
        self.heard.append(finding)


class Scores:
    """Stands for the scoreboard."""

    def hear_models(self, finding: RoundFinding, open_cases: object) -> None:
        pass


class Models:
    """Stands for the models: each round says, or raises, the next."""

    def __init__(self, *rounds: RoundFinding | Exception) -> None:
        self._rounds = list(rounds)

    def round(self, cases: object, now: int) -> RoundFinding:
        said = self._rounds.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def rounds_of(*said: RoundFinding | Exception) -> tuple[ModelRounds, Cases]:
    rounds, cases = ModelRounds.__new__(ModelRounds), Cases()
    rounds._models, rounds._cases, rounds._told = Models(*said), cases, ()  # type: ignore[assignment]
    rounds._scores, rounds._tell = Scores(), lambda _: None  # type: ignore[assignment]
    return rounds, cases


SAID = RoundFinding((Indication("PU01", "equipment model", 1, 2.0),))


async def test_that_what_models_say_reaches_the_cases_also_after_a_file_that_was_locked() -> None:
    rounds, cases = rounds_of(DatabaseError("locked"), SAID)
    await rounds.make_round()
    await rounds.make_round()
    assert cases.heard == [SAID]


async def test_that_a_problem_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    rounds, _ = rounds_of(*[RoundFinding(problems=("PU01: no VIB",))] * 3)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await rounds.make_round()
    assert [record.getMessage() for record in caplog.records] == ["models.unusable PU01: no VIB"]


async def test_that_a_model_that_fails_ends_its_rounds_and_not_the_collector(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_rounds, "ROUND_S", 0.0)
    rounds, cases = rounds_of(SAID, FloatingPointError("of a strange file"))
    await rounds.run()
    assert cases.heard == [SAID]
    assert "models.rounds_ended" in caplog.text
