"""The plant file in the log: its digest and what has changed whenever it is another one than before.

Every version is kept whole in `audit_document` under its digest, so that the difference can be told.
"""

from __future__ import annotations

import difflib
import getpass
from hashlib import sha256
from pathlib import Path

from app.audit.journal import AuditJournal, newest
from app.database import transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

_MOST_LINES = 200


def log_configuration(journal: AuditJournal, file: Path, *, window: str, user: str = "") -> bool:
    """Put the plant file into the log where it is not as the log has it; return whether that was so.

    `window`: who saw it first, such as the collector that started with it. Raise DatabaseError.
    """
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    digest = sha256(text.encode()).hexdigest()
    known = newest(journal.connection, AuditAction.CONFIGURATION_CHANGED)
    if known is not None and known.digest == digest:
        return False
    before = "" if known is None else _document(journal, known.digest)
    record = AuditRecord(
        clock.now_ns(),
        AuditAction.CONFIGURATION_CHANGED,
        user=user,
        window=window,
        subject=file.name,
        digest=digest,
        outcome="first" if known is None else "changed",
        reason=f"on the account of {getpass.getuser()}",
        detail="" if known is None else _difference(before, text),
    )
    with transaction(journal.connection):
        journal.connection.execute("INSERT OR IGNORE INTO audit_document VALUES (?, ?)", (digest, text))
        journal.append([record])
    return True


def _document(journal: AuditJournal, digest: str) -> str:
    row = journal.connection.execute("SELECT content FROM audit_document WHERE digest = ?", (digest,)).fetchone()
    return str(row[0]) if row else ""


def _difference(before: str, after: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    left = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([f"... and {left} lines more"] if left > 0 else []))
