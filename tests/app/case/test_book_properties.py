"""Whatever happens: never two open cases at one equipment, nothing lost by a restart, and undoing restores exactly."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.case.book import CaseBook
from app.case.refusal import CaseRefused
from app.case.store import CaseStore, cases, effects, evidence, past_of
from app.database import PlantConnection, open_writer
from app.model.case import CaseAction, CaseCommand, CaseEffect, EffectKind, Verdict
from tests.app.case.plants import CLOGGING, DAMAGE, at, book, close, said

EQUIPMENT = st.sampled_from(["PU01", "PU02", "FA01"])
INDICATOR = st.sampled_from(["health", "forecast", "model"])
SCORE = st.sampled_from([0.2, 0.99, 1.0, 1.3, 2.0, 5.0, 40.0])
CAUSE = st.sampled_from(["", "belt", "pump.strainer"])
MOVED = st.sampled_from([CLOGGING, DAMAGE, {"NPSH": -1.0}])


class Cases(RuleBasedStateMachine):
    """A book with its file; `second` only grows, a restart reads the book anew from the file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.connection: PlantConnection = open_writer(Path(self.folder.name) / "history.sqlite")
        self.store = CaseStore(self.connection)
        self.second = 0.0
        self.cases: CaseBook = book()

    @initialize()
    def begin(self) -> None:
        self.cases = book()

    @rule(equipment=EQUIPMENT, indicator=INDICATOR, score=SCORE, moved=MOVED, wait=st.sampled_from([0.0, 30.0, 130.0]))
    def say(self, equipment: str, indicator: str, score: float, moved: dict[str, float], wait: float) -> None:
        self.cases.take([said(self.second, score, equipment=equipment, indicator=indicator, moved=moved)])
        self.second += wait
        self.store.write([self.cases.tick(at(self.second))])

    @rule(
        place=st.integers(0, 2), verdict=st.sampled_from(Verdict), cause=st.sampled_from(["", "belt", "pump.strainer"])
    )
    def judge(self, place: int, verdict: Verdict, cause: str) -> None:
        numbers = [case.number for case in self.cases.open_cases] or [1]
        try:
            write = self.cases.obey(
                close(numbers[place % len(numbers)], verdict, cause=cause), by="Li", now=at(self.second)
            )
        except CaseRefused:
            return
        self.store.write([write])

    @rule(place=st.integers(0, 5))
    def undo(self, place: int) -> None:
        standing = [effect.number for effect in self.cases.effects if effect.stands]
        if standing:
            command = CaseCommand(CaseAction.UNDO, standing[place % len(standing)], reason="no")
            self.store.write([self.cases.obey(command, by="Li", now=at(self.second))])

    @rule()
    def restart(self) -> None:
        before = (self.cases.open_cases, self.cases.effects)
        self.cases = book(past_of(self.connection))
        assert (self.cases.open_cases, self.cases.effects) == before

    @invariant()
    def each_equipment_has_one_open_case_at_most(self) -> None:
        stored = cases(self.connection, is_open=True)
        assert sorted(stored, key=lambda case: case.number) == self.cases.open_cases
        assert max(Counter(case.equipment for case in stored).values(), default=0) <= 1

    @invariant()
    def evidence_is_whole(self) -> None:
        for case in cases(self.connection):
            lines = evidence(self.connection, case.number)
            assert [line.number for line in lines] == list(range(1, case.evidence + 1))
            assert case.peak == max(line.score for line in lines)

    @invariant()
    def what_is_in_force_is_what_would_be_had_the_undone_never_been(self) -> None:
        stored = effects(self.connection)
        for equipment in ("PU01", "PU02", "FA01"):
            for indicator in ("health", "forecast", "model"):
                assert self.cases.threshold(equipment, indicator) == slow_threshold(stored, equipment, indicator)

    def teardown(self) -> None:
        for effect in self.cases.effects:
            if effect.stands:
                command = CaseCommand(CaseAction.UNDO, effect.number, reason="all back")
                self.store.write([self.cases.obey(command, by="Li", now=at(self.second))])
        assert all(self.cases.threshold(each, "health") == 1.0 for each in ("PU01", "PU02", "FA01"))
        self.connection.close()
        self.folder.cleanup()


def slow_threshold(stored: list[CaseEffect], equipment: str, indicator: str) -> float:
    factor = 1.0
    for effect in stored:
        is_ours = (effect.kind, effect.equipment, effect.indicator) == (EffectKind.THRESHOLD, equipment, indicator)
        if is_ours and effect.undone == 0 and effect.new > factor:
            factor = effect.new
    return factor


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
