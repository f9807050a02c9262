"""Handovers in the store and in the log of the plant: each step and its digest in one transaction."""

from __future__ import annotations

from app.audit.journal import AuditJournal
from app.database import PlantConnection, transaction
from app.handover.desk import HandoverStep
from app.handover.store import HandoverStore, has_step
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.handover import HandoverAction, HandoverCommand, HandoverRefusal


def audit_of(step: HandoverStep, digest: str) -> AuditRecord:
    """Return what the log has of a step; `digest`: SHA-256 of what it left behind, as the store has it."""
    point, handover = step.point, step.handover
    return AuditRecord(
        step.time,
        AuditAction.HANDOVER_STEPPED,
        operation=step.action.value,
        user=step.who.name.strip(),
        role=step.who.role or "",
        window=step.who.window,
        subject=handover.key if handover is not None else f"point {point.number if point is not None else 0}",
        outcome=str(step.number),
        reason=_said(step),
        digest=digest,
        detail=f"report {handover.report}" if handover is not None else "",
    )


def refusal_of(refusal: HandoverRefusal, command: HandoverCommand, who: Actor, now: int) -> AuditRecord:
    """Return what the log has of a refusal; `now` int64 ns UTC."""
    return AuditRecord(
        now,
        AuditAction.HANDOVER_REFUSED,
        operation=command.action.value,
        subject=command.key or (f"{command.number}" if command.number else ""),
        outcome=refusal.code.value,
        reason=refusal.text,
    ).by(who)


def write_handover(connection: PlantConnection, journal: AuditJournal, step: HandoverStep, report: bytes) -> None:
    """Store a step with its line of the log; one that is stored already adds no line."""
    with transaction(connection):
        if not has_step(connection, step.number):
            digest = HandoverStore(connection, is_migrated=True).record(step, report)
            journal.append([audit_of(step, digest)])


def _said(step: HandoverStep) -> str:
    if step.point is not None:
        return step.point.text if step.point.is_open else step.point.answer
    if step.handover is not None:
        if step.action is HandoverAction.AMEND:
            return step.handover.amendments[-1].text
        return step.handover.remark if step.handover.incoming is None else step.handover.answer
    return ""
