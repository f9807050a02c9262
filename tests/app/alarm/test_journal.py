import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from app.alarm import journal
from app.alarm.evaluation import AlarmEvaluation
from app.alarm.journal import AlarmJournal
from app.alarm.journal_check import damaged_lines
from app.database import PlantConnection, open_reader, open_writer
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Hold, Priority
from app.model.block import block_of
from tests.app.alarm.plants import START, at, definition, samples, tags_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def connection(path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(path)) as connection:
        yield connection


@pytest.fixture
def raised() -> AlarmRecord:
    (record,) = AlarmEvaluation(tags_of(1), [definition()]).evaluate(samples([(0, 101.0)]))
    return structs.replace(record, event=None, changed=0)  # so that its instant follows from its state


def test_that_what_hides_an_alarm_comes_back_from_the_journal(connection: PlantConnection, raised: AlarmRecord) -> None:
    records = AlarmJournal(connection)
    hidden = structs.replace(
        raised,
        state=AlarmState.SHELVED,
        beneath=AlarmState.UNACKNOWLEDGED,
        event=AlarmEvent.SHELVE,
        changed=at(7),
        by="Li Na 李娜",
        reason="sensor \x00 wet",
        shelf=Hold(at(7), at(3607), "Li Na 李娜", "sensor wet", is_one_shot=True),
        suppressed_by=("A", "PU01.RUN == 0"),
        causes=("A",),
        hidden_raises=3,
        is_unseen=True,
        is_latching=True,
        group="trip",
        is_first_out=True,
        source="plc",
    )
    records.record([raised, hidden])
    assert records.standing() == [hidden]
    assert [(line.time, line.record) for line in records.page()] == [(at(7), hidden), (at(0), raised)]
    assert list(damaged_lines(connection)) == []
    harm(connection, "UPDATE alarm_change SET facts = replace(facts, 'wet', 'dry') WHERE number = 2")
    assert list(damaged_lines(connection)) == ["line 2 is not as it was written"]


def test_that_a_record_comes_back_from_the_journal_as_it_was(connection: PlantConnection, raised: AlarmRecord) -> None:
    records = AlarmJournal(connection)
    full = structs.replace(
        raised,
        state=AlarmState.ACKNOWLEDGED,
        acknowledged=at(5),
        acknowledged_by="Li Na 李娜",
        comment="'; DROP TABLE alarm_change; --",
        occurrences=3,
    )
    records.record([raised, full])
    assert records.standing() == [full]
    newest, first = records.page()
    assert (newest.record, newest.time, first.record, first.time) == (full, at(5), raised, at(0))
    assert newest.number > first.number


def test_that_an_alarm_back_to_normal_stands_no_more_but_stays_in_the_journal(
    connection: PlantConnection, raised: AlarmRecord
) -> None:
    records = AlarmJournal(connection)
    normal = structs.replace(raised, state=AlarmState.NORMAL, returned=at(9), acknowledged=at(7), value=math.nan)
    records.record([raised])
    records.record([normal])
    assert not records.standing()
    (entry, _) = records.page()
    assert entry.time == at(9)
    assert math.isnan(entry.record.value)


def test_that_only_the_newest_of_several_changes_in_one_batch_stands(
    connection: PlantConnection, raised: AlarmRecord
) -> None:
    records = AlarmJournal(connection)
    again = structs.replace(raised, raised=at(4), occurrences=2)
    records.record([raised, structs.replace(raised, state=AlarmState.RETURNED, returned=at(2)), again])
    assert records.standing() == [again]
    assert len(records.page()) == 3


def test_that_a_restart_loses_no_alarm_and_raises_none_twice(path: Path) -> None:
    tags, watched = tags_of(3), [definition(tag=f"T{i}") for i in range(3)]
    with closing(open_writer(path)) as connection:
        records, alarms = AlarmJournal(connection), AlarmEvaluation(tags, watched)
        records.record(alarms.evaluate(block_of([0, 1, 2], START, [101.0, 102.0, 103.0])))
        records.record([alarms.acknowledge("T1.high", START, "Li", "seen", at(1))])
        records.record(alarms.evaluate(block_of([2], at(2), [50.0])))
        before = alarms.standing()
    with closing(open_writer(path)) as connection:
        records = AlarmJournal(connection)
        alarms = AlarmEvaluation(tags, watched, records.standing())
        assert alarms.standing() == before
        assert not alarms.evaluate(block_of([0, 1, 2], at(3), [101.0, 102.0, 50.0]))
        records.record(alarms.evaluate(block_of([0, 1, 2], at(4), [50.0, 50.0, 104.0])))
        told = {record.alarm: (record.state.value, record.occurrences) for record in alarms.standing()}
        assert told == {"T0.high": ("returned", 1), "T2.high": ("unacknowledged", 2)}
        assert len(records.page()) == 8
        assert records.standing() == sorted(alarms.standing(), key=lambda record: record.alarm)


def test_that_a_reader_pages_backwards_and_sees_every_line_once(
    path: Path, connection: PlantConnection, raised: AlarmRecord
) -> None:
    records = AlarmJournal(connection)
    records.record([structs.replace(raised, raised=at(i)) for i in range(25)])
    with closing(open_reader(path)) as reader:
        seen: list[int] = []
        while lines := journal.page(reader, seen[-1] if seen else 0, limit=10):
            seen += [line.number for line in lines]
    assert len(seen) == 25
    assert seen == sorted(seen, reverse=True)


