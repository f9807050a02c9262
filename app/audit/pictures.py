"""Process pictures in the log: what became of each file since it was last seen, whoever changed it.

What the window saves is in the log already, with its difference and its reason; what was changed by hand is noted when
it is first shown. Every version is kept whole in `audit_document` under its digest.
"""

from __future__ import annotations

import difflib
import getpass
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal, with_actions
from app.database import PlantConnection, open_writer, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

_MOST_LINES = 200
REMOVED = "removed"


def note_pictures(history: Path, *, window: str) -> int:
    """Do as `log_pictures` for the plant whose file is `history`, which may be written meanwhile, and sign it."""
    with closing(open_writer(history)) as connection:
        journal = AuditJournal(connection)
        count = log_pictures(journal, history.with_name("pictures"), window=window)
        if count:
            CheckpointKeeper(journal).keep(is_ending=True)
        return count


def log_pictures(journal: AuditJournal, folder: Path, *, window: str) -> int:
    """Put each picture file that is not as the log has it into the log; return how many. Raise DatabaseError.

    `folder`: where the files are. `window`: who saw it, such as the collector that was to show it.
    """
    texts = {f"{folder.name}/{path.name}": _text(path) for path in sorted(folder.glob("*.toml"))}
    known = _known(journal.connection) if texts or folder.exists() else {}
    records = [record for name, text in texts.items() if (record := _changed(journal, name, text, known, window))]
    gone = [name for name, before in known.items() if name not in texts and before.outcome != REMOVED]
    records += [_record(name, window, outcome=REMOVED, digest=known[name].digest) for name in gone]
    if records:
        with transaction(journal.connection):
            journal.connection.executemany(
                "INSERT OR IGNORE INTO audit_document VALUES (?, ?)", [(_digest(text), text) for text in texts.values()]
            )
            journal.append(records)
    return len(records)


def picture_texts(connection: PlantConnection) -> dict[str, str]:
    """Return the newest text of each picture that is there, by its name such as pictures/pumps.toml.

    Without those whose text was not kept. Raise DatabaseError.
    """
    found = {}
    for name, record in _known(connection).items():
        row = connection.execute("SELECT content FROM audit_document WHERE digest = ?", (record.digest,)).fetchone()
        if row is not None and record.outcome != REMOVED:
            found[name] = str(row[0])
    return found


def _known(connection: PlantConnection) -> dict[str, AuditRecord]:
    """Return the newest record of each file."""
    records = with_actions(connection, AuditAction.PICTURE_CHANGED)
    return {record.subject: record for record in records}


def _changed(
    journal: AuditJournal, name: str, text: str, known: Mapping[str, AuditRecord], window: str
) -> AuditRecord | None:
    before, digest = known.get(name), _digest(text)
    if before is not None and before.digest == digest and before.outcome != REMOVED:
        return None
    outcome = "first" if before is None else "changed"
    detail = "" if before is None else _difference(journal.connection, before.digest, text)
    return _record(name, window, outcome=outcome, digest=digest, detail=detail)


def _record(name: str, window: str, *, outcome: str, digest: str, detail: str = "") -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        AuditAction.PICTURE_CHANGED,
        window=window,
        subject=name,
        digest=digest,
        outcome=outcome,
        reason=f"on the account of {getpass.getuser()}",
        detail=detail,
    )


def _difference(connection: PlantConnection, digest: str, text: str) -> str:
    row = connection.execute("SELECT content FROM audit_document WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        return ""
    lines = list(difflib.unified_diff(str(row[0]).splitlines(), text.splitlines(), lineterm="", n=0))[2:]
    left = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([f"... and {left} lines more"] if left > 0 else []))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:  # taken away this moment
        return ""
