"""The audit trail in the plant's SQLite file: it only grows, and every row is bound to the one before by a hash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.audit.body import NO_LINK, body_of, leaf_of, link_of, number_of, record_of
from app.database import PlantConnection, has_table, migrate, transaction
from app.model.audit import AuditAction, AuditRecord

MOST_ROWS = 1_000

_MIGRATIONS = Migrations("foreshift.audit")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row: `number` rises by one with each, from 1."""

    number: int
    record: AuditRecord


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the trail: the number of its rows and the last link, to be noted where nobody can alter it."""

    number: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.link.hex()}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a reading of the whole trail found: its end, and one sentence per fault, "" for none."""

    head: Head
    faults: tuple[str, ...] = ()


class AuditJournal:
    """Writes the trail over a writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection) -> None:
        """Bring the table up to date on `connection`, which stays the caller's; raise DatabaseError."""
        self._connection = connection
        migrate(connection, _MIGRATIONS)

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Append records in their order, in one transaction (the caller's, where one is open)."""
        with transaction(self._connection):
            head = head_of(self._connection)  # read anew: another process may have appended
            number, link = head.number, head.link
            for record in records:
                number += 1
                body = body_of(record, number)
                leaf = leaf_of(body)
                link = link_of(link, leaf)
                self._connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (number, body, leaf, link))


def head_of(connection: PlantConnection) -> Head:
    """Return the end of the trail; a file without one ends at 0."""
    row = None
    if has_table(connection, "audit"):
        row = connection.execute("SELECT number, link FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*row) if row is not None else Head(0, NO_LINK)


def page(connection: PlantConnection, before: int = 0, *, limit: int = 200) -> list[AuditLine]:
    """Return at most `limit` lines, newest first, numbered below `before` (0: from the newest)."""
    if not has_table(connection, "audit"):
        return []
    rows = connection.execute(
        "SELECT number, body FROM audit WHERE ? = 0 OR number < ? ORDER BY number DESC LIMIT ?",
        (before, before, max(0, min(limit, MOST_ROWS))),
    )
    return [AuditLine(number, record_of(body)) for number, body in rows.fetchall()]


def unfinished(connection: PlantConnection) -> list[AuditRecord]:
    """Return the intents of writes that have no result, oldest first: nobody knows what became of them."""
    if not has_table(connection, "audit"):
        return []
    rows = connection.execute(
        "SELECT body FROM audit AS intent WHERE json_extract(body, '$.action') = ? AND NOT EXISTS "
        "(SELECT 1 FROM audit AS later WHERE later.number > intent.number AND json_extract(later.body, '$.action') = ? "
        "AND json_extract(later.body, '$.operation') = json_extract(intent.body, '$.operation')) ORDER BY number",
        (AuditAction.WRITE_INTENT.value, AuditAction.WRITE_RESULT.value),
    )
    return [record_of(body) for (body,) in rows.fetchall()]


def verify(connection: PlantConnection, noted: Head | None = None) -> Verification:
    """Read the whole trail and return what is wrong with it.

    `noted`: an end that was written down earlier; the trail must still go through it, else its tail was cut off or all
    of it made anew, which nothing within the file can show.
    """
    faults: list[str] = []
    number, link = 0, NO_LINK
    seen = noted is None or noted == Head(0, NO_LINK)
    for row_number, body, leaf, row_link in _rows(connection):
        number += 1
        if row_number != number:
            faults.append(f"row {number} is missing: the next one is {row_number}")
            number = row_number
        if leaf_of(body) != leaf or _number_in(body) != row_number:
            faults.append(f"row {row_number} was altered")
        link = link_of(link, leaf)
        if link != row_link:
            faults.append(f"row {row_number} does not follow from the one before: rows were altered, added or moved")
            link = row_link
        seen = seen or noted == Head(row_number, row_link)
    if not seen and noted is not None:
        faults.append(f"the trail does not go through {noted}, which was noted: rows were cut off or made anew")
    return Verification(Head(number, link), tuple(faults))


def _rows(connection: PlantConnection) -> Iterator[tuple[int, str, bytes, bytes]]:
    if has_table(connection, "audit"):
        yield from connection.execute("SELECT number, body, leaf, link FROM audit ORDER BY number")


def _number_in(body: str) -> int:
    try:
        return number_of(body)
    except ValueError:
        return 0


@_MIGRATIONS()
def create_audit(database: Database) -> None:
    """Create the trail; the triggers are a fence against mistakes, the links are what an attacker cannot mend."""
    database.executescript(
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            body TEXT NOT NULL,
            leaf BLOB NOT NULL,
            link BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is never altered'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END;
        """
    )
