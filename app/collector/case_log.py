"""Cases in the store and in the log of the plant, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.audit.journal import AuditJournal
from app.case.store import CaseStore
from app.database import PlantConnection, transaction
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.case import CaseEffect, CaseRecord, CaseWrite, EffectKind

STATION = Actor("collector")
"""Who opens cases."""


def write_case(
    connection: PlantConnection, journal: AuditJournal, write: CaseWrite, records: Sequence[AuditRecord]
) -> None:
    """Store a step of the cases with its lines of the log."""
    with transaction(connection):
        CaseStore(connection, is_migrated=True).write([write])
        journal.append(records)


def trail_of(write: CaseWrite, who: Actor) -> Iterable[AuditRecord]:
    """Yield what the audit trail says of a step: cases opened and closed, changes made and undone."""
    for case in write.cases:
        if case.closed:
            if who is not STATION:
                yield _closed(case, who)
        elif any(line.case == case.number and line.number == 1 for line in write.evidence):
            reason = ", ".join(case.indicators)
            yield line_of(AuditAction.CASE_OPENED, who, f"case {case.number} {case.equipment}", reason=reason)
    for effect in write.effects:
        yield _changed(effect, who)


def _closed(case: CaseRecord, who: Actor) -> AuditRecord:
    return line_of(
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
        subject=f"change {effect.number} {effect.equipment}",
        old=old if has_limit else float("nan"),
        new=new if has_limit else float("nan"),
        reason=effect.undone_reason if is_undone else effect.reason,
        detail=effect.indicator or effect.cause.en,
    ).by(who)


def line_of(
    action: AuditAction, who: Actor, subject: str, *, reason: str, outcome: str = "", detail: str = ""
) -> AuditRecord:
    """Return a line of the log, of this moment."""
    return AuditRecord(
        clock.now_ns(),
        action,
        subject=subject,
        outcome=outcome,
        reason=reason,
        detail=detail,
    ).by(who)
