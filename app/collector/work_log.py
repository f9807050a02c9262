"""Work orders in the store and in the log of the plant: each step, and each refusal of one, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.journal import AuditJournal
from app.database import PlantConnection, transaction
from app.maintenance.desk import WorkChange
from app.maintenance.provision import used_by
from app.maintenance.store import WorkStore, has_step
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.work_order import WorkRefusal


def work_name(number: int) -> str:
    """Return how people call an order."""
    return f"WO-{number:05d}"


def audit_of(change: WorkChange, digest: str) -> AuditRecord:
    """Return what the log has of a step; `digest`: SHA-256 of the order after it, as the store has it."""
    order, who = change.order, change.who
    return AuditRecord(
        change.time,
        AuditAction.WORK_STEPPED,
        operation=order.step,
        user=who.name.strip(),
        role=who.role or "",
        window=who.window,
        subject=f"{work_name(order.id)} {order.equipment}",
        outcome=order.state,
        reason=change.reason,
        digest=digest,
        detail=order.title.en,
    )


def refusal_of(refusal: WorkRefusal, what: str, who: Actor, now: int) -> AuditRecord:
    """Return what the log has of a refusal; `what`: the step or request, `now` int64 ns UTC."""
    return AuditRecord(
        now,
        AuditAction.WORK_REFUSED,
        operation=what,
        subject=work_name(refusal.order) if refusal.order else "",
        outcome=refusal.code,
        reason=refusal.text,
    ).by(who)


def write_work(connection: PlantConnection, journal: AuditJournal, changes: Sequence[WorkChange]) -> None:
    """Store steps with their lines of the log and the parts used; a step that is stored already adds nothing."""
    with transaction(connection):
        known = [each for each in changes if not has_step(connection, each.order.id, each.order.version)]
        store = WorkStore(connection, is_migrated=True)
        digests = store.record(known)
        store.book([booking for each in known for booking in used_by(each.order)])
        journal.append([audit_of(change, digest) for change, digest in zip(known, digests, strict=True)])
