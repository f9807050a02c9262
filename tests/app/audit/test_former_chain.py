"""A file of the version that kept a chain of hashes: all of it is in the log, and an end noted then still proves."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.alarm.journal import AlarmJournal
from app.alarm.journal import page as alarm_page
from app.alarm.line_digest import line_digests
from app.audit.journal import AuditJournal, page, unfinished
from app.audit.verdict import Head, Known
from app.audit.verification import verify
from app.collector.alarm_log import log_former_lines
from app.database import open_writer

FORMER = Path(__file__).parent / "former" / "chain.sqlite"
END = Head(5, bytes.fromhex("a1f3387584fdef4c2311b278e7a68f105ab7213ad5c81762495181875c342739"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shutil.copy(FORMER, tmp_path / "history.sqlite")
    return tmp_path / "history.sqlite"


def test_that_every_record_and_alarm_line_of_a_former_file_is_in_the_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as former:
        bodies = former.execute("SELECT number, body, leaf FROM audit").fetchall()
        lines = former.execute("SELECT * FROM alarm_change").fetchall()
    with closing(open_writer(path)) as connection:
        AlarmJournal(connection)
        journal = AuditJournal(connection)
        assert log_former_lines(connection, journal) == 2
        assert log_former_lines(connection, journal) == 0
        kept = connection.execute("SELECT seq, body, leaf FROM audit").fetchall()
        assert kept[:5] == bodies
        assert [row[:-1] for row in connection.execute("SELECT * FROM alarm_change")] == lines
        actions = [line.action for line in reversed(page(connection))][5:]
        assert actions == ["log.migrated", "log.migrated", "alarm.changed", "alarm.operated"]
        assert [entry.record.comment for entry in alarm_page(connection)] == ["seen", ""]
        newest = page(connection)[0].record
        assert newest is not None
        assert (newest.user, newest.outcome, newest.line) == ("Li Na 李娜", "acknowledged", 2)
        assert [intent.operation for intent in unfinished(connection)] == ["op1", "op3"]
        assert verify(connection, Known(noted=END, lines=line_digests(connection))).faults == []
        (fault,) = verify(connection, Known(noted=Head(5, bytes(32)))).faults
        assert "does not go through" in str(fault)


def test_that_a_chain_that_was_altered_before_says_so_in_the_log_for_ever(path: Path) -> None:
    with closing(sqlite3.connect(path)) as attacker, attacker:
        attacker.execute("DROP TRIGGER audit_is_not_altered")
        attacker.execute("UPDATE audit SET body = replace(body, '7.25', '7.26') WHERE number = 3")
        attacker.execute(
            "CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with closing(open_writer(path)) as connection:
        AuditJournal(connection)
        told = page(connection)[0].record
        assert told is not None
        assert "not as they were written: 3" in told.reason
        assert [fault.number for fault in verify(connection).faults] == [3]
