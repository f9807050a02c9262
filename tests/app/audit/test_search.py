"""The search of the log: by word, person, kind and time, a page at a time, however far back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.audit.search import AuditQuery, Standing, persons, search, search_all, standing
from app.database import PlantConnection, open_writer
from app.exchange.audit_output import write_audit
from app.model.audit import AuditAction, AuditRecord
from app.model.equipment import Equipment
from app.model.former_name import FormerNames
from app.model.text import LocalText
from drivers import secret_store
from tests.app.collector.bench import small_plant

DEEDS = (
    AuditRecord(10, AuditAction.SIGN_IN, user="李娜"),
    AuditRecord(20, AuditAction.WRITE_INTENT, user="李娜", tag="AC01.P_SP", old=6.8, new=7.25, reason='100% "sure"'),
    AuditRecord(30, AuditAction.ALARM_OPERATED, user="otto", alarm="AC01.T.high", line=1, reason="=SUM(1)"),
    AuditRecord(40, AuditAction.SIGN_OFF, user="李娜"),
)


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlantConnection]:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    monkeypatch.setattr("app.audit.zone.STRETCH", 100)
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        journal = AuditJournal(connection)
        journal.append(DEEDS)
        journal.append([AuditRecord(100 + n, AuditAction.ALARM_CHANGED, alarm="F01.T.high") for n in range(1_000)])
        journal.append(DEEDS)
        yield connection


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (AuditQuery(person="otto"), [1_007, 3]),
        (AuditQuery(kind="sign_in"), [1_005, 1]),
        (AuditQuery(kind="write"), [1_006, 2]),
        (AuditQuery(text="ac01 sure"), [1_006, 2]),
        (AuditQuery(text='"sure"'), [1_006, 2]),
        (AuditQuery(text="100%"), [1_006, 2]),
        (AuditQuery(text="李娜", start=20, end=40), [1_006, 2]),
        (AuditQuery(text="P_S"), [1_006, 2]),
        (AuditQuery(person="nobody"), []),
    ],
)
def test_that_what_is_asked_for_is_found_and_nothing_else(
    connection: PlantConnection, query: AuditQuery, numbers: list[int]
) -> None:
    assert [line.number for line in search_all(connection, query)] == numbers


def test_that_pages_join_and_a_search_tells_how_far_it_came(
    connection: PlantConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = search(connection, AuditQuery(limit=300))
    second = search(connection, AuditQuery(limit=300, before=first.reached))
    numbers = [line.number for line in (*first.lines, *second.lines)]
    assert numbers == list(range(1_008, 408, -1))
    assert not first.is_last
    monkeypatch.setattr("app.audit.search.BUDGET_NS", -1)  # no time at all: one stretch is searched
    rare = search(connection, AuditQuery(person="otto"))
    assert ([line.number for line in rare.lines], rare.reached) == ([1_007], 909)
    assert [line.number for line in search_all(connection, AuditQuery(person="otto"))] == [1_007, 3]


def test_that_it_is_known_who_acted_and_how_the_log_stands(connection: PlantConnection) -> None:
    assert persons(connection) == ("otto", "李娜")
    assert standing(connection) == Standing(size=1_008)
    journal = AuditJournal(connection)
    journal.append([AuditRecord(77, AuditAction.LOG_ANCHORED, subject="/media/stick")])
    CheckpointKeeper(journal).make()
    found = standing(connection)
    assert replace(found, signed_at=0) == Standing(1_010, 1_010, 0, 77, "/media/stick", is_beside=True)


def test_that_a_spreadsheet_gets_what_was_asked_for_and_no_formula(connection: PlantConnection, tmp_path: Path) -> None:
    target = tmp_path / "audit.csv"
    assert write_audit(connection.path, target, AuditQuery(kind="alarm", person="otto")) == 2
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], row["user"], row["alarm"]) for row in rows] == [
        ("1007", "otto", "AC01.T.high"),
        ("3", "otto", "AC01.T.high"),
    ]
    assert rows[0]["reason"] == "'=SUM(1)"
    assert rows[0]["old"] == ""


def test_that_records_from_before_a_renaming_are_found_under_either_name(connection: PlantConnection) -> None:
    plant = small_plant(1)
    tags = (replace(plant.tags[0], name="AC01.P[SET]", former=("AC01.P_SP", "P?")),)
    equipment = (Equipment("AX77", LocalText("Compressor"), former=("AC01",)),)
    former = FormerNames(replace(plant, tags=tags, equipment=equipment))

    def numbers(text: str) -> list[int]:
        return [line.number for line in search(connection, AuditQuery(text=text, former=former)).lines]

    assert numbers("AC01.P[SET]") == [1_006, 2]
    assert numbers("P[SET] sure") == [1_006, 2]
    assert numbers("AX77.T.high") == [1_007, 3]
    assert numbers("AX77") == [1_007, 1_006, 3, 2]
    assert numbers("AX78") == []
    assert search(connection, AuditQuery(text="AX77")).lines == ()
