"""Cases on disk: a real SQLite file, restarts, kills, and what the file itself does not allow."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.case.book import CasePast
from app.case.store import CaseStore, cases, effects, evidence, past_of
from app.database import open_reader, open_writer
from app.model.case import CaseAction, CaseCommand, CaseRecord, CaseWrite, Verdict
from tests.app.case.plants import DAMAGE, STRAINER, at, book, close, opened, said, step


def written(path: Path) -> tuple[CaseWrite, ...]:
    """Write a closed case with its change, and an open one; return the steps."""
    history = book()
    steps = [step(history, 0, said(0, 2.0)), step(history, 60), step(history, 70, said(70, 3.0))]
    steps.append(history.obey(close(1, Verdict.CONFIRMED, cause=STRAINER.id), by="Li", now=at(80)))
    steps += [step(history, 90, said(90, 5.0, equipment="PU02", moved=DAMAGE)), step(history, 150)]
    with closing(open_writer(path)) as connection:
        CaseStore(connection).write(steps)
    return tuple(steps)


def test_that_a_book_goes_on_from_the_file_as_if_nothing_had_happened(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    written(path)
    with closing(open_reader(path)) as connection:
        past = past_of(connection)
    assert [record.number for record in past.closed] == [1]
    (again,) = past.open
    assert (again[0].equipment, again[0].evidence, len(again[1])) == ("PU02", 1, 1)
    resumed = book(past)
    assert resumed.open_cases == [again[0]]
    step(resumed, 200, said(200, 5.0, equipment="PU02", moved=DAMAGE))
    assert step(resumed, 300).is_empty
    (write,) = [step(resumed, 310, said(310, 9.0, equipment="PU02", moved=DAMAGE))]
    assert write.evidence[0].number == 2
    (effect,) = resumed.effects
    assert resumed.obey(CaseCommand(CaseAction.UNDO, effect.number, reason="no"), by="Li", now=at(400)).effects


def test_that_writing_a_step_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    steps = written(path)

    def content() -> tuple[object, ...]:
        with closing(open_reader(path)) as connection:
            return (cases(connection), evidence(connection, 1), evidence(connection, 2), effects(connection))

    before = content()
    with closing(open_writer(path)) as connection:
        CaseStore(connection).write(steps)
    assert content() == before


def test_that_cases_are_read_newest_first_by_state_and_equipment(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    written(path)
    with closing(open_reader(path)) as connection:
        assert [case.number for case in cases(connection)] == [2, 1]
        assert [case.number for case in cases(connection, is_open=True)] == [2]
        assert [case.number for case in cases(connection, is_open=False)] == [1]
        assert [case.number for case in cases(connection, before=2)] == [1]
        assert [case.number for case in cases(connection, equipment=["PU02"])] == [2]
        assert [line.score for line in evidence(connection, 1)] == [2.0, 3.0]


def test_that_a_file_without_cases_has_none(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    open_writer(path).close()
    with closing(open_reader(path)) as connection:
        assert past_of(connection) == CasePast()
        assert (cases(connection), evidence(connection, 1), effects(connection)) == ([], [], [])


def test_that_the_file_refuses_a_second_open_case_and_loses_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    written(path)
    second = CaseRecord(3, "PU02", at(500), at(500), 2.0, ("health",))
    with closing(open_writer(path)) as connection:
        store = CaseStore(connection)
        with pytest.raises(sqlite3.IntegrityError, match=r"equipment_case\.equipment"):
            store.write([CaseWrite((second,))])
        for statement, why in (
            ("DELETE FROM case_evidence", "evidence is never deleted"),
            ("UPDATE case_evidence SET body = '{}'", "evidence is never altered"),
            ("DELETE FROM equipment_case", "a case is never deleted"),
            ("DELETE FROM case_effect", "a change is never deleted"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=why):
                connection.execute(statement)
        assert len(cases(connection)) == 2


_KILLED = """
import os, sys
from pathlib import Path
from app.case.store import CaseStore
from app.database import open_writer
from app.model.case import Verdict
from tests.app.case.plants import at, book, close, said, step
connection = open_writer(Path(sys.argv[1]))
store = CaseStore(connection)
history = book()
for turn in range(10_000):
    begin = 1_000.0 * turn
    store.write([step(history, begin, said(begin, 50.0)), step(history, begin + 60)])
    store.write([history.obey(close(turn + 1, Verdict.FALSE), by="Li", now=at(begin + 70))])
    store.write([step(history, begin + 80, said(begin + 80, 0.1)), step(history, begin + 500)])
    print(turn + 1, flush=True)
"""


def test_that_a_killed_process_leaves_whole_steps_and_all_that_was_told(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]
    process.kill()
    told += [int(line) for line in process.stdout.read().splitlines()]
    process.wait(10)
    process.stdout.close()
    with closing(open_reader(path)) as connection:
        found = {case.number: case for case in cases(connection)}
        assert set(told) <= found.keys()
        for number in told:
            assert found[number].verdict is Verdict.FALSE
            assert len(evidence(connection, number)) == found[number].evidence == 1
        assert len({case.equipment for case in found.values() if case.is_open}) <= 1
        assert len(effects(connection)) == 3
        book(past_of(connection))
    assert opened(book()) == 1