def test_that_a_page_is_narrowed_by_time_alarm_equipment_and_priority(
    connection: PlantConnection, raised: AlarmRecord
) -> None:
    other = structs.replace(raised, alarm="B", equipment="E9", priority=Priority.CRITICAL, raised=at(8))
    AlarmJournal(connection).record([raised, other])

    def alarms(lines: list[journal.JournalEntry]) -> list[str]:
        return [line.record.alarm for line in lines]

    assert alarms(journal.page(connection)) == ["B", "T0.high"]
    assert alarms(journal.page(connection, alarms=["B"])) == ["B"]
    assert alarms(journal.page(connection, equipment=["E0"])) == ["T0.high"]
    assert alarms(journal.page(connection, priority=Priority.CRITICAL)) == ["B"]
    assert alarms(journal.page(connection, start=at(1))) == ["B"]
    assert alarms(journal.page(connection, end=at(8))) == ["T0.high"]
    assert not journal.page(connection, limit=0)


def test_that_a_file_without_a_journal_has_no_lines(connection: PlantConnection) -> None:
    assert not journal.page(connection)
    assert not journal.standing(connection)


def test_that_the_journal_refuses_to_be_altered_or_shortened(connection: PlantConnection, raised: AlarmRecord) -> None:
    AlarmJournal(connection).record([raised])
    with pytest.raises(sqlite3.IntegrityError, match="never altered"):
        connection.execute("UPDATE alarm_change SET comment = 'x'")
    with pytest.raises(sqlite3.IntegrityError, match="never shortened"):
        connection.execute("DELETE FROM alarm_change")


def test_that_changes_join_the_transaction_of_the_caller(connection: PlantConnection, raised: AlarmRecord) -> None:
    records = AlarmJournal(connection)
    connection.execute("BEGIN")
    records.record([raised])
    connection.execute("ROLLBACK")
    assert not records.page()
    assert not records.standing()


def test_that_a_flood_of_ten_thousand_is_stored_in_full(connection: PlantConnection) -> None:
    count = 10_000
    alarms = AlarmEvaluation(tags_of(count), [definition(tag=f"T{i}") for i in range(count)])
    records = AlarmJournal(connection)
    records.record(alarms.evaluate(block_of(range(count), START, 101.0)))
    assert {record.alarm for record in records.standing()} == {record.alarm for record in alarms.standing()}
    assert connection.execute("SELECT count(*) FROM alarm_change").fetchone() == (count,)


def harm(connection: PlantConnection, change: str) -> None:
    """Change the journal as a disk does, which asks no trigger."""
    (trigger,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (_GUARDS[change[:6]],)).fetchone()
    connection.execute(f"DROP TRIGGER {_GUARDS[change[:6]]}")
    connection.execute(change)
    connection.execute(trigger)


_GUARDS = {"UPDATE": "alarm_change_is_not_altered", "DELETE": "alarm_change_is_not_deleted"}


def test_that_lines_as_they_were_written_are_whole(connection: PlantConnection, raised: AlarmRecord) -> None:
    odd = structs.replace(raised, value=math.nan, limit=math.inf, comment="温度 \x00", acknowledged=(1 << 62) + 1)
    AlarmJournal(connection).record([raised, odd, structs.replace(raised, value=-0.0, limit=5)])
    assert list(damaged_lines(connection)) == []


@pytest.mark.parametrize(
    "change",
    [
        "value_limit = value_limit + 1e-9",
        "time = time + 1",
        "priority = priority + 1",
        "raised = raised + 1",
        "value = NULL",
        "state = 'unacknowledgee'",
        "comment = 'x'",
        "message_zh = CAST(x'e6b8' AS TEXT)",
    ],
)
def test_that_an_altered_line_is_found(connection: PlantConnection, raised: AlarmRecord, change: str) -> None:
    AlarmJournal(connection).record([raised, raised, raised])
    harm(connection, f"UPDATE alarm_change SET {change} WHERE number = 2")  # noqa: S608 - of this test
    assert list(damaged_lines(connection)) == ["line 2 is not as it was written"]


def test_that_missing_lines_are_found(connection: PlantConnection, raised: AlarmRecord) -> None:
    AlarmJournal(connection).record([raised] * 5)
    harm(connection, "DELETE FROM alarm_change WHERE number IN (2, 3)")
    assert list(damaged_lines(connection)) == ["lines 2 to 3 are missing"]


def test_that_a_line_with_a_state_that_is_none_hides_no_other(connection: PlantConnection, raised: AlarmRecord) -> None:
    records = AlarmJournal(connection)
    records.record([raised, structs.replace(raised, alarm="other")])
    harm(connection, "UPDATE alarm_change SET state = 'mormal' WHERE number = 1")
    assert [entry.number for entry in records.page()] == [2]
    assert [record.alarm for record in records.standing()] == ["other"]


def test_that_a_journal_of_an_older_version_is_read_and_goes_on(path: Path, raised: AlarmRecord) -> None:
    with closing(open_writer(path)) as connection:
        AlarmJournal(connection).record([raised])
        connection.execute("ALTER TABLE alarm_change DROP COLUMN crc")
        connection.execute("ALTER TABLE alarm_change DROP COLUMN facts")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name IN ('give_lines_a_checksum', 'give_lines_facts')")
        assert len(journal.page(connection)) == 1
        assert list(damaged_lines(connection)) == []
        AlarmJournal(connection).record([raised])
        assert len(journal.page(connection)) == 2
        assert list(damaged_lines(connection)) == []
    assert [each.name for each in path.parent.glob("*before*")] == []
