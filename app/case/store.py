"""Cases in the plant's SQLite file: records, evidence, and the changes that verdicts made.

`equipment_case`: the present state of each case; the file itself keeps a second one of an Equipment from being open.
`case_evidence`: lines, which are never altered. `case_effect`: changes, of which only the undoing is added later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.case.book import MOST_REMEMBERED, CasePast
from app.database import PlantConnection, has_table, transaction
from app.migration import migrate
from app.model.case import CaseEffect, CaseEvidence, CaseRecord, CaseWrite
from app.past import PastTable, grown_by_time

_MIGRATIONS = Migrations("foreshift.case")
_encoder = msgspec.json.Encoder()
_records = msgspec.json.Decoder(CaseRecord)
_lines = msgspec.json.Decoder(CaseEvidence)
_effects = msgspec.json.Decoder(CaseEffect)

PAST = (
    PastTable(
        "equipment_case", "SELECT * FROM main.equipment_case WHERE closed BETWEEN 1 AND :at", times=("opened", "closed")
    ),
    grown_by_time("case_evidence"),
    PastTable(
        "case_effect",
        """
        SELECT number, number_of_case, iif(undone > :at, 0, undone) AS undone,
               iif(undone > :at, json_set(body, '$.undone', 0, '$.undone_by', '', '$.undone_reason', ''), body) AS body
        FROM main.case_effect WHERE json_extract(body, '$.made') <= :at
        """,
        times=("undone",),
    ),
)
"""Of the cases those that were closed: how one that was open then looked, app.case.instant tells from its evidence."""


class CaseStore:
    """Writes cases over a writing connection to the plant's file, which stays the caller's."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the tables up to date, unless that has been done; raise DatabaseError."""
        self._connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS)

    def write(self, writes: Iterable[CaseWrite]) -> None:
        """Put steps on disk in their order, in one transaction (the caller's, where one is open)."""
        with transaction(self._connection):
            for step in writes:
                self._write_step(step)

    def _write_step(self, step: CaseWrite) -> None:
        execute = self._connection.executemany
        execute(
            "INSERT INTO equipment_case (number, equipment, opened, closed, body) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET closed = excluded.closed, body = excluded.body",
            [(each.number, each.equipment, each.opened, each.closed, _text(each)) for each in step.cases],
        )
        execute(
            "INSERT INTO case_evidence (number, line, time, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(each.case, each.number, each.time, _text(each)) for each in step.evidence],
        )
        execute(
            "INSERT INTO case_effect (number, number_of_case, undone, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET undone = excluded.undone, body = excluded.body",
            [(each.number, each.case, each.undone, _text(each)) for each in step.effects],
        )


def past_of(connection: PlantConnection) -> CasePast:
    """Return what a book of cases goes on from; a file without cases has none."""
    if not has_table(connection, "equipment_case"):
        return CasePast()
    opened = cases(connection, is_open=True, limit=-1)
    closed = {record.number: record for record in cases(connection, is_open=False, limit=MOST_REMEMBERED)}
    newest = connection.execute(
        "SELECT body FROM equipment_case WHERE number IN "
        "(SELECT max(number) FROM equipment_case WHERE closed > 0 GROUP BY equipment)"
    )
    closed.update((record.number, record) for (body,) in newest.fetchall() for record in [_records.decode(body)])
    return CasePast(
        tuple(closed.values()),
        tuple((record, tuple(evidence(connection, record.number))) for record in opened),
        tuple(effects(connection)),
    )


def cases(
    connection: PlantConnection,
    *,
    is_open: bool | None = None,
    equipment: Sequence[str] = (),
    before: int = 0,
    limit: int = 200,
) -> list[CaseRecord]:
    """Return cases, newest first; `before`: only those numbered below it, 0 for all; `limit` < 0: without a limit."""
    if not has_table(connection, "equipment_case"):
        return []
    where, parameters = ["1"], list[str | int]()
    if is_open is not None:
        where.append("closed = 0" if is_open else "closed > 0")
    if before:
        where.append("number < ?")
        parameters.append(before)
    if equipment:
        where.append(f"equipment IN ({', '.join('?' * len(equipment))})")
        parameters += equipment
    rows = connection.execute(
        f"SELECT body FROM equipment_case WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?",  # noqa: S608 - constants
        [*parameters, limit if limit < 0 else min(limit, MOST_REMEMBERED)],
    )
    return [_records.decode(body) for (body,) in rows.fetchall()]


def evidence(connection: PlantConnection, case: int) -> list[CaseEvidence]:
    """Return the lines of evidence of one case, oldest first."""
    if not has_table(connection, "case_evidence"):
        return []
    rows = connection.execute("SELECT body FROM case_evidence WHERE number = ? ORDER BY line", (case,))
    return [_lines.decode(body) for (body,) in rows.fetchall()]


def effects(connection: PlantConnection) -> list[CaseEffect]:
    """Return the changes that verdicts made, oldest first, also those that were undone."""
    if not has_table(connection, "case_effect"):
        return []
    return [
        _effects.decode(body)
        for (body,) in connection.execute("SELECT body FROM case_effect ORDER BY number").fetchall()
    ]


def _text(value: CaseRecord | CaseEvidence | CaseEffect) -> str:
    return _encoder.encode(value).decode()


@_MIGRATIONS()
def create_cases(database: Database) -> None:
    """Create the three tables."""
    database.executescript(
        """
        CREATE TABLE equipment_case (
            number INTEGER PRIMARY KEY,
            equipment TEXT NOT NULL,
            opened INTEGER NOT NULL,
            closed INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX one_open_case ON equipment_case (equipment) WHERE closed = 0;
        CREATE INDEX case_by_equipment ON equipment_case (equipment, number);
        CREATE TABLE case_evidence (
            number INTEGER NOT NULL REFERENCES equipment_case (number),
            line INTEGER NOT NULL,
            time INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (number, line)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE case_effect (
            number INTEGER PRIMARY KEY,
            number_of_case INTEGER NOT NULL REFERENCES equipment_case (number),
            undone INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER case_evidence_is_not_altered BEFORE UPDATE ON case_evidence
        BEGIN SELECT RAISE(ABORT, 'evidence is never altered'); END;
        CREATE TRIGGER case_evidence_is_not_deleted BEFORE DELETE ON case_evidence
        BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
        CREATE TRIGGER case_is_not_deleted BEFORE DELETE ON equipment_case
        BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END;
        CREATE TRIGGER case_effect_is_not_deleted BEFORE DELETE ON case_effect
        BEGIN SELECT RAISE(ABORT, 'a change is never deleted'); END;
        """
    )
