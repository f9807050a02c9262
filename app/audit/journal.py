"""The audit trail in the plant's SQLite file: a Merkle log (RFC 6962) that only grows.

`audit`: the records, by number; `node`: roots of complete subtrees; `checkpoint`: what was signed, and when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.audit.body import NO_LINK, essence_of, link_of, record_of
from app.audit.merkle import Edge, leaf_hash
from app.audit.tail import Tail
from app.audit.zone import TABLE, ZONE, Wanted, note_zones, parts
from app.database import PlantConnection, has_table, transaction
from app.migration import migrate
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.past import PastTable, grown_by_time

MOST_ROWS = 1_000

PAST = (
    PastTable(
        "audit",
        f"""
        SELECT * FROM main.audit WHERE time <= :at AND seq <= {ZONE} *
            (2 + coalesce((SELECT max(zone) FROM main.audit_zone WHERE first <= :at), -1))
        """,  # noqa: S608 - a number of ours
        beside="audit_zone",
    ),
    PastTable(
        "audit_zone",
        "SELECT * FROM main.audit_zone WHERE zone < (SELECT max(zone) FROM main.audit_zone WHERE first <= :at)",
        times=("first",),
    ),
    grown_by_time("checkpoint"),
)
"""The newest zone that had begun is looked up once for a statement, and read record by record with what is behind it:
so no statement reads all that came later.
"""

_MIGRATIONS = Migrations("foreshift.audit")


class _Operation(msgspec.Struct):
    """Of an intent or a result: a tenth of the time of the whole record."""

    operation: str = ""


_operation_of = msgspec.json.Decoder(_Operation).decode


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row: `number` rises by one with each, from 1. `record` is None where its text was lawfully dropped."""

    number: int
    time: int
    action: str
    record: AuditRecord | None


class AuditJournal:
    """Writes the trail over a writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection) -> None:
        """Bring the tables up to date on `connection`, which stays the caller's; raise DatabaseError."""
        self.connection = connection
        migrate(connection, _MIGRATIONS, harmless=("grow_a_tree", "divide_into_zones"))
        self.tail = Tail(connection)

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Append records in their order, in one transaction (the caller's, where one is open)."""
        if records:
            with transaction(self.connection):
                self.tail.append(records)


def is_log(connection: PlantConnection) -> bool:
    """Return whether the file has a Merkle log: one that an older version wrote has none."""
    return has_table(connection, "node")


def size_of(connection: PlantConnection) -> int:
    """Return the number of records."""
    if not is_log(connection):
        return 0
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0])


def page(connection: PlantConnection, before: int = 0, *, limit: int = 200) -> list[AuditLine]:
    """Return at most `limit` lines, newest first, numbered below `before` (0: from the newest)."""
    if not is_log(connection):
        return []
    rows = connection.execute(
        "SELECT seq, time, action, body FROM audit WHERE ? = 0 OR seq < ? ORDER BY seq DESC LIMIT ?",
        (before, before, max(0, min(limit, MOST_ROWS))),
    )
    return [line_of(row) for row in rows.fetchall()]


def line_of(row: tuple[int, int, str, str | None]) -> AuditLine:
    """Return the line of a row's seq, time, action and body."""
    number, time, action, body = row
    record = None
    if body is not None:
        with suppress(ValueError):  # a damaged one: `foreshift verify` names it
            record = record_of(body)
    return AuditLine(number, time, action, record)


def unfinished(connection: PlantConnection) -> list[AuditRecord]:
    """Return the intents of writes and calls that have no result, oldest first: nobody knows what became of them."""
    intents: dict[str, str] = {}
    results = {AuditAction.WRITE_RESULT, AuditAction.METHOD_RESULT}
    for _, _, action, body in _rows_with(connection, AuditAction.WRITE_INTENT, AuditAction.METHOD_INTENT, *results):
        with suppress(ValueError, msgspec.MsgspecError):  # no record, or damaged
            operation = _operation_of(body or "").operation
            if action in results:
                intents.pop(operation, None)
            else:
                intents[operation] = body or ""
    found = []
    for body in intents.values():
        with suppress(ValueError):
            found.append(record_of(body))
    return found


def with_actions(connection: PlantConnection, *actions: AuditAction) -> Iterator[AuditRecord]:
    """Yield the records of some actions, oldest first; those whose text was dropped or is damaged are passed over."""
    for line in lines_with(connection, *actions):
        if line.record is not None:
            yield line.record


def lines_with(connection: PlantConnection, *actions: AuditAction) -> Iterator[AuditLine]:
    """Yield the lines of some actions, oldest first."""
    return map(line_of, _rows_with(connection, *actions))


def _rows_with(connection: PlantConnection, *actions: AuditAction) -> Iterator[tuple[int, int, str, str | None]]:
    if not is_log(connection):
        return
    wanted = Wanted(tuple(action.value for action in actions))
    for part in reversed([*parts(connection, wanted)]):
        where, parameters = part.where(wanted)
        yield from connection.execute(
            f"SELECT seq, time, action, body FROM audit WHERE {where} ORDER BY seq",  # noqa: S608 - ours
            parameters,
        ).fetchall()


