"""Shows where nothing was collected as a sample without a value, so that no line is drawn across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from app.history.gap import Gap, GapReason
from app.model import status
from app.model.series import Series


class RawReader(Protocol):
    """Gives the raw samples of a tag, as HistoryReader does."""

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return the samples with start <= t < end (ns UTC); where `limit` is given, the newest so many."""


class GapMarkingReader:
    """A reader whose tags have, wherever the collector stopped, one more sample: without a value, of Bad_NoData."""

    def __init__(self, reader: RawReader, gaps: Sequence[Gap]) -> None:
        """Take the gaps in which no tag was collected; where samples are missing for other reasons, others came."""
        self._reader = reader
        stopped = {gap.start for gap in gaps if gap.reason == GapReason.NOT_COLLECTING and gap.tag is None}
        self._starts = np.array(sorted(stopped), np.int64)

    def last(self, sample: int) -> int:
        """Return the time of the last sample or mark, where `sample` is that of the last sample (ns UTC)."""
        return max(sample, int(self._starts[-1])) if len(self._starts) else sample

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return samples and marks with start <= t < end (ns UTC); where `limit` is given, the newest so many."""
        found = self._reader.raw(tag, start, end, limit=limit)
        first, last = np.searchsorted(self._starts, (start, end))
        marks = np.setdiff1d(self._starts[first:last], found.time)
        if not len(marks):
            return found
        time = np.concatenate((found.time, marks))
        order = np.argsort(time)[-limit:]
        value = np.concatenate((found.value, np.full(len(marks), np.nan)))
        code = np.concatenate((found.status, np.full(len(marks), status.BAD_NO_DATA, np.uint32)))
        return Series(time[order], value[order], code[order])
