"""Cases in the collector: indicators and verdicts go in; file, audit trail and windows hear what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app import database
from app.case.book import CaseBook
from app.case.intake import of_forecast, of_health
from app.case.pattern import role_of
from app.case.refusal import CaseRefused
from app.case.signature import Signature
from app.case.signature_file import SignatureFileError, read_signatures
from app.case.store import past_of
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import ConditionKind
from app.model.audit import AuditAction, AuditRecord
from app.model.case import CaseCommand, CaseEffect, CaseRecord, CaseRefusalCode, CaseWrite, EffectKind, Indication
from app.model.forecast import Forecast, Health
from app.model.plant import Plant
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.prediction.health import VERSION as HEALTH_VERSION
from app.prediction.trend import VERSION as TREND_VERSION
from app.pubsub.channel import Reply
from app.pubsub.frame import ActOnCase, CasesChanged, CommandDone

log = logging.getLogger(__name__)

STATION = Actor("collector")


@dataclass(frozen=True, slots=True)
class _Deed:
    """A command with who gives it; `request`: its number at its window."""

    request: int
    command: CaseCommand
    who: Actor


class CaseDesk:
    """All cases of a running collector; called from its event loop only.

    `tell` hears what changed, before it is on disk; a command is answered once it is.
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

    def follow(self, findings: Iterable[Forecast | Health]) -> None:
        """Take forecasts and health values that are new, and let cases go on."""
        said = (self._said(finding) for finding in findings)
        self.take([each for each in said if each is not None])

    def take(self, indications: Sequence[Indication]) -> None:
        """Take what any indicators say now, and let cases go on."""
        self._book.take(indications)
        self._keep(self._book.tick(clock.now_ns()), STATION)

    def obey(self, order: ActOnCase, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or order.window, actor.name or order.operator.strip(), actor.role)
        answer = asyncio.get_running_loop().create_task(self._obey(_Deed(order.request, order.command, who), window))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _obey(self, deed: _Deed, window: Reply) -> None:
        command, who = deed.command, deed.who
        try:
            self._check_right(who)
            write = self._book.obey(command, by=who.name, now=clock.now_ns())
        except CaseRefused as refused:
            log.info("case.refused action=%s number=%d reason=%s", command.action, command.number, refused)
            line = _line(AuditAction.CASE_REFUSED, who, f"{command.action} {command.number}", reason=str(refused))
            await asyncio.wrap_future(self._recorder.audit([line]))
            window(CommandDone(deed.request, done=False, reason=str(refused), case_refusal=refused.refusal))
            return
        await self._keep(write, who)
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

    def _keep(self, write: CaseWrite, who: Actor) -> asyncio.Future[None]:
        """Put a step and its lines of the trail on disk in one transaction, and tell it."""
        if write.is_empty:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        stored = asyncio.wrap_future(self._recorder.keep_cases(write, list(trail_of(write, who))))
        self._tell(CasesChanged(write.cases, write.effects))
        return stored

    def _said(self, finding: Forecast | Health) -> Indication | None:
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


def trail_of(write: CaseWrite, who: Actor) -> Iterable[AuditRecord]:
    """Yield what the audit trail says of a step: cases opened and closed, changes made and undone."""
    for case in write.cases:
        if case.closed:
            if who is not STATION:
                yield _closed(case, who)
        elif any(line.case == case.number and line.number == 1 for line in write.evidence):
            reason = ", ".join(case.indicators)
            yield _line(AuditAction.CASE_OPENED, who, f"case {case.number} {case.equipment}", reason=reason)
    for effect in write.effects:
        yield _changed(effect, who)


def _closed(case: CaseRecord, who: Actor) -> AuditRecord:
    return _line(
        AuditAction.CASE_CLOSED,
        who,
        f"case {case.number} {case.equipment}",
        outcome=case.verdict or "",
        reason=case.reason,
        detail=case.cause.en,
    )


def _changed(effect: CaseEffect, who: Actor) -> AuditRecord:
    is_undone = not effect.stands
    old, new = (effect.new, effect.old) if is_undone else (effect.old, effect.new)
    has_limit = effect.kind is EffectKind.THRESHOLD
    return AuditRecord(
        effect.undone or effect.made,
        AuditAction.CASE_CHANGE_UNDONE if is_undone else AuditAction.CASE_CHANGE_MADE,
        operation=effect.kind,
        user=who.name,
        role=who.role or "",
        window=who.window,
        subject=f"change {effect.number} {effect.equipment}",
        old=old if has_limit else float("nan"),
        new=new if has_limit else float("nan"),
        reason=effect.undone_reason if is_undone else effect.reason,
        detail=effect.indicator or effect.cause.en,
    )


def _line(
    action: AuditAction, who: Actor, subject: str, *, reason: str, outcome: str = "", detail: str = ""
) -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        action,
        user=who.name,
        role=who.role or "",
        window=who.window,
        subject=subject,
        outcome=outcome,
        reason=reason,
        detail=detail,
    )
