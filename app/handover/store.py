"""Handovers in the plant's SQLite file: every step for good, and the record of each report that was signed.

`handover_step` only grows, one row for each step; points and handovers are what the newest rows say of them.
`handover_report` holds records under their SHA-256. The log of the plant has the digest of each step's body, and the
body of a handover that of its report: whoever changes one of them is found by `faults`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import PlantConnection, has_table, transaction
from app.handover.desk import HandoverStep
from app.migration import migrate
from app.model.actor import Actor
from app.model.handover import Handover, HandoverAction, OpenPoint
from app.model.role import Role
from app.past import grown_by_time

MOST_BYTES = 32 << 20
"""A record of a report is not longer; a longer one was made to fill the memory."""

_MIGRATIONS = Migrations("foreshift.handover")
_encoder = msgspec.json.Encoder(order="sorted")
_points = msgspec.json.Decoder(OpenPoint)
_handovers = msgspec.json.Decoder(Handover)

PAST = (grown_by_time("handover_step"),)


class ReportTooLong(Exception):
    """A compressed record is no record, or too long."""


@dataclass(frozen=True, slots=True)
class HandoverFault:
    """What is not as it was sealed: a step by its `number`, and what is wrong with it."""

    number: int
    text: str


class HandoverStore:
    """Writes over the one writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the tables up to date on `connection`, which stays the caller's; raise DatabaseError.

        `is_migrated`: whether that was done since the process began.
        """
        self._connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS)

    def record(self, step: HandoverStep, report: bytes = b"") -> str:
        """Store a step with its compressed report, in the caller's transaction where one is open; return its digest."""
        body = body_of(step)
        with transaction(self._connection):
            self._connection.execute(
                "INSERT INTO handover_step VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    step.number,
                    step.time,
                    step.action.value,
                    step.who.name.strip(),
                    step.who.role or "",
                    step.who.window,
                    body,
                ),
            )
            if report and step.handover is not None:
                self._connection.execute(
                    "INSERT OR IGNORE INTO handover_report VALUES (?, ?)", (step.handover.report, report)
                )
        return digest_of(body)


def body_of(step: HandoverStep) -> str:
    """Return the text of what a step left behind, keys sorted, so that its digest is always the same."""
    return _encoder.encode(step.point if step.point is not None else step.handover).decode()


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def packed(record: str) -> bytes:
    """Return the record of a report as it is sent and stored."""
    return zlib.compress(record.encode(), 9)


def unpacked(report: bytes) -> str:
    """Return the record in a compressed one; raise ReportTooLong where it is none."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(report, MOST_BYTES)
        if not unpacking.eof:
            raise ReportTooLong("the record of the report is not whole, or too long")
        return content.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise ReportTooLong(f"the record of the report cannot be read: {error}") from error


def has_step(connection: PlantConnection, number: int) -> bool:
    """Return whether a step is stored."""
    return connection.execute("SELECT 1 FROM handover_step WHERE number = ?", (number,)).fetchone() is not None


def steps(connection: PlantConnection) -> list[HandoverStep]:
    """Return every step that can be read, oldest first; a file without handovers has none."""
    return list(_readable(connection))


def last_number(connection: PlantConnection) -> int:
    """Return the number of the newest step, whether or not it can be read; 0 where there is none."""
    if not has_table(connection, "handover_step"):
        return 0
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM handover_step").fetchone()[0])


def report_of(connection: PlantConnection, digest: str) -> str | None:
    """Return the record of the report with a digest, None where the file has none that is readable."""
    if not has_table(connection, "handover_report"):
        return None
    row = connection.execute("SELECT content FROM handover_report WHERE digest = ?", (digest,)).fetchone()
    try:
        return None if row is None else unpacked(row[0])
    except ReportTooLong:
        return None


def faults(connection: PlantConnection, sealed: Mapping[int, str]) -> list[HandoverFault]:
    """Return what differs from `sealed`: the digest of each step, by its number, as the log of the plant has it."""
    found = []
    stored = {row[0]: row[-1] for row in _rows(connection)}
    for number, digest in sealed.items():
        if number not in stored:
            found.append(HandoverFault(number, f"handover step {number} is gone"))
        elif digest_of(stored[number]) != digest:
            found.append(HandoverFault(number, f"handover step {number} is not as it was written"))
    found += [
        HandoverFault(number, f"handover step {number} is not in the log") for number in stored if number not in sealed
    ]
    for step in _readable(connection):
        if step.action is HandoverAction.HAND_OVER and step.handover is not None:
            record = report_of(connection, step.handover.report)
            if record is None or digest_of(record) != step.handover.report:
                text = f"the report of {step.handover.key} is not the one that was signed"
                found.append(HandoverFault(step.number, text))
    return sorted(found, key=lambda fault: fault.number)


def _readable(connection: PlantConnection) -> Iterator[HandoverStep]:
    for row in _rows(connection):
        try:
            yield _step(row)
        except ValueError:  # told as not as it was written
            continue


def _rows(connection: PlantConnection) -> Sequence[tuple[int, int, str, str, str, str, str]]:
    if not has_table(connection, "handover_step"):
        return []
    return connection.execute(
        "SELECT number, time, action, user, role, window, body FROM handover_step ORDER BY number"
    ).fetchall()


def _step(row: tuple[int, int, str, str, str, str, str]) -> HandoverStep:
    number, time, word, user, role, window, body = row
    action = HandoverAction(word)
    who = Actor(window, user, Role(role) if role else None)
    if action in {HandoverAction.NOTE, HandoverAction.CLOSE}:
        return HandoverStep(number, time, action, who, point=_points.decode(body))
    return HandoverStep(number, time, action, who, handover=_handovers.decode(body))


@_MIGRATIONS()
def create_handovers(database: Database) -> None:
    """Create the steps and the reports, which both only grow."""
    database.executescript(
        """
        CREATE TABLE handover_step (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            action TEXT NOT NULL,
            user TEXT NOT NULL,
            role TEXT NOT NULL,
            window TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TABLE handover_report (
            digest TEXT PRIMARY KEY,
            content BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER handover_step_is_not_altered BEFORE UPDATE ON handover_step
        BEGIN SELECT RAISE(ABORT, 'a step of a handover is never altered'); END;
        CREATE TRIGGER handover_step_is_not_deleted BEFORE DELETE ON handover_step
        BEGIN SELECT RAISE(ABORT, 'a step of a handover is never deleted'); END;
        CREATE TRIGGER handover_report_is_not_altered BEFORE UPDATE ON handover_report
        BEGIN SELECT RAISE(ABORT, 'a signed report is never altered'); END;
        CREATE TRIGGER handover_report_is_not_deleted BEFORE DELETE ON handover_report
        BEGIN SELECT RAISE(ABORT, 'a signed report is never deleted'); END;
        """
    )
