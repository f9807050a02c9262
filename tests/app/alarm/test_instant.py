"""The alarms of a past instant are what the journal said until then, however one comes to the instant."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from app.alarm.evaluation import AlarmEvaluation
from app.alarm.instant import AlarmsAt, AlarmsThen, raised_after, raised_before, raises_within
from app.alarm.journal import AlarmJournal
from app.database import PlantConnection, open_reader, open_writer
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Priority
from tests.app.alarm.plants import at, definition, samples, tags_of

STATES = (
    AlarmState.UNACKNOWLEDGED,
    AlarmState.ACKNOWLEDGED,
    AlarmState.RETURNED,
    AlarmState.SHELVED,
    AlarmState.NORMAL,
)
EVENTS = dict(
    zip(STATES, (AlarmEvent.RAISE, AlarmEvent.ACKNOWLEDGE, AlarmEvent.CLEAR, AlarmEvent.SHELVE), strict=False)
)


def lines(count: int, *, alarms: int, seed: int) -> list[AlarmRecord]:
    """Lines of several alarms as a collector writes them, with the clock set back now and then."""
    (first,) = AlarmEvaluation(tags_of(1), [definition()]).evaluate(samples([(0, 101.0)]))
    dice, now, found = random.Random(seed), 0.0, []
    for number in range(count):
        now += dice.choice((0.0, 0.5, 3.0, 40.0, -20.0 if number % 50 == 0 else 1.0))
        state = dice.choice(STATES)
        found.append(
            structs.replace(
                first,
                alarm=f"A{dice.randrange(alarms)}",
                state=state,
                event=EVENTS.get(state, AlarmEvent.CLEAR),
                changed=at(now),
                occurrences=number + 1,
            )
        )
    return found


def standing(written: Sequence[AlarmRecord], instant: int) -> dict[str, AlarmRecord]:
    """The plain way: all lines in their order, those of later left out."""
    newest = {line.alarm: line for line in written if line.changed <= instant}
    return {alarm: line for alarm, line in newest.items() if line.state is not AlarmState.NORMAL}


def follow(known: dict[str, AlarmRecord], told: AlarmsThen) -> dict[str, AlarmRecord]:
    """What a window knows after it was told."""
    known = {} if told.is_whole else dict(known)
    known.update((record.alarm, record) for record in told.alarms)
    return {alarm: record for alarm, record in known.items() if record.state is not AlarmState.NORMAL}


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        yield connection


def test_that_every_instant_shows_what_was_recorded_in_whatever_order_it_is_asked_for(
    writer: PlantConnection, tmp_path: Path
) -> None:
    written = lines(1_500, alarms=9, seed=4)
    AlarmJournal(writer).record(written)
    dice = random.Random(5)
    end = max(line.changed for line in written)
    instants = [at(-10), *sorted(dice.randrange(at(0), end) for _ in range(60))]
    instants += [dice.choice(written).changed for _ in range(30)] + [end, end + 1]
    with closing(open_reader(tmp_path / "history.sqlite")) as reader:
        alarms, known = AlarmsAt(reader), dict[str, AlarmRecord]()
        for instant in instants:
            known = follow(known, alarms.go_to(instant))
            assert known == standing(written, instant)
            assert follow({}, AlarmsAt(reader).go_to(instant)) == known


def test_that_lines_written_late_are_not_passed_over(writer: PlantConnection) -> None:
    journal = AlarmJournal(writer)
    first, second, late = (
        structs.replace(line, alarm=name, changed=at(second), state=AlarmState.UNACKNOWLEDGED)
        for line, name, second in zip(lines(3, alarms=1, seed=1), "ABC", (0, 20, 5), strict=True)
    )
    journal.record([first, second])
    alarms = AlarmsAt(writer)
    known = follow({}, alarms.go_to(at(10)))
    journal.record([late])  # it says of an instant that was passed already
    known = follow(known, alarms.go_to(at(11)))
    assert set(known) == {"A", "C"}
    assert set(follow(known, alarms.go_to(at(21)))) == {"A", "B", "C"}


def test_that_a_leap_over_many_lines_is_told_as_a_whole(
    writer: PlantConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.alarm.instant.MOST_STEPS", 10)
    written = lines(200, alarms=4, seed=7)
    AlarmJournal(writer).record(written)
    alarms = AlarmsAt(writer)
    alarms.go_to(at(0))
    told = alarms.go_to(written[-1].changed)
    assert told.is_whole
    assert follow({}, told) == standing(written, written[-1].changed)


def test_that_the_next_alarm_and_the_one_before_are_found(writer: PlantConnection) -> None:
    assert raised_after(writer, at(0)) is None
    base = lines(4, alarms=1, seed=2)
    steps = ((0, STATES[0]), (10, STATES[1]), (20, STATES[4]), (30, STATES[0]))
    AlarmJournal(writer).record(
        [
            structs.replace(line, changed=at(second), state=state, event=EVENTS.get(state, AlarmEvent.CLEAR))
            for line, (second, state) in zip(base, steps, strict=True)
        ]
    )
    assert raised_after(writer, at(0)) == at(30)
    assert raised_before(writer, at(30)) == at(0)
    assert raised_before(writer, at(0)) is None


def test_that_a_file_without_a_journal_has_no_alarms(writer: PlantConnection) -> None:
    assert AlarmsAt(writer).go_to(at(0)) == AlarmsThen((), is_whole=True)


def test_that_a_day_is_marked_once_a_minute_and_priority(writer: PlantConnection) -> None:
    base = lines(5, alarms=1, seed=3)
    raised = ((0, 2), (10, 2), (20, 1), (70, 2), (500, 2))
    AlarmJournal(writer).record(
        [
            structs.replace(
                line, changed=at(second), state=STATES[0], event=AlarmEvent.RAISE, priority=Priority(priority)
            )
            for line, (second, priority) in zip(base, raised, strict=True)
        ]
    )
    minute = at(0) // 60_000_000_000 * 60_000_000_000
    marks = raises_within(writer, minute, at(100))
    assert {priority for _, priority in marks} == {Priority.CRITICAL, Priority.HIGH}
    assert all(minute <= instant < at(100) for instant, _ in marks)
    assert len(marks) == len({(instant // 60_000_000_000, priority) for instant, priority in marks})
