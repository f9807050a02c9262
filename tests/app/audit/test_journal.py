"""The audit trail: it only grows, and every alteration of the file is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.body import body_of, record_of
from app.audit.journal import AuditJournal, page, size_of, unfinished
from app.audit.tail import StoredTree
from app.audit.verification import verify
from app.database import DatabaseError, PlantConnection, open_reader, open_writer
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.content import is_nothing

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
    assert (newest.time, newest.action) == (1_000 + ROWS - 1, "write.intent")
    assert [line.number for line in page(connection, 5, limit=2)] == [4, 3]


def test_that_neither_a_row_is_altered_nor_taken_out_by_mistake(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        for statement in (
            "UPDATE audit SET body = '{}'",
            "DELETE FROM audit",
            "UPDATE audit SET body = NULL WHERE seq = 1",
            "REPLACE INTO audit VALUES (1, 0, '', '', '', x'')",
            "INSERT INTO audit VALUES (99, 0, '', '', '', x'')",
        ):
            with pytest.raises((sqlite3.IntegrityError, DatabaseError)):
                connection.execute(statement)
        assert verify(connection).faults == []


def test_that_two_processes_append_to_one_log(path: Path) -> None:
    with closing(open_writer(path)) as first, closing(open_writer(path)) as second:
        journals = [AuditJournal(first), AuditJournal(second)]
        for n in range(600):
            journals[n % 2].append([record(100 + n)])
        found = verify(first)
        assert found.faults == []
        assert found.size == size_of(first) == ROWS + 600
        assert found.root == StoredTree(first).root(ROWS + 600)
        for statement in ("DELETE FROM node", "UPDATE node SET h = x''"):
            with pytest.raises(sqlite3.IntegrityError):
                first.execute(statement)


def test_that_a_transaction_that_was_undone_leaves_no_trace_in_the_tree(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        journal = AuditJournal(connection)
        connection.execute("BEGIN IMMEDIATE")
        journal.append([record(70), record(71)])
        connection.rollback()
        journal.append([record(72), record(73)])
        assert (verify(connection).faults, size_of(connection)) == ([], ROWS + 2)


def test_that_a_clock_that_was_set_back_is_a_record_of_the_log(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        journal = AuditJournal(connection)
        for now in (5_000, 9_000, 4_000, 4_500):
            with clock.frozen(now):
                journal.append([record(1)])
        assert [line.action for line in page(connection)][1:3] == ["write.intent", "log.clock_set_back"]
        assert '"reason":"from 9000 to 4000 ns UTC"' in connection.execute("SELECT body FROM audit").fetchall()[2][0]
        assert verify(connection).faults == []


def test_that_only_intents_without_a_result_are_unfinished(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        journal = AuditJournal(connection)
        journal.append([record(1, operation="a"), record(2, operation="b"), record(3, operation="c")])
        journal.append([record(4, AuditAction.WRITE_RESULT, "b"), record(5, AuditAction.WRITE_REFUSED, "a")])
        assert [entry.operation for entry in unfinished(connection)] == ["a", "c"]
        journal.append([record(6, operation="d")])
        assert [entry.operation for entry in unfinished(connection)] == ["a", "c", "d"]


def test_that_a_file_without_a_trail_has_nothing_to_verify(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        assert verify(connection).size == 0
        assert (page(connection), unfinished(connection)) == ([], [])


@given(st.text(max_size=20), st.text(max_size=20), NUMBERS, NUMBERS)
def test_that_any_record_reads_back_from_its_text(user: str, reason: str, old: float, new: float) -> None:
    user, reason = (text.encode("utf-8", "replace").decode() for text in (user, reason))
    written = AuditRecord(-5, AuditAction.SIGN_IN, user=user, reason=reason, old=old, new=new)
    assert repr(record_of(body_of(written, 3))) == repr(written)
    assert is_nothing(record_of(body_of(written, 3)).read)
