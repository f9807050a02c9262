"""What a search finds in the journal is what a plain look at every line finds, page by page."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from app.alarm import journal_search
from app.alarm.journal import AlarmJournal, JournalEntry, page
from app.alarm.journal_deed import zones_of_deeds
from app.alarm.journal_search import JournalPage, JournalReader
from app.alarm.journal_zone import event_of, person_of
from app.database import PlantConnection, open_writer
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.equipment import Equipment
from app.model.former_name import FormerNames
from app.model.journal_search import JournalSearch
from app.model.text import LocalText
from tests.app.collector.bench import small_plant

LINES = 6_000
PEOPLE = ("", "", "", "", "", "", "", "", "Li", "Chen")
EVENTS = (AlarmEvent.RAISE, AlarmEvent.CLEAR, AlarmEvent.ACKNOWLEDGE, None)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlantConnection]:
    connection = open_writer(tmp_path_factory.mktemp("journal") / "history.sqlite")
    journal, chance = AlarmJournal(connection), random.Random(5)
    lines = [_line(chance, at) for at in range(LINES)]
    for first in range(0, LINES, 700):
        journal.record(lines[first : first + 700])
    yield connection
    connection.close()


def _line(chance: random.Random, at: int) -> AlarmRecord:
    alarm = min(int(chance.expovariate(0.02)), 150)
    event, by = chance.choice(EVENTS), chance.choice(PEOPLE)
    if 2_000 <= at < 4_500:
        event, by = AlarmEvent.RAISE, ""  # zones with nothing but raises, and nobody's deeds
    time = 1_000_000 + at * 10 + chance.randrange(-40_000, 40)  # some are told late
    return AlarmRecord(
        alarm=f"A{alarm}",
        tag=f"T{alarm}",
        equipment=f"E{alarm % 7}",
        state=AlarmState.UNACKNOWLEDGED,
        priority=Priority(1 if alarm == 149 else 2 + alarm % 3),
        condition=ConditionKind.HIGH,
        message=LocalText(f"Temperature {alarm} high", f"温度 {alarm} 高"),
        raised=time,
        value=1.0,
        limit=0.0,
        comment=chance.choice(("", "pump was hot")) if by else "",
        event=event,
        changed=time,
        by=by if event else "",
    )


@pytest.fixture(scope="module")
def lines(connection: PlantConnection) -> list[JournalEntry]:
    found: list[JournalEntry] = []
    while entries := page(connection, found[-1].number if found else 0, limit=1_000):
        found += entries
    return found


def plainly(lines: Sequence[JournalEntry], wanted: JournalSearch) -> list[int]:
    """Look at every line."""
    return [entry.number for entry in lines if _is_wanted(entry.time, entry.record, wanted)]


def _is_wanted(time: int, record: AlarmRecord, wanted: JournalSearch) -> bool:
    texts = (record.alarm, record.tag, record.equipment, record.message.en, record.message.zh)
    person = person_of(record, time)
    return (
        (not wanted.priorities or record.priority in wanted.priorities)
        and (not wanted.events or event_of(record) in wanted.events)
        and (not wanted.equipment or record.equipment in wanted.equipment)
        and any(wanted.text.casefold() in text.casefold() for text in texts)
        and (not wanted.start or time >= wanted.start)
        and (not wanted.end or time < wanted.end)
        and (
            not wanted.person
            or (bool(person) and wanted.person.lower() in f"{person}\n{record.reason}\n{record.comment}".lower())
        )
    )


SEARCHES = (
    JournalSearch(),
    JournalSearch(text="A149"),
    JournalSearch(text="温度 12 高"),
    JournalSearch(text="temperature"),
    JournalSearch(text="temperature", priorities=frozenset({Priority.MEDIUM}), events=frozenset({AlarmEvent.CLEAR})),
    JournalSearch(text="no such thing"),
    JournalSearch(priorities=frozenset({Priority.CRITICAL})),
    JournalSearch(events=frozenset({AlarmEvent.SHELVE})),
    JournalSearch(events=frozenset({AlarmEvent.ACKNOWLEDGE, AlarmEvent.CLEAR})),
    JournalSearch(equipment=frozenset({"E3", "E5"})),
    JournalSearch(person="li"),
    JournalSearch(person="was HOT", equipment=frozenset({"E1"})),
    JournalSearch(start=1_020_000, end=1_030_000),
    JournalSearch(end=990_000, priorities=frozenset({Priority.HIGH, Priority.CRITICAL})),
    JournalSearch(start=1_059_000, person="Chen"),
    JournalSearch(person="CHEN", events=frozenset({AlarmEvent.RAISE})),
    JournalSearch(person="nobody of that name"),
    JournalSearch(text="A7", person="hot"),
)


@pytest.mark.parametrize("budget_s", [10.0, 0.0])
@pytest.mark.parametrize("most_by_index", [journal_search.MOST_BY_INDEX, 100])
@pytest.mark.parametrize("wanted", SEARCHES)
def test_that_all_pages_together_hold_what_is_wanted(
    connection: PlantConnection,
    lines: Sequence[JournalEntry],
    wanted: JournalSearch,
    *,
    most_by_index: int,
    budget_s: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_search, "MOST_BY_INDEX", most_by_index)
    reader, found = JournalReader(connection), list[int]()
    given = JournalPage((), 0)
    for _ in range(LINES):
        given = reader.page(wanted, given.before, limit=100, budget_s=budget_s, alarms=given.alarms)
        assert len(given.entries) <= 100
        found += [entry.number for entry in given.entries]
        if not given.before:
            break
    assert found == plainly(lines, wanted)


def test_that_a_journal_of_an_older_version_is_divided_when_it_is_opened(
    tmp_path: Path, connection: PlantConnection
) -> None:
    again = open_writer(tmp_path / "history.sqlite")
    journal = AlarmJournal(again)
    journal.record([entry.record for entry in reversed(page(connection, limit=1_000))])
    tables = ("alarm_zone", "alarm_person", "alarm_said")
    made = [again.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608 - our names
    assert all(made)
    for table in tables:
        again.execute(f"DROP TABLE {table}")
    again.execute("DELETE FROM _sqlite_migrations WHERE name IN ('divide_into_zones', 'note_who_did_what')")
    AlarmJournal(again)
    assert [again.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == made  # noqa: S608 - our names
    again.close()


def test_that_a_search_for_a_person_looks_only_where_that_person_did_something(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "history.sqlite")
    raised = structs.replace(_line(random.Random(1), 0), event=AlarmEvent.RAISE, by="", comment="")
    seen = structs.replace(raised, event=AlarmEvent.ACKNOWLEDGE, by="Li", reason="filter wet")
    guest = structs.replace(seen, by="Guest", reason="")
    for zone in range(4):
        AlarmJournal(writer).record([*[raised] * 1_022, guest if zone == 2 else seen, raised])
    assert zones_of_deeds(writer, "GUEST") == "[2]"
    assert zones_of_deeds(writer, "wet") == "[0, 1, 3]"
    assert zones_of_deeds(writer, "nobody") == "[]"
    writer.execute("DROP TABLE alarm_said")
    assert zones_of_deeds(writer, "Guest") is None, "the file of an older version is searched as before"
    assert [entry.number for entry in JournalReader(writer).page(JournalSearch(person="guest")).entries] == [3_071]
    writer.close()


def test_that_a_damaged_line_does_not_hide_the_others(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "history.sqlite")
    record = structs.replace(_line(random.Random(1), 0), by="Li", event=AlarmEvent.COMMENT)
    AlarmJournal(writer).record([record, record, record])
    writer.execute("DROP TRIGGER alarm_change_is_not_altered")
    writer.execute("UPDATE alarm_change SET facts = substr(facts, 3) WHERE number = 2")
    found = JournalReader(writer).page(JournalSearch(person="Li"))
    assert [entry.number for entry in found.entries] == [3, 1]
    writer.close()


def test_that_lines_from_before_a_renaming_are_found_under_either_name(connection: PlantConnection) -> None:
    plant = small_plant(1)
    tags = (replace(plant.tags[0], name="TX150", former=("T149",)), *plant.tags[1:])
    former = FormerNames(replace(plant, tags=tags, equipment=(Equipment("EX3", LocalText("Mill"), former=("E3",)),)))
    reader = JournalReader(connection)
    every = {each.number for each in reader.page(JournalSearch(text="T149"), limit=10_000).entries}
    for text in ("TX150", "tx15"):
        found = reader.page(JournalSearch(text=text, meant=former.meant(text)), limit=10_000).entries
        assert {each.number for each in found} == every
        assert {each.record.tag for each in found} == {"T149"}
    assert reader.page(JournalSearch(text="TX150")).entries == ()
    (entry, *_) = reader.page(JournalSearch(equipment=former.with_former({"EX3"})), limit=10).entries
    assert entry.record.equipment == "E3"
