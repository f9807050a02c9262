"""The alarm journal in the log: the digest of each of its lines, in the transaction that writes the line."""

from __future__ import annotations

from collections.abc import Sequence

from app.alarm.journal import JournalLine, lines_after
from app.audit.journal import AuditJournal, newest
from app.database import PlantConnection, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

_STEP = 1_000


def audit_of(line: JournalLine) -> AuditRecord:
    """Return what the log has of a line of the alarm journal."""
    record = line.record
    return AuditRecord(
        line.time,
        AuditAction.ALARM_OPERATED if line.person else AuditAction.ALARM_CHANGED,
        operation=record.event or "",
        user=line.person,
        tag=record.tag,
        alarm=record.alarm,
        outcome=record.state.value,
        reason=(record.reason or record.comment) if line.person else "",
        digest=line.digest,
        line=line.number,
    )


def log_former_lines(connection: PlantConnection, journal: AuditJournal) -> int:
    """Bring the lines into the log that an older version wrote without it; return how many."""
    last = newest(connection, AuditAction.ALARM_CHANGED, AuditAction.ALARM_OPERATED)
    count, before = 0, 0 if last is None else last.line
    while lines := lines_after(connection, before, limit=_STEP):
        with transaction(connection):
            if not count:
                reason = f"lines of the alarm journal from {before + 1} on were written without the log"
                journal.append([AuditRecord(clock.now_ns(), AuditAction.LOG_MIGRATED, reason=reason)])
            journal.append([audit_of(line) for line in lines])
        count, before = count + len(lines), lines[-1].number
    return count


def log_lines(journal: AuditJournal, lines: Sequence[JournalLine]) -> None:
    """Bring lines into the log, in the transaction that has written them."""
    journal.append([audit_of(line) for line in lines])
