"""When the alarms of a tag stood: from the journal for the past, from the collector's events from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.journal_search import JournalSearch
from widgets.operation import Operation

MOST_LINES = 1_000
RETRY_NS = 5 * clock.NS_PER_S
WIDE = 2  # so many spans are asked for as are in view, so that not each step of the clock asks anew


@dataclass(frozen=True, slots=True)
class AlarmSpan:
    """One occurrence: from `start` to `end` (int64 ns UTC, 0 while it lasts), acknowledged at `seen` (0: not yet).

    `is_hidden`: it is shelved, suppressed or out of service now.
    """

    alarm: str
    priority: Priority
    start: int
    end: int
    seen: int
    is_hidden: bool = False


def spans_of(records: Iterable[AlarmRecord]) -> tuple[AlarmSpan, ...]:
    """Return the occurrences that records tell of, by their start; of one occurrence the last record counts."""
    last = {(record.alarm, record.raised): record for record in records if record.raised}
    spans = []
    starts: dict[str, list[int]] = {}
    for alarm, raised in sorted(last, key=lambda key: key[1]):
        starts.setdefault(alarm, []).append(raised)
    for (alarm, raised), record in last.items():
        later = next((start for start in starts[alarm] if start > raised), 0)
        end = record.returned if record.returned >= raised else 0
        is_over = not end and (later or record.course is AlarmState.NORMAL)
        # its end was not told (a collector that was off): it cannot have outlived the next occurrence
        end = (later or max(record.acknowledged, raised)) if is_over else end
        seen = record.acknowledged if record.acknowledged >= raised else 0
        spans.append(AlarmSpan(alarm, record.priority, raised, end, seen, record.state.is_hidden))
    return tuple(sorted(spans, key=lambda span: (span.start, span.alarm)))


def read_records(path: Path, alarms: tuple[str, ...], start: int, end: int) -> list[AlarmRecord]:
    """Return the journal's lines of some alarms between two instants, oldest first; none where there is no file."""
    # SQLite's libraries take a third of a second to import: the window does not wait for them
    from app.alarm.journal_search import JournalReader  # noqa: PLC0415
    from app.database import DatabaseMissing, open_reader  # noqa: PLC0415

    try:
        connection = open_reader(path)
    except DatabaseMissing:
        return []
    with closing(connection):
        wanted = JournalSearch(start=start, end=end)
        page = JournalReader(connection).page(wanted, limit=MOST_LINES, alarms=alarms)
    return [entry.record for entry in reversed(page.entries)]


class AlarmSpans(QObject):
    """The spans of one tag's alarms; `changed` when more of them are known."""

    changed = Signal()

    def __init__(self, path: Path, alarms: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._alarms = tuple(alarms)
        self._past: list[AlarmRecord] = []
        self._live: dict[tuple[str, int], AlarmRecord] = {}
        self._range = (0, 0)
        self._not_before = 0
        self._running: Operation[list[AlarmRecord]] | None = None
        self.spans: tuple[AlarmSpan, ...] = ()

    def take(self, records: Iterable[AlarmRecord]) -> None:
        """Take the present state of the tag's alarms."""
        fresh = {(record.alarm, record.raised): record for record in records if record.raised}
        if any(self._live.get(key) != record for key, record in fresh.items()):
            known = self._live | fresh
            self._live = dict(list(known.items())[-MOST_LINES:])  # a tag that chatters for days
            self._renew()

    def forget(self) -> None:
        """Know nothing any more: a replay has gone back, and what was told is later than now."""
        self._past, self._live, self._range = [], {}, (0, 0)
        self._renew()

    def show(self, start: int, end: int) -> None:
        """See that what happened between two instants (int64 ns UTC) is known."""
        now = clock.monotonic_ns()
        is_known = self._range[0] <= start and (
            end <= self._range[1] or self._range[1] >= clock.now_ns() - (end - start)
        )
        if not self._alarms or self._running is not None or is_known or now < self._not_before:
            return
        first, last = start - WIDE * (end - start), end
        work = Operation(self, lambda: read_records(self._path, self._alarms, first, last + clock.NS_PER_S))
        self._running = work.success(lambda past: self._loaded(past, first, last)).failure(self._failed).start()

    def _loaded(self, past: list[AlarmRecord], first: int, last: int) -> None:
        self._running = None
        self._past, self._range = past, (first, last)
        self._renew()

    def _failed(self, error: Exception) -> None:
        """What is wrong with the file is told where the curve is read; here it is only asked again later."""
        del error
        self._running = None
        self._not_before = clock.monotonic_ns() + RETRY_NS

    def _renew(self) -> None:
        spans = spans_of([*self._past, *self._live.values()])
        if spans != self.spans:
            self.spans = spans
            self.changed.emit()
