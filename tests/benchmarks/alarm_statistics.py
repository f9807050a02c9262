"""The figures of a long alarm journal: ours and plain loops over the same lines in turn, and what they hold in memory.

1,000 alarms chatter, flood and stand through years; the journal has 10,000,000 lines, 1,000,000 in the quick form, and
is filled once in a run. Plain Python follows the same definitions line by line; what both count has to be the same.
"""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.alarm.journal import AlarmJournal
from app.alarm.statistics.definitions import DAY_NS, PERIOD_NS
from app.alarm.statistics.figures import AlarmFigures
from app.alarm.statistics.reading import LiveFigures, read_figures
from app.database import PlantConnection, open_reader, open_writer, transaction
from app.model.clock import NS_PER_S
from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

ALARMS = 1_000
START = 1_600_000_000 * NS_PER_S
STEP_NS = 20 * NS_PER_S
_PART = 100_000
_COLUMNS = (
    "time, alarm, tag, equipment, state, priority, condition, message_en, message_zh, raised, value, value_limit, "
    "returned, acknowledged, acknowledged_by, comment, occurrences"
)


def measure(options: Options) -> Iterator[Figure]:
    """Count a whole journal, a month of it, and what a live page asks every ten seconds."""
    lines = 1_000_000 if options.quick else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        end = _fill(path, lines)
        with closing(open_reader(path)) as connection:
            ours, figures = _timed(connection, START, end)
            plainly, counted = _plainly(connection, START, end)
            if counted != _counted(figures):
                raise RuntimeError(f"the figures differ: {counted}, {_counted(figures)}")
            yield Figure(f"figures of {lines:,} lines", "s of processor", ours, plainly, "plain loops")
            yield Figure("the same, memory held at most", "MB", _memory(connection, START, end), goal="ours <= 120")
            plain_month, _ = _plainly(connection, end - 30 * DAY_NS, end)
            yield Figure(
                "a renewal of the live page, 30 days",
                "ms of processor",
                _renewal(connection, end),
                plain_month * 1_000,
                "plain loops",
                "ratio <= 0.05",
            )


def _fill(path: Path, lines: int) -> int:
    """Write a journal as the collector's would be after years; return its end, ns UTC."""
    names = [f"A{number:04d}" for number in range(ALARMS)]
    chance = np.random.default_rng(1)
    with closing(open_writer(path)) as connection:
        AlarmJournal(connection)
        now = START
        for first in range(0, lines, _PART):
            rows: list[tuple[object, ...]] = []
            while len(rows) < min(_PART, lines - first):
                # every seventh occurrence is one of an alarm that chatters
                alarm = int(chance.integers(0, ALARMS)) if len(rows) % 7 else int(chance.integers(0, 10))
                repeats = 4 if alarm < 10 else 1
                for _ in range(repeats):
                    now += int(chance.integers(1, STEP_NS))
                    rows += _occurrence(names[alarm], alarm, now, int(chance.integers(1, STEP_NS)))
                    now += STEP_NS // 4
            rows.sort(key=lambda row: row[0])  # type: ignore[arg-type, return-value] # a time
            with transaction(connection):
                connection.executemany(
                    f"INSERT INTO alarm_change ({_COLUMNS}) VALUES ({', '.join('?' * 17)})",  # noqa: S608 - constants
                    rows[: lines - first],
                )
            now += STEP_NS
    return now + NS_PER_S


def _occurrence(name: str, number: int, raised: int, lasts: int) -> list[tuple[object, ...]]:
    returned, acknowledged = raised + lasts // 8, raised + lasts // 8 + 1
    fixed = (name, f"{name}.PV", f"E{number % 50}")
    said = (1 + number % 3, "high", "Temperature high", "温度高", raised, 101.0, 100.0)
    return [
        (raised, *fixed, "unacknowledged", *said, 0, 0, "", "", 1),
        (returned, *fixed, "returned", *said, returned, 0, "", "", 1),
        (acknowledged, *fixed, "normal", *said, returned, acknowledged, "L. Chen", "", 1),
    ]


def _timed(connection: PlantConnection, start: int, end: int) -> tuple[float, AlarmFigures]:
    began = time.process_time()
    figures = read_figures(connection, start, end)
    return time.process_time() - began, figures


