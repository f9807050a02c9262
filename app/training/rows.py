"""Rows of the history on a fixed grid of time, as a stream of them would have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.reader import HistoryReader
from app.learning.refusal import ModelRefused
from app.model.block import TimeArray
from app.model.clock import NS_PER_S
from app.model.model_command import ModelRefusalCode as Code
from app.model.status import good_mask

Array = NDArray[np.float64]

MOST_VALUES = 60_000_000
"""Half a gigabyte: a year of ten tags, one row every six seconds."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`times`: int64 ns UTC, shape (n,); `values`: tag units, shape (n, tags), NaN where nothing good is known."""

    times: TimeArray
    values: Array

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.times)

    def between(self, begin: int, end: int) -> Rows:
        """Return those with begin <= t < end (ns UTC)."""
        first, last = np.searchsorted(self.times, [begin, end])
        return Rows(self.times[first:last], self.values[first:last])

    def outside(self, spans: Sequence[tuple[int, int]]) -> Rows:
        """Return those that lie in none of the spans."""
        keep = np.ones(len(self.times), np.bool_)
        for begin, end in spans:
            keep &= (self.times < begin) | (self.times >= end)
        return Rows(self.times[keep], self.values[keep])


def read_rows(reader: HistoryReader, tags: Sequence[str], begin: int, end: int, *, period_s: float) -> Rows:
    """Return what each tag told last at every `period_s` seconds of begin <= t < end (ns UTC).

    A value that is not good, and all within a gap of the history, is NaN. Raise ModelRefused for more rows than fit.
    """
    period = max(1, round(period_s * NS_PER_S))
    count = max(0, -(-(end - begin) // period))
    if count * len(tags) > MOST_VALUES:
        text = f"{count:,} rows of {len(tags)} tags: choose a longer period or a shorter time"
        raise ModelRefused(text, Code.TOO_MANY_ROWS, rows=count, tags=len(tags))
    times = begin + period * np.arange(count, dtype=np.int64)
    gaps = reader.gaps(begin, end)
    columns = [_column(reader, tag, times) for tag in tags]
    values = np.stack(columns, axis=1) if columns else np.empty((count, 0))
    for gap in gaps:
        if gap.tag is None:
            values[(times >= gap.start) & (times < gap.end)] = np.nan
    return Rows(times, values)


def _column(reader: HistoryReader, tag: str, times: TimeArray) -> Array:
    if not len(times):
        return np.empty(0)
    series = reader.raw(tag, int(times[0]), int(times[-1]) + 1)
    before = reader.bound(tag, int(times[0]))
    first = np.nan if before is None or not good_mask(np.array([before.status], np.uint32))[0] else before.value
    good = np.where(good_mask(series.status), series.value, np.nan)
    known = np.concatenate([[first], good])
    column: Array = known[np.searchsorted(series.time, times, side="right")]
    return column
