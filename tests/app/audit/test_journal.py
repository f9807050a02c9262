"""The audit trail: it only grows, and every alteration of the file is found."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.body import body_of, leaf_of, link_of, record_of
from app.audit.journal import AuditJournal, Head, head_of, page, unfinished, verify
from app.database import DatabaseError, PlantConnection, open_reader, open_writer
from app.model.audit import AuditAction, AuditRecord

ROWS = 12
NUMBERS = st.floats(allow_infinity=False)


def record(n: int, action: AuditAction = AuditAction.WRITE_INTENT, operation: str = "") -> AuditRecord:
    return AuditRecord(
        1_000 + n,
        action,
        operation or f"op{n}",
        "Li Na 李娜",
        "operator",
        "window 7",
        "AC01.P_SP",
        old=6.8,
        new=6.8 + n,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        AuditJournal(connection).append([record(n) for n in range(ROWS)])
    return path


@pytest.fixture
def connection(path: Path) -> Iterator[PlantConnection]:
    with closing(open_reader(path)) as connection:
        yield connection


def test_that_records_come_back_newest_first_as_they_were(connection: PlantConnection) -> None:
    newest, *_, oldest = page(connection)
    assert (newest.number, oldest.number) == (ROWS, 1)
    assert repr(newest.record) == repr(record(ROWS - 1))
    assert [line.number for line in page(connection, 5, limit=2)] == [4, 3]


def test_that_an_untouched_trail_verifies_through_every_end_that_was_noted(connection: PlantConnection) -> None:
    found = verify(connection)
    assert (found.head, found.faults) == (head_of(connection), ())
    rows = connection.execute("SELECT number, link FROM audit").fetchall()
    assert all(verify(connection, Head(*row)).faults == () for row in rows)


def test_that_neither_a_row_is_altered_nor_taken_out_by_mistake(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        for statement in (
            "UPDATE audit SET body = '{}'",
            "DELETE FROM audit",
            "REPLACE INTO audit VALUES (1, '', '', '')",
        ):
            with pytest.raises((sqlite3.IntegrityError, DatabaseError)):
                connection.execute(statement)
        assert verify(connection).faults == ()


def alter(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("UPDATE audit SET body = replace(body, '6.8', '6.9') WHERE number = ?", (number,))


def alter_with_its_hash(connection: sqlite3.Connection, number: int) -> None:
    body = body_of(record(99), number)
    connection.execute("UPDATE audit SET body = ?, leaf = ? WHERE number = ?", (body, leaf_of(body), number))


def alter_with_its_link(connection: sqlite3.Connection, number: int) -> None:
    alter_with_its_hash(connection, number)
    (before,) = connection.execute("SELECT link FROM audit WHERE number = ?", (number - 1,)).fetchone()
    leaf = leaf_of(body_of(record(99), number))
    connection.execute("UPDATE audit SET link = ? WHERE number = ?", (link_of(before, leaf), number))


def take_out(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("DELETE FROM audit WHERE number = ?", (number,))


def take_out_and_close_up(connection: sqlite3.Connection, number: int) -> None:
    take_out(connection, number)
    connection.execute("UPDATE audit SET number = number - 1 WHERE number > ?", (number,))


def swap(connection: sqlite3.Connection, number: int) -> None:
    for old, new in ((number, -1), (number + 1, number), (-1, number + 1)):
        connection.execute("UPDATE audit SET number = ? WHERE number = ?", (new, old))


def add(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("UPDATE audit SET number = -number - 1 WHERE number >= ?", (number,))
    connection.execute("UPDATE audit SET number = -number WHERE number < 0")
    body = body_of(record(50), number)
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (number, body, leaf_of(body), bytes(32)))


@pytest.mark.parametrize("number", [2, 5, ROWS - 1])
@pytest.mark.parametrize(
    "attack",
    [alter, alter_with_its_hash, alter_with_its_link, take_out, take_out_and_close_up, swap, add],
    ids=lambda attack: attack.__name__,
)
def test_that_every_alteration_is_found(
    path: Path, attack: Callable[[sqlite3.Connection, int], None], number: int
) -> None:
    with closing(sqlite3.connect(path)) as attacker, attacker:
        for trigger in ("audit_is_not_altered", "audit_is_not_deleted"):
            attacker.execute(f"DROP TRIGGER {trigger}")
        attack(attacker, number)
    with closing(open_reader(path)) as connection:
        assert verify(connection).faults


def test_that_a_tail_that_was_cut_off_is_found_by_whoever_noted_its_end(path: Path) -> None:
    with closing(open_reader(path)) as connection:
        noted = head_of(connection)
    with closing(sqlite3.connect(path)) as attacker, attacker:
        attacker.execute("DROP TRIGGER audit_is_not_deleted")
        attacker.execute("DELETE FROM audit WHERE number > 8")
    with closing(open_reader(path)) as connection:
        assert verify(connection).faults == ()
        (fault,) = verify(connection, noted).faults
    assert "cut off" in fault


def test_that_each_bit_of_every_row_counts(path: Path) -> None:
    chance = random.Random(1)
    with closing(sqlite3.connect(path)) as attacker:
        attacker.execute("DROP TRIGGER audit_is_not_altered")
        for _ in range(60):
            number, column = chance.randint(1, ROWS), chance.choice(["leaf", "link"])
            (kept,) = attacker.execute(f"SELECT {column} FROM audit WHERE number = ?", (number,)).fetchone()  # noqa: S608 - column is leaf or link
            place, bit = chance.randrange(len(kept)), 1 << chance.randrange(8)
            flipped = bytes([*kept[:place], kept[place] ^ bit, *kept[place + 1 :]])
            attacker.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", (flipped, number))  # noqa: S608 - column is leaf or link
            attacker.commit()
            with closing(open_reader(path)) as connection:
                assert verify(connection).faults, (number, column, place)
            attacker.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", (kept, number))  # noqa: S608 - column is leaf or link
            attacker.commit()
    with closing(open_reader(path)) as connection:
        assert verify(connection).faults == ()


def test_that_two_processes_append_to_one_chain(path: Path) -> None:
    with closing(open_writer(path)) as first, closing(open_writer(path)) as second:
        journals = [AuditJournal(first), AuditJournal(second)]
        for n in range(6):
            journals[n % 2].append([record(100 + n)])
        assert verify(first).faults == ()
        assert head_of(first).number == ROWS + 6


def test_that_only_intents_without_a_result_are_unfinished(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        journal = AuditJournal(connection)
        journal.append([record(1, operation="a"), record(2, operation="b"), record(3, operation="c")])
        journal.append([record(4, AuditAction.WRITE_RESULT, "b"), record(5, AuditAction.WRITE_REFUSED, "a")])
        assert [entry.operation for entry in unfinished(connection)] == ["a", "c"]
        journal.append([record(6, operation="b")])
        assert [entry.operation for entry in unfinished(connection)] == ["a", "c", "b"]


def test_that_a_file_without_a_trail_has_nothing_to_verify(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        assert verify(connection).head.number == 0
        assert (page(connection), unfinished(connection)) == ([], [])


@given(st.text(max_size=20), st.text(max_size=20), NUMBERS, NUMBERS)
def test_that_any_record_reads_back_from_its_text(user: str, reason: str, old: float, new: float) -> None:
    user, reason = (text.encode("utf-8", "replace").decode() for text in (user, reason))
    written = AuditRecord(-5, AuditAction.SIGN_IN, user=user, reason=reason, old=old, new=new)
    assert repr(record_of(body_of(written, 3))) == repr(written)
    assert math.isnan(record_of(body_of(written, 3)).read)
