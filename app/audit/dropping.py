"""Drops the texts of old records, where a law or a rule of the plant wants them gone: their hashes stay.

The tree keeps its root, so every checkpoint and every proof of what is left holds. What the log says of itself stays,
since a verification needs it, and so do the digests of the alarm journal and of handovers, which are never removed.
"""

from __future__ import annotations

from dataclasses import replace

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import FENCE, ZONE_FENCE, AuditJournal, size_of
from app.audit.pack import numbers_between
from app.audit.zone import note_again
from app.database import transaction
from app.model.audit import AuditRecord

_DROPPED = (
    "body IS NOT NULL AND seq <= ? AND action NOT LIKE 'log.%' "
    "AND action NOT IN ('alarm.changed', 'alarm.operated', 'handover.stepped', 'history.restored')"
)


def drop_bodies(journal: AuditJournal, before: int, record: AuditRecord) -> int:
    """Drop the texts of the records before an instant (int64 ns UTC), and say so by `record`; return how many.

    The pages that held them are overwritten. Raise DatabaseError.
    """
    connection = journal.connection
    connection.execute("PRAGMA secure_delete = ON").fetchall()
    with transaction(connection):
        first, _ = numbers_between(connection, before, 0) or (size_of(connection) + 1, 0)
        last = first - 1
        (count,) = connection.execute(f"SELECT count(*) FROM audit WHERE {_DROPPED}", (last,)).fetchone()  # noqa: S608
        if not count:
            return 0
        journal.append([replace(record, subject=f"1-{last}")])
        connection.execute("DROP TRIGGER audit_is_not_altered")
        connection.execute(f"UPDATE audit SET body = NULL, user = '' WHERE {_DROPPED}", (last,))  # noqa: S608 - constant
        connection.execute("DROP TRIGGER audit_zone_is_not_altered")
        note_again(connection, last)
        connection.execute(FENCE)
        connection.execute(ZONE_FENCE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    CheckpointKeeper(journal).make()
    return int(count)
