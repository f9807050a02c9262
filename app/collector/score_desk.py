"""The scoreboard in the collector: what is foretold goes on record, what happens scores it, windows hear the sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from app import database
from app.audit.journal import AuditJournal
from app.case.intake import HEALTH
from app.case.store import cases
from app.collector.recorder import Recorder
from app.database import PlantConnection
from app.model import clock
from app.model.alarm import AlarmRecord
from app.model.case import CaseRecord
from app.model.forecast import Forecast, Health
from app.model.plant import Plant
from app.model.score import Claim
from app.model.work_order import MaintenanceEvent, WorkOrder
from app.prediction.finding_record import FindingRecord
from app.prediction.health import VERSION as HEALTH_VERSION
from app.prediction.learned_scores import LearnedScores
from app.prediction.scoreboard import Scoreboard
from app.prediction.store import ClaimStore, Finding, past_of
from app.prediction.trend import VERSION as TREND_VERSION
from app.pubsub.frame import CasesChanged, ScoresChanged
from app.training.live_models import RoundFinding


class ScoreDesk:
    """Called from the collector's event loop only."""

    def __init__(
        self, history: Path, plant: Plant, *, recorder: Recorder, tell: Callable[[ScoresChanged], None]
    ) -> None:
        """Go on from what the file holds; raise DatabaseError."""
        with closing(database.open_reader(history)) as connection:
            self._board = Scoreboard(plant, past_of(connection))
            opened = cases(connection, is_open=True, limit=-1)
        self._learned = LearnedScores(self._board.book, time_scale=plant.time_scale)
        self._record = FindingRecord()
        self._recorder = recorder
        self._tell = tell
        self._alerted = {case.number for case in opened if HEALTH in case.indicators}

    def scores(self) -> ScoresChanged:
        """Return how well everything has held so far."""
        return ScoresChanged(tuple(self._board.scores()))

    def follow(self, findings: Sequence[Forecast | Health]) -> None:
        """Take what is foretold now, keep what of it is news, and score what is over."""
        claims: list[Claim] = []
        for finding in findings:
            if isinstance(finding, Forecast):
                claims += self._board.take_forecast(finding, TREND_VERSION)
        self._note(findings)
        self._keep([*claims, *self._board.tick(clock.now_ns())])

    def hear_alarms(self, changes: Sequence[AlarmRecord]) -> None:
        """Score what was foretold by alarms that were raised."""
        self._keep([claim for record in changes for claim in self._board.take_alarm(record)])

    def hear_cases(self, event: CasesChanged) -> None:
        """Take note of what health has opened, and score by verdicts."""
        claims: list[Claim] = []
        for case in event.cases:
            if case.verdict is not None:
                claims += self._board.judge(case.number, case.equipment, case.verdict, case.closed)
                claims += self._learned.judge(case)
            elif HEALTH in case.indicators and case.number not in self._alerted:
                self._alerted.add(case.number)
                claims += self._board.alert(case.number, case.equipment, case.changed, HEALTH_VERSION)
        self._keep(claims)

    def hear_models(self, finding: RoundFinding, open_cases: Mapping[int, CaseRecord]) -> None:
        """Take what the learned models say of open cases (by number), and of remaining lives."""
        now = clock.now_ns()
        self._note(finding.lives)
        claims = [
            claim
            for number, version in finding.versions.items()
            if number in open_cases
            for claim in self._learned.take_causes(open_cases[number], finding.causes.get(number, ()), version, now)
        ]
        self._keep([*claims, *self._learned.take_lives(finding.lives)])

    def hear_work(self, orders: Sequence[WorkOrder]) -> None:
        """Score remaining lives by work that renewed equipment."""
        self._keep(self._learned.take_work(orders))

    def renew(self, event: MaintenanceEvent) -> None:
        """Void what was said of equipment that has been renewed."""
        self._keep(self._board.renew(event.equipment, event.time))

    def _note(self, findings: Sequence[Finding]) -> None:
        """Keep what is news."""
        if kept := self._record.take(findings):
            self._recorder.keep(partial(_write_findings, findings=tuple(kept)))

    def _keep(self, claims: Sequence[Claim]) -> None:
        if claims:
            self._recorder.keep(partial(_write, claims=tuple(claims)))
            self._tell(ScoresChanged(tuple(self._board.scores(claims))))


def _write_findings(connection: PlantConnection, _: AuditJournal, findings: Sequence[Finding]) -> None:
    ClaimStore(connection, is_migrated=True).write_findings(findings)


def _write(connection: PlantConnection, _: AuditJournal, claims: Sequence[Claim]) -> None:
    ClaimStore(connection, is_migrated=True).write(claims)
