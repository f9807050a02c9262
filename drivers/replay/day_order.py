"""Tells day.month from month/day where the first rows of a recording leave both open, by the order of all its times."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.model.block import TimeArray
from drivers.replay.failure import RecordingError
from drivers.replay.timestamp import NO_TIME

_CLEARLY_LONGER = 20


class DayOrder:
    """Weighs the readings of the times in one or two forms, stretch by stretch.

    The right one is that in which fewer rows are no times, then that in which fewer rows go back, then that without
    long gaps, since a wrong one jumps by a month at midnight.
    """

    def __init__(self, forms: int) -> None:
        """Begin with nothing read in `forms` forms, 1 or 2."""
        self._misread = [0] * forms
        self._backward = [0] * forms
        self._gap = [1] * forms
        self._last: list[TimeArray] = [np.empty(0, np.int64)] * forms
        self._are_alike = True

    def take(self, times: list[TimeArray]) -> None:
        """Take the next rows (int64 ns, NO_TIME where a row is none), once in each form."""
        self._are_alike = self._are_alike and all(np.array_equal(times[0], other) for other in times[1:])
        for number, stamps in enumerate(times):
            steps = np.diff(np.concatenate([self._last[number], stamps]))
            self._misread[number] += int(np.count_nonzero(stamps == NO_TIME))
            self._backward[number] += int(np.count_nonzero(steps < 0))
            self._gap[number] = max(self._gap[number], int(np.max(steps, initial=1)))
            if len(stamps):
                self._last[number] = stamps[-1:]

    def chosen(self, path: Path) -> int:
        """Return the number of the form that is meant; raise RecordingError where that cannot be told."""
        if len(self._misread) == 1 or self._are_alike:
            return 0
        for measures in (self._misread, self._backward):
            if measures[0] != measures[1]:
                return int(measures[1] < measures[0])
        if max(self._gap) > _CLEARLY_LONGER * min(self._gap):
            return int(self._gap[1] < self._gap[0])
        raise RecordingError(
            path,
            "it cannot be told which number is the day and which the month: write dates as 2020-03-09 or 09.03.2020, "
            "or say which of them comes first",
        )