def newest(connection: PlantConnection, *actions: AuditAction) -> AuditRecord | None:
    """Return the newest record of some actions, None where there is none; raise ValueError where it is damaged."""
    wanted = Wanted(tuple(action.value for action in actions))
    for part in parts(connection, wanted) if is_log(connection) else ():
        where, parameters = part.where(wanted)
        row = connection.execute(
            f"SELECT body FROM audit WHERE {where} AND body IS NOT NULL ORDER BY seq DESC LIMIT 1",  # noqa: S608 - ours
            parameters,
        ).fetchone()
        if row is not None:
            return record_of(row[0])
    return None


@_MIGRATIONS()
def create_audit(database: Database) -> None:
    """Create the trail as a chain of hashes, as the first version had it."""
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


FENCE = (
    "CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is never altered'); END"
)
"""A fence against mistakes; what an attacker cannot mend are the hashes, and the checkpoints that are elsewhere."""

ZONE_FENCE = FENCE.replace("audit_is", "audit_zone_is").replace("ON audit ", "ON audit_zone ")

_TREE = """
ALTER TABLE audit RENAME TO former_audit

DROP TRIGGER audit_is_not_altered

DROP TRIGGER audit_is_not_deleted

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    action TEXT NOT NULL,
    user TEXT NOT NULL,
    body TEXT,
    leaf BLOB NOT NULL
) STRICT

CREATE INDEX audit_by_time ON audit (time)

CREATE INDEX audit_by_action ON audit (action, seq)

CREATE INDEX audit_by_user ON audit (user, seq) WHERE user <> ''

CREATE TABLE node (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    h BLOB NOT NULL,
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT

CREATE TABLE audit_document (
    digest TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END

CREATE TRIGGER audit_only_grows_at_its_end BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END

CREATE TRIGGER node_is_not_altered BEFORE UPDATE ON node
BEGIN SELECT RAISE(ABORT, 'the audit trail is never altered'); END

CREATE TRIGGER node_is_not_deleted BEFORE DELETE ON node
BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END

CREATE TRIGGER checkpoint_is_not_altered BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never altered'); END

CREATE TRIGGER checkpoint_is_not_deleted BEFORE DELETE ON checkpoint
WHEN NOT EXISTS (SELECT 1 FROM checkpoint WHERE size > OLD.size AND size / 1000 = OLD.size / 1000)
BEGIN SELECT RAISE(ABORT, 'a checkpoint is only replaced by a later one'); END
"""
"""REPLACE deletes without a trigger, hence one for rows that are inserted."""


_ZONES = f"""
{TABLE}

CREATE TRIGGER audit_zone_is_not_deleted BEFORE DELETE ON audit_zone
BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END

{ZONE_FENCE}

DROP INDEX audit_by_time

DROP INDEX audit_by_action

DROP INDEX audit_by_user
"""


@_MIGRATIONS()
def grow_a_tree(database: Database) -> None:
    """Make a Merkle log of the chain: each record keeps its text, number and leaf; links can be made from the leaves.

    What was wrong with the chain is told by the first record that is added, since nobody could see it later.
    """
    connection = database.conn
    with transaction(connection):  # not by executescript, which would commit each statement
        for statement in (*_TREE.split("\n\n"), FENCE):
            connection.execute(statement)
        former = connection.execute("SELECT number, body, leaf, link FROM former_audit ORDER BY number").fetchall()
        if former:
            _move(connection, former)
        connection.execute("DROP TABLE former_audit")


def _move(connection: PlantConnection | sqlite3.Connection, former: Sequence[tuple[int, str, bytes, bytes]]) -> None:
    faults, edge, link = [], Edge(), NO_LINK
    for place, (number, body, leaf, row_link) in enumerate(former, 1):
        essence, link = essence_of(body), link_of(link, leaf)
        if number != place or essence.number != str(number) or leaf_hash(body.encode()) != leaf or link != row_link:
            faults.append(str(number))
        connection.execute(
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
            (place, int(essence.time or 0), essence.action, essence.user, body, leaf),
        )
        connection.executemany("INSERT INTO node VALUES (?, ?, ?)", edge.add(leaf))
    told = f"not as they were written: {', '.join(faults[:100])}" if faults else "all as they were written"
    reason = f"records 1 to {len(former)} were a chain of hashes that ended with {link.hex()}; {told}"
    assert isinstance(connection, PlantConnection)  # noqa: S101 - migrate opens it so
    Tail(connection).append([AuditRecord(clock.now_ns(), AuditAction.LOG_MIGRATED, reason=reason)])


@_MIGRATIONS()
def divide_into_zones(database: Database) -> None:
    """Say of every 256 records who did what in them, so that no index has to be written with each."""
    connection = database.conn
    assert isinstance(connection, PlantConnection)  # noqa: S101 - migrate opens it so
    with transaction(connection):
        for statement in _ZONES.split("\n\n"):
            connection.execute(statement)
        note_zones(connection, range(size_of(connection) // ZONE))
