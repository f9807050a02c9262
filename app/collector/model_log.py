"""Learned models in the store and in the log of the plant: each deed and its line of the trail in one transaction."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass

from app.audit.journal import AuditJournal
from app.collector.recorder import Deed, Recorder
from app.collector.stored import NotStored, stored
from app.database import PlantConnection
from app.learning import store
from app.learning.refusal import ModelRefused
from app.learning.standing import promoted, returned
from app.learning.store import ModelStore
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.learned_model import ModelRecord, ModelState, ModelTrial
from app.model.model_command import ModelCommand, ModelDeed
from app.model.model_command import ModelRefusalCode as Code

log = logging.getLogger(__name__)

STEPS = {ModelDeed.PROMOTE: promoted, ModelDeed.RETURN: returned}


@dataclass(slots=True)
class _Outcome:
    """What became of a deed in the file; done anew where its batch is written again."""

    refused: ModelRefused | None = None
    number: int = 0


class ModelLog:
    """Writes through the recorder; what returns is on disk. Raise ModelRefused where that does not come about."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def add(self, record: ModelRecord, who: Actor, *, reason: str) -> int:
        """Add a model as a candidate; return its number."""
        outcome = _Outcome()

        def keep(connection: PlantConnection, audit: AuditJournal) -> None:
            added = ModelStore(connection, is_migrated=True).add(record, reason=reason)
            outcome.number = added.number
            audit.append(
                [_line(AuditAction.MODEL_ADDED, who, added, outcome=ModelState.CANDIDATE, reason=added.source)]
            )

        await self._kept(keep)
        return outcome.number

    async def keep_trial(self, trial: ModelTrial, record: ModelRecord, who: Actor) -> None:
        """Keep what the trial of a model gave."""

        def keep(connection: PlantConnection, audit: AuditJournal) -> None:
            ModelStore(connection, is_migrated=True).try_out(trial)
            audit.append([_line(AuditAction.MODEL_TRIED, who, record, outcome=f"beside model {trial.beside}")])

        await self._kept(keep)

    async def step(self, command: ModelCommand, who: Actor) -> None:
        """Promote or return; what is there is looked at within the transaction, so that nobody comes in between."""
        outcome = _Outcome()

        def keep(connection: PlantConnection, audit: AuditJournal) -> None:
            outcome.refused = None
            try:
                record = store.whole_model(connection, command.number)
                steps = STEPS[command.deed]
                taken = steps(connection, record, by=who.name, reason=command.reason.strip(), now=clock.now_ns())
            except ModelRefused as refused:
                outcome.refused = refused
                audit.append([_refusal(command.deed, who, str(refused), f"model {command.number}")])
                return
            ModelStore(connection, is_migrated=True).note(taken)
            for step in taken:
                of = store.whole_model(connection, step.model)
                audit.append([_line(AuditAction.MODEL_STEPPED, who, of, outcome=step.state, reason=step.reason)])

        await self._kept(keep)
        if outcome.refused is not None:
            raise outcome.refused
        log.info("model.stepped deed=%s number=%d who=%s", command.deed, command.number, who.name)

    async def note_refusal(self, what: str, who: Actor, reason: str, subject: str) -> None:
        """Note in the trail what was refused; while nothing can be stored it is written later."""
        with suppress(NotStored):
            record = _refusal(what, who, reason, subject)
            await stored(self._recorder.audit([record]), lambda: self._recorder.problem)

    async def _kept(self, deed: Deed) -> None:
        try:
            await stored(self._recorder.keep(deed), lambda: self._recorder.problem)
        except NotStored as error:
            raise ModelRefused(f"done, but not on disk yet: {error}", Code.NOT_STORED, reason=error) from error


def _line(action: AuditAction, who: Actor, record: ModelRecord, *, outcome: str, reason: str = "") -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        action,
        subject=f"model {record.number} {record.kind} {record.subject}",
        outcome=outcome,
        reason=reason,
        digest=record.digest,
    ).by(who)


def _refusal(what: str, who: Actor, reason: str, subject: str) -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        AuditAction.MODEL_REFUSED,
        subject=subject,
        outcome=what,
        reason=reason,
    ).by(who)
