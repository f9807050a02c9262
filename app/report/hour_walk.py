"""Goes through a stretch of a tag's history: runs of hours told without their samples, and the rest by these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.history.aggregate.interval import intervals
from app.history.aggregate_read import SLICE, slices_of
from app.history.bound_search import BoundSearch
from app.history.hour_sums import HourSums
from app.history.reader import HistoryReader
from app.model.block import TimeArray
from app.model.series import Series
from app.report.hour_run import Keep, between, runs_of

SeriesPart = tuple[Series, int, int]
"""Samples with those around them that the values at the ends need, of start <= t < end (ns UTC)."""


@dataclass(frozen=True, slots=True)
class HourWalk:
    """start <= t < end (int64 ns UTC) of the tag that `search` finds samples of; `runs`: in rising order.

    `overlap`: so many ns of each run are told by its first sample, at which a state may change. `is_thinned`: samples
    are no longer kept of hours that are in no run.
    """

    search: BoundSearch
    start: int
    end: int
    runs: tuple[HourSums, ...]
    overlap: int
    is_thinned: bool

    @classmethod
    def of(
        cls,
        reader: HistoryReader,
        search: BoundSearch,
        span: tuple[int, int],
        keep: Keep,
        *,
        marks: TimeArray,
        is_state: bool,
    ) -> HourWalk:
        """Return the walk through a span (ns UTC); see `runs_of` for the rest; raise DatabaseError."""
        thinned = np.array(reader.hours_without_samples(search.tag, *span), np.int64)
        hours = reader.hour_sums(search.tag, *span)
        runs = tuple(runs_of(hours, marks, keep, thinned, is_state=is_state))
        told = np.concatenate([run.hour for run in runs]) if runs else np.empty(0, np.int64)
        is_thinned = not np.isin(thinned, told).all()
        return cls(search, *span, runs, overlap=int(is_state), is_thinned=is_thinned)

    def parts(self) -> Iterator[HourSums | SeriesPart]:
        """Yield the parts, one after the other."""
        position, before = self.start, None
        for run in self.runs:
            yield from self._read(position, int(run.begin[0]) + self.overlap, before, run)
            yield run
            position, before = int(run.end[-1]), run
        yield from self._read(position, self.end, before, None)

    def _read(self, begin: int, end: int, before: HourSums | None, behind: HourSums | None) -> Iterator[SeriesPart]:
        if end <= begin:
            return
        for series, start, until in slices_of(self.search, intervals(begin, end, min(end - begin, SLICE))):
            left, right = before if start == begin else None, behind if until == end else None
            yield between(series, left, right), start, until
