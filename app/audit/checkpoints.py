"""Signs the log at its present end: every thousand records, every minute in which something came, and at the end.

A checkpoint goes into the plant's file and, once it is durable there, beside it. Within a thousand records a later one
takes the place of an earlier one, of which it says all.
"""

from __future__ import annotations

import logging
import re
import secrets

from app.audit.anchor import AnchorFile
from app.audit.journal import AuditJournal, is_log, newest
from app.audit.key import KeyFolder, KeyUnreachable
from app.audit.signed_note import Checkpoint, NoteError, SignerKey, VerifierKey
from app.database import PlantConnection, transaction
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

log = logging.getLogger(__name__)

EVERY_RECORDS = 1_000
EVERY_S = 60.0
KEY_ACTIONS = (AuditAction.KEY_MADE, AuditAction.KEY_ROTATED, AuditAction.KEY_REPLACED)


class CheckpointKeeper:
    """Makes the checkpoints of one log in one process."""

    def __init__(self, journal: AuditJournal) -> None:
        """Sign what `journal` writes, with the key in the plant's pki folder."""
        self._journal = journal
        self._keys = KeyFolder.of(journal.connection.path)
        self._anchors = AnchorFile(journal.connection.path)
        self._size = newest_size(journal.connection)
        self._due = 0
        self._problem = ""
        self._told = ""

    def keep(self, *, is_ending: bool = False) -> Checkpoint | None:
        """Make a checkpoint where one is due; return it. What stands in the way is logged once, and tried again."""
        now = clock.monotonic_ns()
        if not is_ending and now < self._due and self._journal.tail.size - self._size < EVERY_RECORDS:
            return None  # asked after every commit: the file is looked at when something may be due
        connection = self._journal.connection
        (size,) = connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()
        if size <= self._size or not (is_ending or size - self._size >= EVERY_RECORDS or now >= self._due):
            return None
        self._due = now + int(EVERY_S * clock.NS_PER_S)
        try:
            made = self.make()
        except (KeyUnreachable, OSError) as error:
            if str(error) != self._problem:
                log.error("audit.not_signed %s", error)  # noqa: TRY400 - the message says all
            self._problem = str(error)
            return None
        self._problem = ""
        return made

    def make(self) -> Checkpoint:
        """Sign the log as it is now, and put the checkpoint beside the file; raise KeyUnreachable or OSError."""
        connection, tail = self._journal.connection, self._journal.tail
        with transaction(connection):
            key = self._key()
            edge = tail.edge
            made = Checkpoint.sign(key, edge.size, edge.root())
            connection.execute(
                "INSERT INTO checkpoint VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (made.size, clock.now_ns(), made.note)
            )
            connection.execute(
                "DELETE FROM checkpoint WHERE size < ? AND size >= ?",
                (made.size, made.size // EVERY_RECORDS * EVERY_RECORDS),
            )
        self._size = made.size
        self._anchors.append(made)
        return made

    def rotate(self, reason: str, *, user: str) -> VerifierKey:
        """Sign with another key from now on; the one before vouches for it, where it can still be had.

        Raise OSError.
        """
        with transaction(self._journal.connection):
            try:
                before = self._keys.held()
            except KeyUnreachable:
                before = None
            key = self._keys.make(self._origin())
            self._tell(key, before, reason=reason, user=user)
        self.make()
        return key.verifier

    def _key(self) -> SignerKey:
        """Return the key; one that the log does not know yet becomes a record of it."""
        key = self._keys.held() or self._keys.make(self._origin())
        if self._told == str(key.verifier):
            return key  # its record may be the first of ten million
        known = newest(self._journal.connection, *KEY_ACTIONS)
        if known is None or known.subject != str(key.verifier):
            self._tell(key, None)  # and is looked up once more, since the transaction may be undone
        else:
            self._told = known.subject
        return key

    def _tell(self, key: SignerKey, before: SignerKey | None, *, reason: str = "", user: str = "") -> None:
        known = newest(self._journal.connection, *KEY_ACTIONS)
        action, detail = AuditAction.KEY_MADE, ""
        if known is not None:
            action = AuditAction.KEY_REPLACED
            if before is not None and str(before.verifier) == known.subject:
                action = AuditAction.KEY_ROTATED
                detail = before.sign(rotation_text(key.verifier)).hex()
        record = AuditRecord(clock.now_ns(), action, subject=str(key.verifier), detail=detail, reason=reason, user=user)
        self._journal.append([record])

    def _origin(self) -> str:
        """Return the name of the log: that which it has, else the plant's folder and something that no other has."""
        known = newest(self._journal.connection, *KEY_ACTIONS)
        if known is not None:
            try:
                return VerifierKey.parse(known.subject).name
            except NoteError:
                log.error("audit.key_record_damaged subject=%s", known.subject)  # noqa: TRY400 - it says all
        place = re.sub(r"[^A-Za-z0-9._-]+", "-", self._journal.connection.path.resolve().parent.name)
        return f"foreshift/{place}/{secrets.token_hex(4)}"


def rotation_text(key: VerifierKey) -> str:
    """Return what the former key signs to vouch for the next one."""
    return f"foreshift log key\n{key}\n"


def newest_checkpoint(connection: PlantConnection) -> tuple[int, Checkpoint] | None:
    """Return when the newest checkpoint of a file was made, and it; None where there is none or it is damaged."""
    if not is_log(connection):
        return None
    row = connection.execute("SELECT time, note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    try:
        return (row[0], Checkpoint.parse(row[1])) if row else None
    except NoteError:
        return None


def newest_size(connection: PlantConnection) -> int:
    """Return how many records the newest checkpoint of a file speaks of."""
    return int(connection.execute("SELECT coalesce(max(size), 0) FROM checkpoint").fetchone()[0])
