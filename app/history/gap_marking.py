"""Shows where nothing was collected as a sample without a value, so that no line is drawn across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from app.history.gap import Gap, GapReason
from app.model import status
from app.model.block import TimeArray
from app.model.series import Series


class RawReader(Protocol):
    """Gives the raw samples of a tag, as HistoryReader does."""

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return the samples with start <= t < end (ns UTC); where `limit` is given, the newest so many."""


class NumberedReader(RawReader, Protocol):
    """Knows, too, which number a tag has in the file, by which gaps name it."""

    def number(self, tag: str) -> int | None:
        """Return the number of a tag, None where it has none."""


class GapMarkingReader:
    """A reader whose tags have, wherever the collector stopped, one more sample: without a value, of Bad_NoData."""

    def __init__(self, reader: NumberedReader, gaps: Sequence[Gap]) -> None:
        """Take the gaps in which tags were not collected; where samples are missing for other reasons, others came."""
        self._reader = reader
        stopped: dict[int | None, set[int]] = {}
        for gap in gaps:
            if gap.reason == GapReason.NOT_COLLECTING:
                stopped.setdefault(gap.tag, set()).add(gap.start)
        of_all = stopped.pop(None, set())
        self._of_all = np.array(sorted(of_all), np.int64)
        self._of_tag = {number: np.array(sorted(of_all | starts), np.int64) for number, starts in stopped.items()}
        self._last = max((gap.start for gap in gaps if gap.reason == GapReason.NOT_COLLECTING), default=None)

    def last(self, sample: int) -> int:
        """Return the time of the last sample or mark, where `sample` is that of the last sample (ns UTC)."""
        return sample if self._last is None else max(sample, self._last)

    def marks(self, tag: str) -> TimeArray:
        """Return when a tag began not to be collected, rising (int64 ns UTC)."""
        number = self._reader.number(tag) if self._of_tag else None
        return self._of_all if number is None else self._of_tag.get(number, self._of_all)

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return samples and marks with start <= t < end (ns UTC); where `limit` is given, the newest so many."""
        found = self._reader.raw(tag, start, end, limit=limit)
        starts = self.marks(tag)
        first, last = np.searchsorted(starts, (start, end))
        if first == last:
            return found
        wanted = starts[first:last]
        places = np.minimum(np.searchsorted(found.time, wanted), len(found) - 1)
        # not by setdiff1d, which sorts a day of samples anew for a handful of gaps
        marks = wanted[found.time[places] != wanted] if len(found) else wanted
        if not len(marks):
            return found
        time = np.concatenate((found.time, marks))
        order = np.argsort(time)[-limit:]
        value = np.concatenate((found.value, np.full(len(marks), np.nan)))
        code = np.concatenate((found.status, np.full(len(marks), status.BAD_NO_DATA, np.uint32)))
        return Series(time[order], value[order], code[order])
