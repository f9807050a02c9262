"""Zones of the log: a search by them finds what a reading of all finds, and verify finds one that was altered."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.audit.dropping import drop_bodies
from app.audit.journal import AuditJournal, lines_with, newest, page
from app.audit.pack import numbers_between
from app.audit.search import AuditQuery, between, persons, search_all
from app.audit.verdict import FaultKind
from app.audit.verification import verify
from app.audit.zone import ZONE, Wanted, parts
from app.database import PlantConnection, open_reader, open_writer
from app.model.audit import AuditAction, AuditRecord
from drivers import secret_store

RECORDS = 3 * ZONE + 40
PEOPLE = ("", "", "", "李娜", 'otto "the\n2nd"', "otto")
RARE = 'Ada, who came once "only"'
ACTIONS = (AuditAction.ALARM_CHANGED, AuditAction.ALARM_CHANGED, AuditAction.WRITE_INTENT, AuditAction.SIGN_IN)


def deeds() -> list[AuditRecord]:
    chance = random.Random(7)
    made = [
        AuditRecord(1_000 + 10 * n + chance.randint(-50, 50), chance.choice(ACTIONS), user=chance.choice(PEOPLE))
        for n in range(RECORDS)
    ]
    made[300] = AuditRecord(4_000, AuditAction.USER_ADDED, user=RARE)
    return made


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zones") / "history.sqlite"
    with closing(open_writer(path)) as connection:
        journal = AuditJournal(connection)
        records = deeds()
        for start in range(0, RECORDS, 50):  # zones end within a batch, and with one
            journal.append(records[start : start + 50])
    return path


@pytest.fixture
def connection(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlantConnection]:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    monkeypatch.setattr("app.audit.zone._PAGE", 2)
    with closing(open_reader(written)) as source, closing(sqlite3.connect(tmp_path / "history.sqlite")) as copy:
        source.backup(copy)
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        yield connection


def _fits(query: AuditQuery, record: AuditRecord) -> bool:
    return (
        query.kind in ("", record.action.kind)
        and query.person in ("", record.user)
        and query.start <= record.time < (query.end or 10**18)
    )


QUERIES = (
    AuditQuery(),
    AuditQuery(person="otto"),
    AuditQuery(person='otto "the\n2nd"', kind="write"),
    AuditQuery(person=RARE),
    AuditQuery(kind="sign_in", start=3_000, end=6_000),
    AuditQuery(kind="user"),
    AuditQuery(start=3_555, end=3_600),
    AuditQuery(person="nobody"),
    AuditQuery(person="李娜", before=2 * ZONE + 7),
)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_that_a_search_finds_what_a_reading_of_all_finds(connection: PlantConnection, query: AuditQuery) -> None:
    wanted = [
        number
        for number, record in reversed([*enumerate(deeds(), 1)])
        if _fits(query, record) and (not query.before or number < query.before)
    ]
    assert [line.number for line in search_all(connection, query)] == wanted


def test_that_a_rare_deed_is_looked_for_in_its_zone_and_the_newest_records_alone(connection: PlantConnection) -> None:
    found = [*parts(connection, Wanted(user=RARE))]
    assert [(part.first, part.last) for part in found] == [(3 * ZONE + 1, RECORDS), (ZONE + 1, 2 * ZONE)]
    assert found[1].numbers == [301]


def test_that_what_else_asks_the_log_has_the_same_answers_by_zones(connection: PlantConnection) -> None:
    records = [*enumerate(deeds(), 1)]
    signed_in = [number for number, record in records if record.action is AuditAction.SIGN_IN]
    assert [line.number for line in lines_with(connection, AuditAction.SIGN_IN)] == signed_in
    added = newest(connection, AuditAction.USER_ADDED)
    assert added is not None
    assert added.user == RARE
    assert newest(connection, AuditAction.SIGN_OFF) is None
    assert persons(connection) == tuple(sorted({*PEOPLE, RARE} - {""}))
    of_time = [(record.time, number) for number, record in records if 3_000 <= record.time < 6_000]
    assert numbers_between(connection, 3_000, 6_000) == (min(n for _, n in of_time), max(n for _, n in of_time))
    writes = sorted(pair for pair in of_time if records[pair[1] - 1][1].action is AuditAction.WRITE_INTENT)
    shown = between(connection, [AuditAction.WRITE_INTENT], 3_000, 6_000, limit=20)
    assert [(line.time, line.number) for line in shown] == writes[-20:]


@pytest.mark.parametrize(
    ("statement", "record"),
    [
        ("UPDATE audit_zone SET user_of = zeroblob(256) WHERE zone = 1", ZONE + 1),
        ("UPDATE audit_zone SET actions = replace(actions, 'user.added', 'sign_off') WHERE zone = 1", ZONE + 1),
        ("UPDATE audit_zone SET last = last - 1 WHERE zone = 2", 2 * ZONE + 1),
        ("DELETE FROM audit_zone WHERE zone = 0", 1),
        ("DELETE FROM audit_zone WHERE zone = 2", 2 * ZONE + 1),
        (
            "INSERT INTO audit_zone SELECT 3, first, last, actions, action_of, users, user_of FROM audit_zone LIMIT 1",
            769,
        ),
    ],
    ids=["who", "what", "when", "first gone", "last gone", "one too many"],
)
def test_that_verify_names_a_zone_that_does_not_say_what_its_records_say(
    connection: PlantConnection, statement: str, record: int
) -> None:
    assert verify(connection).faults == []
    connection.execute("DROP TRIGGER audit_zone_is_not_deleted")
    connection.execute("DROP TRIGGER audit_zone_is_not_altered")
    connection.execute(statement)
    assert [(fault.kind, fault.number) for fault in verify(connection).faults] == [(FaultKind.EDITED, record)]


def test_that_a_name_that_is_dropped_is_dropped_from_the_zones(connection: PlantConnection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never altered"):
        connection.execute("UPDATE audit_zone SET users = '[]'")
    drop_bodies(AuditJournal(connection), 5_000, AuditRecord(9_999, AuditAction.LOG_BODIES_DROPPED, user="otto"))
    assert RARE not in persons(connection)
    assert verify(connection).faults == []
    with pytest.raises(sqlite3.IntegrityError, match="never altered"):
        connection.execute("UPDATE audit_zone SET users = '[]'")


def test_that_a_file_of_an_older_version_is_read_without_zones_and_gets_them(connection: PlantConnection) -> None:
    for statement in (
        "DROP TABLE audit_zone",
        "CREATE INDEX audit_by_time ON audit (time)",
        "CREATE INDEX audit_by_action ON audit (action, seq)",
        "CREATE INDEX audit_by_user ON audit (user, seq) WHERE user <> ''",
        "DELETE FROM _sqlite_migrations WHERE name = 'divide_into_zones'",
    ):
        connection.execute(statement)
    query = AuditQuery(person="otto", kind="write")
    before = (verify(connection).faults, persons(connection), [*search_all(connection, query)])
    AuditJournal(connection)
    assert connection.execute("SELECT count(*) FROM audit_zone").fetchone() == (3,)
    assert (verify(connection).faults, persons(connection), [*search_all(connection, query)]) == before
    assert before[0] == []
    assert page(connection)[0].number == RECORDS
    assert not list(connection.path.parent.glob("*.before-*")), "nothing that is stored was changed: no copy"
