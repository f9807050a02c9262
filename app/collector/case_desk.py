"""Cases in the collector: indicators and verdicts go in; file, audit trail and windows hear what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app import database
from app.case.book import CaseBook
from app.case.intake import of_forecast, of_health, of_signals
from app.case.pattern import role_of
from app.case.refusal import CaseRefused
from app.case.signature import Signature
from app.case.signature_file import SignatureFileError, read_signatures
from app.case.store import past_of
from app.collector.case_log import STATION, line_of, trail_of, write_case
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.stored import NotStored, stored
from app.collector.work_log import work_name
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import ConditionKind
from app.model.audit import AuditAction
from app.model.case import CaseCommand, CaseRecord, CaseRefusal, CaseRefusalCode, CaseWrite, Indication
from app.model.forecast import Forecast, Health, UnusualSignals
from app.model.plant import Plant
from app.model.role import Role
from app.model.work_order import WorkOrder, WorkSource, WorkStep
from app.plant.folder import PlantFolder
from app.prediction.health import VERSION as HEALTH_VERSION
from app.prediction.signal_watch import VERSION as SIGNALS_VERSION
from app.prediction.trend import VERSION as TREND_VERSION
from app.pubsub.channel import Reply
from app.pubsub.frame import ActOnCase, CasesChanged, CommandDone
from app.training.live_models import RoundFinding

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Deed:
    """A command with who gives it; `request`: its number at its window."""

    request: int
    command: CaseCommand
    who: Actor


class CaseDesk:
    """All cases of a running collector; called from its event loop only.

    `tell` hears what changed, before it is on disk; a command is answered once it is, and within seconds where it
    cannot be: nothing is begun while nothing can be stored, and what was begun is written once anything can be.
    """

    def __init__(
        self,
        folder: PlantFolder,
        plant: Plant,
        *,
        people: SignInDesk,
        recorder: Recorder,
        tell: Callable[[CasesChanged], None],
    ) -> None:
        """Go on from what the file holds; raise DatabaseError."""
        self._plant = plant
        self._people = people
        self._recorder = recorder
        self._tell = tell
        self._definitions = {definition.id: definition for definition in plant.forecasts}
        self._book = restored_book(folder.history, plant, known_signatures(folder, plant))
        self._answers: set[asyncio.Task[None]] = set()

    def open_cases(self) -> list[CaseRecord]:
        """Return the open cases, oldest first."""
        return self._book.open_cases

    def follow(self, findings: Iterable[Forecast | Health], signals: Iterable[UnusualSignals] = ()) -> None:
        """Take forecasts, health values and what of single signals is new, and let cases go on."""
        unusual = [of_signals(each, SIGNALS_VERSION) for each in signals]
        self.take([*(self._said(finding) for finding in findings), *unusual])

    def take(self, indications: Sequence[Indication]) -> None:
        """Take what any indicators say now, and let cases go on."""
        self._book.take(indications)
        self._keep(self._book.tick(clock.now_ns()), STATION)

    def learn(self, finding: RoundFinding) -> None:
        """Take what the learned models say of equipment and of open cases."""
        self.take(finding.indications)
        for number, causes in finding.causes.items():
            self._keep(self._book.diagnose(number, causes), STATION)

    def obey(self, order: ActOnCase, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk, and in bounded time where it is not."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or order.window, actor.name or order.operator.strip(), actor.role)
        answer = asyncio.get_running_loop().create_task(self._obey(_Deed(order.request, order.command, who), window))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    def note_work(self, orders: Iterable[WorkOrder]) -> None:
        """Take note of work orders that were asked for because of open cases."""
        for order in orders:
            if order.source is not WorkSource.CASE or order.step is not WorkStep.REQUEST:
                continue
            try:
                write = self._book.request_work(int(order.reference), work_name(order.id))
            except (CaseRefused, ValueError) as error:
                log.info("case.work_not_noted order=%d reason=%s", order.id, error)
            else:
                self._keep(write, STATION)

    async def _obey(self, deed: _Deed, window: Reply) -> None:
        command, who = deed.command, deed.who
        try:
            self._check_right(who)
            self._check_store()
            write = self._book.obey(command, by=who.name, now=clock.now_ns())
        except CaseRefused as refused:
            log.info("case.refused action=%s number=%d reason=%s", command.action, command.number, refused)
            line = line_of(AuditAction.CASE_REFUSED, who, f"{command.action} {command.number}", reason=str(refused))
            with suppress(NotStored):  # it is written once anything can be; the window need not wait for that
                await stored(self._recorder.audit([line]), self._problem)
            window(CommandDone(deed.request, done=False, reason=str(refused), case_refusal=refused.refusal))
            return
        try:
            await stored(self._keep(write, who), self._problem)
        except NotStored as error:
            text = f"done, but not on disk yet: {error}"
            refusal = CaseRefusal(CaseRefusalCode.NOT_STORED, text, subject=str(error))
            window(CommandDone(deed.request, done=False, reason=text, case_refusal=refusal))
            return
        log.info("case.obeyed action=%s number=%d by=%s", command.action, command.number, who.name)
        window(CommandDone(deed.request, done=True))

    def _check_right(self, who: Actor) -> None:
        """Raise CaseRefused where somebody may not judge; in a plant without users a name is enough."""
        if not self._people.has_users:
            return
        if who.role is None:
            raise CaseRefused(CaseRefusalCode.NOT_SIGNED_IN, "not done: sign in first")
        if not who.role.includes(Role.OPERATOR):
            text = f"not done: {who.name} is {who.role}, and this needs an {Role.OPERATOR}"
            raise CaseRefused(CaseRefusalCode.ROLE, text)

    def _check_store(self) -> None:
        """Raise CaseRefused where nothing can be stored: nobody would know later who has judged."""
        problem = self._problem()
        if problem:
            text = f"not done, since nothing can be stored: {problem}"
            raise CaseRefused(CaseRefusalCode.NOT_STORED, text, subject=problem)

    def _problem(self) -> str:
        return self._recorder.problem

    def _keep(self, write: CaseWrite, who: Actor) -> Future[None]:
        """Put a step and its lines of the trail on disk in one transaction, and tell it."""
        if write.is_empty:
            done: Future[None] = Future()
            done.set_result(None)
            return done
        written = self._recorder.keep(partial(write_case, write=write, records=list(trail_of(write, who))))
        self._tell(CasesChanged(write.cases, write.effects))
        return written

    def _said(self, finding: Forecast | Health) -> Indication:
        if isinstance(finding, Health):
            return of_health(finding, HEALTH_VERSION)
        definition = self._definitions[finding.forecast]
        return of_forecast(finding, definition, TREND_VERSION, time_scale=self._plant.time_scale)


def restored_book(history: Path, plant: Plant, signatures: Sequence[Signature]) -> CaseBook:
    """Return the cases of a plant as its file has them; those of equipment that is gone stay in the file."""
    with closing(database.open_reader(history)) as connection:
        return CaseBook(plant, signatures, past_of(connection))


def known_signatures(folder: PlantFolder, plant: Plant) -> list[Signature]:
    """Return the causes that a plant's files name: its signatures, and what its forecasts are of."""
    found: list[Signature] = []
    try:
        found += read_signatures(folder.signatures)
    except SignatureFileError as error:
        log.error("case.signatures_unusable %s", error)  # noqa: TRY400 - the message says all
    for each in plant.forecasts:
        symptom = {role_of(each.tag, each.equipment): -1.0 if each.direction is ConditionKind.LOW else 1.0}
        found.append(Signature(each.id, each.equipment, each.cause, each.action, symptom, source="forecast"))
    return found
