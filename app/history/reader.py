"""Reads the plant's history while the collector writes it: stretches, envelopes, the newest, any past instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from app.database import DatabaseInterrupted, DatabaseMissing, PlantConnection, has_table, open_reader
from app.history.envelope import Envelope, bucket_width
from app.history.gap import Gap, read_gaps
from app.history.hour_sums import HourSums, no_hour_sums, read_hour_sums
from app.history.layout import HOUR_NS
from app.history.read_envelope import read_buckets, tier_for, width_in
from app.history.read_settled import settled_series
from app.history.read_snapshot import SnapshotReader
from app.history.read_thinned import longest_in
from app.history.rollup import no_buckets
from app.history.samples import Samples, converted, merged
from app.history.view import HistoryView, TagInFile
from app.model.datavalue import DataValue
from app.model.exact import DataType, ExactSeries
from app.model.plant_state import PlantState
from app.model.series import Series, empty_series

_EVER = (1 << 63) - 1


class HistoryReader:
    """One reader for one thread; only `interrupt` may be called from another. A missing or empty file has no samples.

    It remembers the newest commits, so one reader kept is quicker than one for each question. Every method raises
    DatabaseError where the file cannot be read, DatabaseInterrupted after `interrupt`.
    """

    def __init__(self, path: Path) -> None:
        """Prepare; the file is opened as soon as it exists."""
        self._path = path
        self._connection: PlantConnection | None = None
        self._is_interrupted = False
        self._has_tables = False
        self._view = HistoryView(self._check)
        self._snapshots = SnapshotReader()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def interrupt(self) -> None:
        """Cancel the call that runs in the reader's thread now, if any."""
        self._is_interrupted = True
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    def tags(self) -> list[str]:
        """Return the names of all tags that the file knows, sorted."""
        with self._opened_view() as view:
            return [] if view is None else sorted(name for name, _ in view.tags().values())

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return the samples of a tag with start <= t < end (ns UTC); where `limit` is given, its newest so many.

        Whole numbers and states are given as float64, texts as NaN.
        """
        if not limit and self._connection is not None:
            self._is_interrupted = False
            series = settled_series(self._view, self._connection, tag, start, end)
            if series is not None:
                return series
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            if view is None or known is None:
                return empty_series()
            samples = _newest(view, known, start, end, limit) if limit else view.samples(known, start, end)
        return Series(samples.time, converted(samples.value, "f"), samples.status)

    def exact(self, tag: str, start: int, end: int) -> ExactSeries:
        """Return the samples of a tag with start <= t < end (ns UTC) in its own data type."""
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            if view is None or known is None:
                nothing = empty_series()
                return ExactSeries(nothing.time, nothing.value, nothing.status, DataType.FLOAT64)
            samples = view.samples(known, start, end)
        value = samples.value.astype(np.bool_) if known.data_type is DataType.BOOLEAN else samples.value
        return ExactSeries(samples.time, value, samples.status, known.data_type)

    def envelope(
        self, tags: Sequence[str], start: int, end: int, buckets: int, *, is_from_samples: bool = False
    ) -> dict[str, Envelope]:
        """Return start <= t < end (ns UTC) of each tag in about `buckets` buckets, which begin at multiples of a width.

        So a view that moves along keeps its buckets. Buckets of 45 s and more come from the rollups and are whole
        minutes or hours wide, unless `is_from_samples`. A tag without samples there has an empty Envelope. Where
        samples are no longer kept, the rollups that are stand for them: see `Envelope.longest`.
        """
        width = bucket_width(start, end, buckets)
        tier = None if is_from_samples else tier_for(width)
        width = width_in(tier, width)
        found = {}
        with self._opened_view() as view:
            for name in tags:
                self._check()
                tag = None if view is None else view.tag(name)
                if view is None or tag is None:
                    found[name] = Envelope.of(no_buckets(), width)
                else:
                    longest = longest_in(view, tag, start, end, tier)
                    read = read_buckets(view, tag, start, end, width=width, tier=tier)
                    found[name] = Envelope.of(read, width, longest=longest)
        return found

    def latest(self) -> dict[str, DataValue]:
        """Return the newest sample of every tag that has any."""
        return self.snapshot(_EVER)

    def snapshot(self, at: int) -> dict[str, DataValue]:
        """Return the plant at a past instant (ns UTC): the last sample of every tag up to then."""
        return dict(self.state_at(at).samples())

    def state_at(self, at: int) -> PlantState:
        """Return the plant at a past instant (ns UTC) as columns.

        Instants near one another, as a replay asks for them, are told at once.
        """
        with self._opened_view() as view:
            if view is None:
                nothing = empty_series()
                return PlantState((), nothing.time, nothing.value, nothing.status)
            return self._snapshots.read(view, at)

    def bound(self, tag: str, instant: int) -> DataValue | None:
        """Return the last sample of a tag before an instant (ns UTC), None where there is none."""
        series = self.raw(tag, -_EVER, instant, limit=1)
        if not len(series):
            return None
        time = int(series.time[0])
        return DataValue(float(series.value[0]), int(series.status[0]), time, time)

    def number(self, tag: str) -> int | None:
        """Return the number of a tag in the file, as gaps name it, None where it has none."""
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            return None if known is None else known.number

    def present_name(self, tag: str) -> str:
        """Return what the file calls a tag now, of which this is a name that it has or had; else the name itself."""
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            return tag if view is None or known is None else view.tags()[known.number][0]

    def hours_without_samples(self, tag: str, start: int, end: int) -> list[int]:
        """Return the hours (since 1970) in start <= t < end (ns UTC) that have rollups, but samples no more."""
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            return [] if view is None or known is None else view.thinned_hours(known, start, end)

    def hour_sums(self, tag: str, start: int, end: int) -> HourSums:
        """Return what is kept of the hours of a tag that lie in start <= t < end (ns UTC) and are good throughout."""
        with self._opened_view() as view:
            known = None if view is None else view.tag(tag)
            return no_hour_sums() if view is None or known is None else read_hour_sums(view, known, start, end)

    def gaps(self, start: int, end: int) -> list[Gap]:
        """Return the gaps that lie at least partly in start <= time < end (ns UTC)."""
        with self._opened_view() as view:
            return [] if view is None else read_gaps(view.connection, start, end)

    def extent(self) -> tuple[int, int] | None:
        """Return the first and the last instant stored (ns UTC), None where nothing is."""
        with self._opened_view() as view:
            if view is None:
                return None
            spans = view.compacted_ends()
            fresh = view.connection.execute("SELECT min(start), max(end) FROM fresh WHERE seal <= ?", (view.seal,))
            spans += [span for span in fresh.fetchall() if span[0] is not None]
            spans += [(int(part.time.min()), int(part.time.max())) for part in view.tail.all_parts()]
        return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None

    @contextmanager
    def _opened_view(self) -> Iterator[HistoryView | None]:
        """Give all queries one state of the file, None where there is nothing to read."""
        self._is_interrupted = False
        connection = self._opened()
        if connection is None:
            yield None
            return
        connection.execute("BEGIN")
        try:
            if self._has_tables or has_table(connection, "journal"):
                self._has_tables = True
                self._view.enter(connection)
                yield self._view
            else:
                yield None
        finally:
            connection.rollback()

    def _opened(self) -> PlantConnection | None:
        if self._connection is None:
            try:
                self._connection = open_reader(self._path)
            except DatabaseMissing:
                return None
        return self._connection

    def _check(self) -> None:
        if self._is_interrupted:
            raise DatabaseInterrupted(f"{self._path}: the query was cancelled")


def _newest(view: HistoryView, tag: TagInFile, start: int, end: int, limit: int) -> Samples:
    """Return the newest samples before `end`: hours backwards, until there are enough."""
    loose = reversed(view.loose_hours(tag, start, end))
    hours = (hour for hour, _ in groupby(merge(view.hours_backwards(tag, start, end), loose, reverse=True)))
    found: list[Samples] = []
    count, step = 0, 1
    while count < limit and (part := list(islice(hours, step))):
        stretch = view.samples(tag, max(start, part[-1] * HOUR_NS), min(end, (part[0] + 1) * HOUR_NS))
        found.insert(0, stretch)
        count += len(stretch)
        step *= 2
    samples = merged(found, tag.kind)
    return samples.rows(slice(max(0, len(samples) - limit), len(samples)))
