"""Writes as the audit trail tells them."""

from __future__ import annotations

from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.control import ControlRecord


def audit_of(record: ControlRecord, action: AuditAction, outcome: str = "") -> AuditRecord:
    """Return the line of the audit trail, of this moment, for a write; its state is the outcome unless one is given."""
    return AuditRecord(
        clock.now_ns(),
        action,
        operation=record.operation,
        user=record.user,
        role=record.role,
        window=record.window,
        tag=record.tag,
        old=record.old,
        new=record.new,
        read=record.read,
        outcome=outcome or record.state,
        reason=str(record.reason or ""),
    )
