"""Searches in a long alarm journal, each the first of a window that has just been opened.

10,000,000 lines of 10,000 alarms, 1,000,000 in the quick form, as years of a plant make them: most deeds are
acknowledgements of four people, some are rare, and one person has acted once, years ago.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.alarm.journal import AlarmJournal
from app.alarm.journal_deed import deeds_script
from app.alarm.journal_search import AlarmNames, JournalPage, JournalReader
from app.alarm.journal_zone import zones_script
from app.database import PlantConnection, open_reader, open_writer, transaction
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.clock import NS_PER_S
from app.model.journal_search import JournalSearch
from app.model.text import LocalText
from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

ALARMS = 10_000
START = 1_600_000_000 * NS_PER_S
STEP_NS = 10 * NS_PER_S
PEOPLE = ("Li Na", "L. Chen", "Wang", "M. Weber")
RARE = "Guest from the head office"
GOAL = "ours <= 300"
_PART = 100_000


def measure(options: Options) -> Iterator[Figure]:
    """Yield the time to the first page of each kind of search."""
    lines = 1_000_000 if options.quick else 10_000_000
    with tempfile.TemporaryDirectory(prefix="foreshift-search-") as folder:
        path = Path(folder) / "history.sqlite"
        fill(path, lines)
        for name, wanted in searches(START + lines * STEP_NS).items():
            with closing(open_reader(path)) as connection:
                processor, wall, page = first_page(connection, wanted)
            found = f"{len(page.entries)} found{'' if not page.before or page.entries else ', not at the end yet'}"
            yield Figure(f"{lines:,} lines, {name} ({found})", "ms of processor", processor * 1_000, goal=GOAL)
            yield Figure("the same, wall clock", "ms", wall * 1_000)


def first_page(connection: PlantConnection, wanted: JournalSearch) -> tuple[float, float, JournalPage]:
    """Return what a window without any knowledge of the journal waits for its first lines, and for the last search."""
    began, started = time.process_time(), time.monotonic()
    reader = JournalReader(connection, AlarmNames())
    page = reader.page(wanted)
    while page.before and len(page.entries) == 0:
        page = reader.page(wanted, page.before, alarms=page.alarms)
    return time.process_time() - began, time.monotonic() - started, page


def searches(end: int) -> dict[str, JournalSearch]:
    """Return what people look for."""
    begin = START + (end - START) // 9
    day = begin, begin + 8_640 * STEP_NS
    return {
        "everything": JournalSearch(),
        "one alarm by its name": JournalSearch(text="T4711."),
        "a word in every message": JournalSearch(text="temperature"),
        "a thousand alarms by a text": JournalSearch(text="T1"),
        "a thousand alarms, critical ones alone": JournalSearch(text="T1", priorities=frozenset({Priority.CRITICAL})),
        "two hundred alarms of an equipment, shelved": JournalSearch(
            equipment=frozenset({"E7"}), events=frozenset({AlarmEvent.SHELVE})
        ),
        "shelved": JournalSearch(events=frozenset({AlarmEvent.SHELVE})),
        "out of service": JournalSearch(events=frozenset({AlarmEvent.REMOVE_FROM_SERVICE})),
        "one of four people": JournalSearch(person="weber"),
        "who acted once": JournalSearch(person="head office"),
        "nobody of that name": JournalSearch(person="nobody"),
        "what somebody said once": JournalSearch(person="valve was stuck"),
        "a day years ago": JournalSearch(start=day[0], end=day[1]),
        "a day years ago, critical, one person": JournalSearch(
            start=day[0], end=day[1], priorities=frozenset({Priority.CRITICAL}), person="Wang"
        ),
    }


def fill(path: Path, lines: int) -> None:
    """Write a journal as the collector's would be after years: one part by itself, the others as its repetitions."""
    with closing(open_writer(path)) as connection:
        journal = AlarmJournal(connection)
        chance = np.random.default_rng(1)
        connection.execute("PRAGMA synchronous = OFF")
        for first in range(0, _PART, 1_000):
            journal.record([_line(first + n, chance) for n in range(1_000)])
        names = [name for _, name, *_ in connection.execute("PRAGMA table_info(alarm_change)") if name != "number"]
        shifted = [f"{name} + :shift" if name in {"time", "raised"} else name for name in names]
        for part in range(1, lines // _PART):
            with transaction(connection):
                connection.execute(
                    f"INSERT INTO alarm_change ({', '.join(names)}) SELECT {', '.join(shifted)} FROM alarm_change "  # noqa: S608 - names of ours
                    f"WHERE number <= {_PART} ORDER BY number",
                    {"shift": part * _PART * STEP_NS},
                )
            if part == lines // _PART // 3:
                journal.record([_deed(part * _PART, RARE, "the valve was stuck")])
        for table in ("alarm_zone", "alarm_person", "alarm_said"):
            connection.execute(f"DROP TABLE {table}")
        connection.executescript(zones_script())
        connection.executescript(deeds_script())


def _line(at: int, chance: np.random.Generator) -> AlarmRecord:
    alarm = min(int(chance.exponential(1_500)), ALARMS - 1)
    kind = int(chance.integers(0, 3))
    by = PEOPLE[int(chance.integers(0, len(PEOPLE)))] if kind == 2 else ""
    event = (AlarmEvent.RAISE, AlarmEvent.CLEAR, AlarmEvent.ACKNOWLEDGE)[kind]
    if at % 9_973 == 0:
        event, by = AlarmEvent.SHELVE, PEOPLE[0]
    return _record(alarm, START + at * STEP_NS, event, by, "")


def _deed(at: int, by: str, reason: str) -> AlarmRecord:
    return _record(5, START + at * STEP_NS, AlarmEvent.REMOVE_FROM_SERVICE, by, reason)


def _record(alarm: int, time: int, event: AlarmEvent, by: str, reason: str) -> AlarmRecord:
    return AlarmRecord(
        alarm=f"T{alarm}.H",
        tag=f"T{alarm}",
        equipment=f"E{alarm % 50}",
        state=AlarmState.UNACKNOWLEDGED if event is AlarmEvent.RAISE else AlarmState.NORMAL,
        priority=Priority(1 + alarm % 4),
        condition=ConditionKind.HIGH,
        message=LocalText(f"Temperature {alarm} high", f"温度 {alarm} 高"),
        raised=time,
        value=1.0,
        limit=0.0,
        event=event,
        changed=time,
        by=by,
        reason=reason,
    )
