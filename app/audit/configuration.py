"""The plant file in the log: every version of it, who made it and why, and its digest.

Every version is kept whole in `audit_document` under its digest, so that any two can be compared and each can return.
"""

from __future__ import annotations

import difflib
import getpass
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal, is_log, lines_with, newest, with_actions
from app.database import PlantConnection, open_writer, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

_MOST_LINES = 200
_BEFORE = AuditRecord(0, AuditAction.CONFIGURATION_CHANGED, reason="found as it is, before the change that follows")


@dataclass(frozen=True, slots=True)
class Version:
    """One accepted plant file; `number` from 1, the oldest. `line`: of the log. `time`: int64 ns UTC.

    `digest`: SHA-256 of the file in hexadecimal, "" where the text of its record was lawfully dropped. `is_kept`:
    whether its text is there. `is_removal`: the file was taken away; only pictures are.
    """

    number: int
    line: int
    time: int
    digest: str
    user: str = ""
    window: str = ""
    reason: str = ""
    is_kept: bool = False
    is_removal: bool = False


class VersionMissing(LookupError):
    """A version is not there, or not as it was; the message says what to do."""


def versions(connection: PlantConnection) -> list[Version]:
    """Return all versions, the oldest first; raise DatabaseError."""
    if not is_log(connection):
        return []
    kept = {str(digest) for (digest,) in connection.execute("SELECT digest FROM audit_document")}
    found = []
    for number, line in enumerate(lines_with(connection, AuditAction.CONFIGURATION_CHANGED), 1):
        record = line.record or AuditRecord(line.time, AuditAction.CONFIGURATION_CHANGED)
        found.append(
            Version(
                number,
                line.number,
                line.time,
                record.digest,
                record.user,
                record.window,
                record.reason,
                record.digest in kept,
            )
        )
    return found


def configuration_times(connection: PlantConnection) -> list[int]:
    """Return when the plant file or a process picture was another from then on, int64 ns UTC, oldest first.

    The first is when the log met them. Raise DatabaseError.
    """
    changes = with_actions(connection, AuditAction.CONFIGURATION_CHANGED, AuditAction.PICTURE_CHANGED)
    return sorted({record.time for record in changes})


def version_text(
    connection: PlantConnection, version: Version, *, elsewhere: str = "a plant-before-...toml may have it"
) -> str:
    """Return the plant file of a version; raise VersionMissing where it is not there as its digest has it.

    `elsewhere`: where else a text may be that was not kept.
    """
    text = _document(connection, version.digest)
    if text is None:
        raise VersionMissing(f"version {version.number}: its text was not kept; {elsewhere}")
    if sha256(text.encode()).hexdigest() != version.digest:
        raise VersionMissing(f"version {version.number}: its text is not as it was written: foreshift verify says more")
    return text


def keep_document(connection: PlantConnection, content: bytes) -> str:
    """Keep a plant file under its digest, which is returned; raise DatabaseError."""
    digest = sha256(content).hexdigest()
    text = content.decode("utf-8", "replace")
    connection.execute("INSERT OR IGNORE INTO audit_document VALUES (?, ?)", (digest, text))
    return digest


def note_configuration(history: Path, record: AuditRecord, *, former: bytes, new: bytes) -> None:
    """Put a new plant file into the log before it is written, and sign it; raise DatabaseError.

    The former one gets a record of its own where the log does not have it, so that it can return.
    """
    with closing(open_writer(history)) as connection:
        journal = AuditJournal(connection)
        with transaction(connection):
            _log(journal, former, replace(_BEFORE, time=record.time, subject=record.subject))
            keep_document(connection, new)
            journal.append([record])
        CheckpointKeeper(journal).keep(is_ending=True)


def log_configuration(journal: AuditJournal, file: Path, *, window: str, user: str = "") -> bool:
    """Put the plant file into the log where it is not as the log has it; return whether that was so.

    `window`: who saw it first, such as the collector that started with it. Raise DatabaseError.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return False
    record = AuditRecord(
        clock.now_ns(),
        AuditAction.CONFIGURATION_CHANGED,
        user=user,
        window=window,
        subject=file.name,
        reason=f"on the account of {getpass.getuser()}",
    )
    with transaction(journal.connection):
        return _log(journal, content, record)


def _log(journal: AuditJournal, content: bytes, record: AuditRecord) -> bool:
    """Append a record of a plant file, unless the newest one is of the same; keep the file in either case."""
    known = newest(journal.connection, AuditAction.CONFIGURATION_CHANGED)
    digest = keep_document(journal.connection, content)
    if known is not None and known.digest == digest:
        return False
    before = "" if known is None else _document(journal.connection, known.digest) or ""
    told = "" if known is None else _difference(before, content.decode("utf-8", "replace"))
    outcome = "first" if known is None else "changed"
    journal.append([replace(record, digest=digest, outcome=outcome, detail=told)])
    return True


def _document(connection: PlantConnection, digest: str) -> str | None:
    row = connection.execute("SELECT content FROM audit_document WHERE digest = ?", (digest,)).fetchone()
    return str(row[0]) if row else None


def _difference(before: str, after: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    left = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([f"... and {left} lines more"] if left > 0 else []))
