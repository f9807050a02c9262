"""Writes and calls of methods as the audit trail tells them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from app.model import clock, status
from app.model.audit import AuditAction, AuditRecord
from app.model.content import content_text
from app.model.control import ControlRecord, ControlState


class Step(Enum):
    """A moment of a command that the trail keeps: the AuditActions of a write and of a call."""

    INTENT = (AuditAction.WRITE_INTENT, AuditAction.METHOD_INTENT)
    RESULT = (AuditAction.WRITE_RESULT, AuditAction.METHOD_RESULT)
    REFUSED = (AuditAction.WRITE_REFUSED, AuditAction.METHOD_REFUSED)


def audit_of(record: ControlRecord, step: Step, *, names: Sequence[str] = ()) -> AuditRecord:
    """Return the line of the audit trail, of this moment, for a command; `names`: of the arguments of its method."""
    of_write, of_call = step.value
    return AuditRecord(
        clock.now_ns(),
        of_call if record.method else of_write,
        operation=record.operation,
        user=record.user,
        role=record.role,
        window=record.window,
        tag=record.tag,
        old=record.old,
        new=record.new,
        read=record.read,
        outcome=record.state,
        reason=str(record.reason or ""),
        subject=record.method,
        detail="\n".join(_detail(record, step, names)) if record.method else "",
    )


def _detail(record: ControlRecord, step: Step, names: Sequence[str]) -> list[str]:
    """Return the arguments of a call line by line, and what it has answered."""
    known = list(names) + [f"argument {place + 1}" for place in range(len(names), len(record.arguments))]
    lines = [f"{name} = {content_text(value)}" for name, value in zip(known, record.arguments, strict=False)]
    if step is Step.RESULT and (record.code or record.state is ControlState.DONE):
        lines.append(f"StatusCode = {status.name(record.code)}")
    return lines + [f"output {place} = {value}" for place, value in enumerate(record.outputs, 1)]
