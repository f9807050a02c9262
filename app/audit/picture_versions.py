"""The versions of process pictures: each that the log has seen, who made it and why, and its text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from app.audit.checkpoints import CheckpointKeeper
from app.audit.configuration import Version, keep_document, version_text
from app.audit.journal import AuditJournal, is_log, line_of
from app.audit.pictures import REMOVED
from app.database import PlantConnection, open_writer, transaction
from app.model.audit import AuditAction, AuditRecord

_FOUND = "found as it is, before the change that follows"
_ELSEWHERE = "a backup may have it"


def picture_versions(connection: PlantConnection) -> dict[str, list[Version]]:
    """Return the versions of each picture file, the oldest first, numbered from 1 for each; raise DatabaseError.

    The names are as in the log, such as "pictures/air.toml". A file that was taken away has a version for that
    (`is_removal`), without a text.
    """
    found: defaultdict[str, list[Version]] = defaultdict(list)
    if not is_log(connection):
        return found
    kept = {str(digest) for (digest,) in connection.execute("SELECT digest FROM audit_document")}
    rows = connection.execute(
        "SELECT seq, time, action, body FROM audit WHERE action = ? ORDER BY seq", (AuditAction.PICTURE_CHANGED.value,)
    )
    for line in map(line_of, rows):
        record = line.record
        if record is None:  # its text was lawfully dropped, and with it whose version it was
            continue
        of_file, is_removal = found[record.subject], record.outcome == REMOVED
        of_file.append(
            Version(
                len(of_file) + 1,
                line.number,
                line.time,
                "" if is_removal else record.digest,
                record.user,
                record.window,
                record.reason,
                not is_removal and record.digest in kept,
                is_removal,
            )
        )
    return found


def picture_version_text(connection: PlantConnection, version: Version) -> str:
    """Return the file of a version; raise VersionMissing where it is not there as its digest has it."""
    return version_text(connection, version, elsewhere=_ELSEWHERE)


def note_picture(history: Path, record: AuditRecord, *, former: str, new: str) -> None:
    """Put a picture that is about to be written into the log, and sign it; raise DatabaseError.

    Both texts are kept. The former one ("" where there was no file) gets a record of its own where the log does not
    have it, so that it can return.
    """
    with closing(open_writer(history)) as connection:
        journal = AuditJournal(connection)
        with transaction(connection):
            records = [record]
            if former and keep_document(connection, former.encode()) != _newest(connection, record.subject):
                digest = sha256(former.encode()).hexdigest()
                records.insert(0, replace(record, user="", digest=digest, reason=_FOUND, detail="", outcome="first"))
            keep_document(connection, new.encode())
            journal.append(records)
        CheckpointKeeper(journal).keep(is_ending=True)


def _newest(connection: PlantConnection, name: str) -> str:
    """Return the digest of a file's newest version, "" where there is none."""
    known: Mapping[str, Sequence[Version]] = picture_versions(connection)
    return known[name][-1].digest if name in known else ""
