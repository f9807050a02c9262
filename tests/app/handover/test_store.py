"""Handovers in a real SQLite file: kept for good, and found out where somebody changes them."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.audit.journal import AuditJournal
from app.collector.handover_log import write_handover
from app.database import PlantConnection, open_reader, open_writer
from app.handover import store
from app.handover.desk import HandoverDesk, HandoverStep
from app.handover.store import HandoverStore, ReportTooLong, digest_of, packed, unpacked
from app.model.handover import HandoverAction, HandoverCommand
from app.report.seal import handover_faults
from tests.app.handover.test_desk import CALENDAR, LI, NOW, WANG, done, note, over, take

RECORD = '{"key":"2026-11-25/early"}'


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as opened:
        HandoverStore(opened)
        yield opened


@pytest.fixture
def steps(connection: PlantConnection) -> list[HandoverStep]:
    """One whole handover with a point that was closed, in the file and in its log."""
    desk = HandoverDesk(CALENDAR, ["PU01"])
    journal = AuditJournal(connection)
    found = []
    close = HandoverCommand(HandoverAction.CLOSE, 1, text="new seal")
    amend = HandoverCommand(HandoverAction.AMEND, 1, text="it was PU02")
    commands = ((note(), LI), (over(), LI), (take(text="so be it"), WANG), (close, WANG), (amend, LI))
    for command, who in commands:
        step = desk.do(command, who, NOW, digest=digest_of(RECORD), is_proven=True)
        assert isinstance(step, HandoverStep)
        write_handover(connection, journal, step, packed(RECORD) if step.action is HandoverAction.HAND_OVER else b"")
        found.append(step)
    return found


def alter(connection: PlantConnection, statement: str) -> None:
    """Do what an attacker does who can write the file: the triggers are taken away first."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'handover%'")
    for (name,) in names.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()


def test_that_steps_are_read_as_they_were_done(connection: PlantConnection, steps: list[HandoverStep]) -> None:
    with closing(open_reader(connection.path)) as reader:
        assert store.steps(reader) == steps
        assert store.report_of(reader, digest_of(RECORD)) == RECORD
        assert handover_faults(reader) == []


def test_that_a_step_that_is_written_again_stands_once_in_file_and_log(
    connection: PlantConnection, steps: list[HandoverStep]
) -> None:
    write_handover(connection, AuditJournal(connection), steps[0], b"")
    assert store.steps(connection) == steps
    assert handover_faults(connection) == []


@pytest.mark.parametrize("table", ["handover_step", "handover_report"])
def test_that_the_file_itself_refuses_to_alter_or_delete(
    connection: PlantConnection, steps: list[HandoverStep], table: str
) -> None:
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid + 9"):  # noqa: S608 - names of ours
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "UPDATE handover_step SET body = replace(body, 'drips', 'is dry') WHERE number = 1",
            "step 1 is not as it was",
        ),
        ("UPDATE handover_step SET body = replace(body, 'Wang', 'Chen') WHERE number = 3", "step 3 is not as it was"),
        ("DELETE FROM handover_step WHERE number = 4", "step 4 is gone"),
        ("UPDATE handover_step SET number = 9 WHERE number = 4", "step 9 is not in the log"),
        ("DELETE FROM handover_report", "the report of 2026-11-25/early is not the one that was signed"),
        ("UPDATE handover_report SET content = x'00'", "the report of 2026-11-25/early is not the one that was signed"),
    ],
)
def test_that_whatever_is_changed_afterwards_is_found(
    connection: PlantConnection, steps: list[HandoverStep], statement: str, text: str
) -> None:
    alter(connection, statement)
    assert any(text in fault.text for fault in handover_faults(connection))


def test_that_a_step_that_somebody_made_unreadable_keeps_no_plant_from_being_handed_over(
    connection: PlantConnection, steps: list[HandoverStep]
) -> None:
    alter(connection, "UPDATE handover_step SET body = '{' WHERE number = 4")
    desk = HandoverDesk(CALENDAR, ["PU01"], store.steps(connection), last=store.last_number(connection))
    step = done(desk, note("next"))
    write_handover(connection, AuditJournal(connection), step, b"")
    assert [each.number for each in store.steps(connection)] == [1, 2, 3, 5, 6]
    assert [fault.number for fault in handover_faults(connection)] == [4]


def test_that_another_report_under_the_same_digest_is_found(
    connection: PlantConnection, steps: list[HandoverStep]
) -> None:
    forged = zlib.compress(b'{"key":"2026-11-25/early","alarms":0}').hex()
    alter(connection, f"UPDATE handover_report SET content = x'{forged}'")  # noqa: S608 - of ours
    assert [fault.number for fault in handover_faults(connection)] == [2]


def test_that_a_file_without_handovers_has_none(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "other.sqlite")) as connection:
        assert store.steps(connection) == []
        assert store.report_of(connection, "d") is None
        assert handover_faults(connection) == []


@pytest.mark.parametrize("report", [b"", b"no zlib", zlib.compress(b"\xff\xfe"), packed(RECORD)[:-6]])
def test_that_what_is_no_record_is_refused(report: bytes) -> None:
    with pytest.raises(ReportTooLong):
        unpacked(report)


def test_that_a_record_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ReportTooLong, match="too long"):
        unpacked(zlib.compress(bytes(store.MOST_BYTES + 1)))


def test_that_texts_in_any_script_come_back(connection: PlantConnection) -> None:
    desk = HandoverDesk(CALENDAR, ["PU01"])
    step = done(desk, note("机封滴漏\n每班检查 \u0000 💧"))
    write_handover(connection, AuditJournal(connection), step, b"")
    assert store.steps(connection) == [step]
    assert handover_faults(connection) == []
