"""Counts the lines of an alarm journal as they come; its figures can be asked for at any time."""

from __future__ import annotations

import copy

import numpy as np
from numpy.typing import NDArray

from app.alarm.statistics.counts import Counts
from app.alarm.statistics.definitions import DAY_NS, PERIOD_NS, Definitions
from app.alarm.statistics.figures import AlarmFigures, AlarmLoad, acknowledgements_of
from app.alarm.statistics.flood import FloodFinder
from app.alarm.statistics.journal import AlarmCodes, JournalLines
from app.alarm.statistics.occurrence import Occurrences, OccurrenceStream
from app.model.alarm import Priority
from app.model.clock import NS_PER_S

_LONGEST_S = 7 * 86_400
"""An answer that took longer than a week counts as a week in the median; in the maximum it is exact."""


class AlarmTally:
    """Counts from `start` (ns UTC) on.

    Memory grows with the number of alarms and of ten minutes, not with that of lines. The first lines taken are those
    that `active_before` tells, then those from `start` on, in the order of their times.
    """

    def __init__(self, start: int, codes: AlarmCodes, definitions: Definitions | None = None) -> None:
        self._start = start
        self._codes = codes
        self._definitions = definitions or Definitions()
        self._fleeting = round(self._definitions.fleeting_s * NS_PER_S)
        self._stale = round(self._definitions.stale_s * NS_PER_S)
        self._stream = OccurrenceStream(self._definitions)
        self._flood = FloodFinder(self._definitions)
        self._per_period = Counts()
        self._priorities = Counts()
        self._activations = Counts()
        self._chattering = Counts()
        self._fleeting_count = Counts()
        self._active_ns = Counts()
        self._standing = Counts()
        self._stale_days = Counts()
        self._answers = Counts()
        self._longest_answer = 0

    def take(self, lines: JournalLines) -> None:
        """Take the next lines."""
        came, done = self._stream.take(lines)
        self._per_period.add((came.raised - self._start) // PERIOD_NS)
        self._priorities.add(came.priority)
        self._activations.add(came.alarm)
        self._flood.take(came.raised)
        self._finish(done, int(lines.time.max(initial=0)))

    def copied(self) -> AlarmTally:
        """Return a second tally that has counted the same."""
        return copy.deepcopy(self, {id(self._codes): self._codes})

    def figures(self, end: int) -> AlarmFigures:
        """Return the figures up to `end` (ns UTC), behind all lines taken; raise ValueError where there is no time."""
        if end <= self._start:
            raise ValueError("a stretch of time must be longer than nothing")
        whole = self.copied()
        return whole._close(end)  # noqa: SLF001 - another of the same class

    def _close(self, end: int) -> AlarmFigures:
        rest = self._stream.rest()
        stands = rest.is_shown & (rest.returned == 0)
        is_stale = stands & (end - rest.raised > self._stale)
        stale = set(rest.alarm[is_stale].tolist())
        self._finish(rest, end)
        periods = -(-(end - self._start) // PERIOD_NS)
        return AlarmFigures(
            start=self._start,
            end=end,
            per_period=self._per_period.first(periods),
            standing=np.cumsum(self._standing.first(periods)),
            by_priority=self._priorities.first(max(Priority) + 1)[1:],
            stale_per_day=np.cumsum(self._stale_days.first(-(-(end - self._start) // DAY_NS))),
            floods=tuple(self._flood.floods(end)),
            loads=self._loads(stale),
            acknowledgements=acknowledgements_of(self._answers.first(_LONGEST_S + 1), self._longest_answer),
        )

    def _finish(self, done: Occurrences, now: int) -> None:
        """Count what occurrences became that are complete, or are looked at for the last time at `now`."""
        returned = np.where(done.returned > 0, done.returned, np.maximum(now, done.raised))
        self._count_short(done, returned)
        self._count_standing(done.rows(done.is_shown), returned[done.is_shown])
        self._count_answers(done)

    def _count_short(self, done: Occurrences, returned: NDArray[np.int64]) -> None:
        self._chattering.add(done.alarm[done.is_chatter])
        is_short = (done.returned > 0) & (returned - done.raised < self._fleeting)
        self._fleeting_count.add(done.alarm[is_short & done.is_raise & ~done.is_chatter])

    def _count_standing(self, shown: Occurrences, returned: NDArray[np.int64]) -> None:
        begun = np.maximum(shown.raised, self._start)
        lasts = returned > begun
        begun, returned = begun[lasts], returned[lasts]
        self._active_ns.add(shown.alarm[lasts], returned - begun)
        self._add_between(
            self._standing, -(-(begun - self._start) // PERIOD_NS), -(-(returned - self._start) // PERIOD_NS)
        )
        stale = np.maximum(shown.raised[lasts] + self._stale, self._start)
        lasts = returned > stale
        first = (stale[lasts] - self._start) // DAY_NS
        self._add_between(self._stale_days, first, (returned[lasts] - 1 - self._start) // DAY_NS + 1)

    @staticmethod
    def _add_between(steps: Counts, first: NDArray[np.int64], last: NDArray[np.int64]) -> None:
        """Add one to each of first <= index < last, as steps up and down."""
        steps.add(first)
        steps.add(last, -1)

    def _count_answers(self, done: Occurrences) -> None:
        answered = done.is_raise & (done.acknowledged > 0)
        delay = np.maximum(0, done.acknowledged[answered] - done.raised[answered])
        self._answers.add(np.minimum(delay // NS_PER_S, _LONGEST_S))
        self._longest_answer = max(self._longest_answer, int(delay.max(initial=0)))

    def _loads(self, stale: set[int]) -> tuple[AlarmLoad, ...]:
        names = list(self._codes)
        columns = [
            counts.first(len(names)).tolist()
            for counts in (self._activations, self._chattering, self._fleeting_count, self._active_ns)
        ]
        loads = [
            AlarmLoad(name, came, chatter, fleeting, active / NS_PER_S, code in stale)
            for code, (name, came, chatter, fleeting, active) in enumerate(zip(names, *columns, strict=True))
            if came or active
        ]
        return tuple(sorted(loads, key=lambda load: (-load.activations, -load.active_s, load.alarm)))