def _memory(connection: PlantConnection, start: int, end: int) -> float:
    """Return the most that was held, MB; tracing makes it slower, so it is not timed. A part of it is enough."""
    tracemalloc.start()
    try:
        read_figures(connection, start, end)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _renewal(connection: PlantConnection, end: int) -> float:
    live = LiveFigures(30 * DAY_NS)
    live.at(connection, end - 60 * NS_PER_S)
    began = time.process_time()
    for second in range(5):
        live.at(connection, end - 50 * NS_PER_S + 10 * second * NS_PER_S)
    return (time.process_time() - began) / 5 * 1_000


Counted = tuple[int, int, int, int, list[int]]
"""Activations, the most in ten minutes, chattering and fleeting ones, those of each priority."""


def _counted(figures: AlarmFigures) -> Counted:
    loads = figures.loads
    return (
        figures.activations,
        int(figures.per_period.max()),
        sum(load.chattering for load in loads),
        sum(load.fleeting for load in loads),
        figures.by_priority.tolist(),
    )


class _PlainCount:
    """The definitions as one would write them down, line by line."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._periods: dict[int, int] = defaultdict(int)
        self._standing: dict[int, int] = defaultdict(int)
        self._priorities = [0] * 5
        self._counts: dict[str, int] = defaultdict(int)
        self._recent: dict[str, deque[_Plain]] = defaultdict(lambda: deque(maxlen=3))
        self._window: deque[int] = deque()
        self._answers: dict[int, int] = defaultdict(int)
        self._flood_ns = self._flood_start = self._chattering = self._fleeting = self._stale = 0

    def take(self, line: tuple[int, str, str, int, int, int, int]) -> None:
        """Count one line: its time, alarm, state, priority, and when it was raised, returned and acknowledged."""
        instant, alarm, state, priority, raised, returned, seen = line
        if state == "unacknowledged":
            self._raise(instant, alarm, priority)
            return
        last = self._recent[alarm]
        if not last or last[-1].raised != raised:
            return
        each = last[-1]
        if returned and not each.returned:
            each.returned = returned
            self._standing[-(-(returned - self._start) // PERIOD_NS)] -= 1
            self._stale += returned - raised > DAY_NS
            if returned - raised < 10 * NS_PER_S:
                each.is_short = True
        if seen and not each.seen:
            each.seen = seen
            self._answers[(seen - raised) // NS_PER_S] += 1

    def counted(self) -> Counted:
        """Return what came of it."""
        for last in self._recent.values():
            for each in last:
                self._fleeting += each.is_short and not each.is_chatter
        most = max(self._periods.values(), default=0)
        return sum(self._counts.values()), most, self._chattering, self._fleeting, self._priorities[1:]

    def _raise(self, instant: int, alarm: str, priority: int) -> None:
        self._periods[(instant - self._start) // PERIOD_NS] += 1
        self._standing[-(-(instant - self._start) // PERIOD_NS)] += 1
        self._priorities[priority] += 1
        self._counts[alarm] += 1
        self._follow_flood(instant)
        last = self._recent[alarm]
        if len(last) == 3:
            self._fleeting += last[0].is_short and not last[0].is_chatter
        last.append(_Plain(instant))
        if len(last) == 3 and instant - last[0].raised <= 60 * NS_PER_S:
            for each in last:
                self._chattering += not each.is_chatter
                each.is_chatter = True

    def _follow_flood(self, instant: int) -> None:
        window = self._window
        window.append(instant)
        while window[0] <= instant - PERIOD_NS:
            left = window.popleft()
            if self._flood_start and len(window) < 5:
                self._flood_ns += left + PERIOD_NS - self._flood_start
                self._flood_start = 0
        if not self._flood_start and len(window) > 10:
            self._flood_start = instant


class _Plain:
    """One occurrence."""

    __slots__ = ("is_chatter", "is_short", "raised", "returned", "seen")

    def __init__(self, raised: int) -> None:
        self.raised = raised
        self.returned = self.seen = 0
        self.is_chatter = self.is_short = False


def _plainly(connection: PlantConnection, start: int, end: int) -> tuple[float, Counted]:
    began = time.process_time()
    count = _PlainCount(start)
    rows = connection.execute(
        "SELECT time, alarm, state, priority, raised, returned, acknowledged FROM alarm_change "
        "WHERE time >= ? AND time < ? ORDER BY time, number",
        (start, end),
    )
    for row in rows:
        count.take(row)
    return time.process_time() - began, count.counted()
