"""Adds the samples of a file to the history as late data: what is stored already stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection, open_writer
from app.exchange.assignment import Assignment
from app.exchange.examination import known_samples
from app.exchange.failure import Cancelled
from app.exchange.file_samples import FileSamples, Source
from app.exchange.progress import OnProgress, unheard
from app.exchange.time_text import iso_text
from app.history.newest import NewestSamples
from app.history.reader import HistoryReader
from app.history.seal import Step
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.series import Series
from app.model.tag import TagDefinition

MOST_DIFFERENCES = 10
_MOST_STORED = 200_000
_SEAL_SAMPLES = 1_000_000


@dataclass(slots=True)
class ImportReport:
    """What became of the samples of a file.

    `added`: were not stored yet. `same`: were, with this value and status. `different`: another value or status is
    stored at that time and was kept; the first of them are told in `differences`. `repeated`: further samples of one
    tag and time in the file.
    """

    added: int = 0
    same: int = 0
    different: int = 0
    repeated: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def samples(self) -> int:
        """Return the number of all."""
        return self.added + self.same + self.different + self.repeated


def store(
    source: Source,
    assignment: Assignment,
    history: Path,
    tags: Sequence[TagDefinition],
    *,
    is_dry_run: bool = False,
    on_progress: OnProgress = unheard,
) -> ImportReport:
    """Add what `source` holds to the file at `history`, durably and part by part; in a dry run only count.

    Nobody else may write to that file. Raise DatabaseError, or Cancelled with what was stored until then.
    """
    report = ImportReport()
    with ExitStack() as stack:
        reader = stack.enter_context(HistoryReader(history))
        late = None if is_dry_run else _LateData(stack.enter_context(closing(open_writer(history))), tags)
        merge = _Merge(reader, {tag.handle: tag.name for tag in tags}, report)
        try:
            for portion in source.portions():
                new = merge.new_in(known_samples(portion.samples, assignment))
                if late is not None:
                    late.write(new)
                report.added += len(new)
                on_progress(portion.share, report.samples)
            if late is not None:
                late.settle()
        except Cancelled:
            done = "nothing" if is_dry_run else f"{report.added:,} samples"
            raise Cancelled(f"{done} were stored; the same command goes on from there") from None
    return report


class _LateData:
    """Writes samples and, as far as they have grown, packs them as the collector does."""

    def __init__(self, connection: PlantConnection, tags: Sequence[TagDefinition]) -> None:
        self._writer = HistoryWriter(connection, tags)
        self._connection = connection
        self._upkeep = HistoryUpkeep(connection.path, self._execute)
        self._newest = NewestSamples(connection.path)
        self._loose = 0

    def write(self, samples: FileSamples) -> None:
        """Commit samples durably."""
        if not len(samples):
            return
        self._writer.write(block_of(samples.series, samples.time, samples.value, samples.status))
        self._loose += len(samples)
        if self._loose >= _SEAL_SAMPLES:
            self._newest.refresh(self._execute)
            self._upkeep.seal()
            self._loose = 0

    def settle(self) -> None:
        """Pack all there is, so that a long past is read as quickly as one that was collected."""
        self._newest.refresh(self._execute)
        self._upkeep.settle()

    def _execute(self, step: Step) -> None:
        step(self._connection)


class _Merge:
    """Tells the samples that are new from those that are stored already."""

    def __init__(self, reader: HistoryReader, names: dict[int, str], report: ImportReport) -> None:
        self._reader = reader
        self._names = names
        self._report = report

    def new_in(self, samples: FileSamples) -> FileSamples:
        """Return the samples that are not stored, by tag and in rising time; count the others."""
        ordered = samples.select(np.lexsort((samples.time, samples.series)))
        is_repeated = np.zeros(len(ordered), np.bool_)
        is_repeated[1:] = (np.diff(ordered.series) == 0) & (np.diff(ordered.time) == 0)
        self._report.repeated += int(np.count_nonzero(is_repeated))
        single = ordered.select(~is_repeated)
        is_new = np.ones(len(single), np.bool_)
        bounds = np.flatnonzero(np.diff(single.series, prepend=-1, append=-1))
        for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            for first, last, stored in self._stored(single, begin, end):
                is_new[first:last] = self._compare(single, first, last, stored)
        return single.select(is_new)

    def _stored(self, samples: FileSamples, begin: int, end: int) -> Iterator[tuple[int, int, Series]]:
        """Yield what is stored over samples `begin` to `end` of one tag, in parts that fit into memory."""
        name = self._names[int(samples.series[begin])]
        start, stop = int(samples.time[begin]), int(samples.time[end - 1]) + 1
        stored = self._reader.raw(name, start, stop, limit=_MOST_STORED)
        if len(stored) < _MOST_STORED or end - begin == 1:
            yield begin, end, stored
            return
        middle = (begin + end) // 2
        yield from self._stored(samples, begin, middle)
        yield from self._stored(samples, middle, end)

    def _compare(self, samples: FileSamples, first: int, last: int, stored: Series) -> NDArray[np.bool_]:
        time, value = samples.time[first:last], samples.value[first:last]
        place = np.minimum(np.searchsorted(stored.time, time), max(len(stored) - 1, 0))
        if not len(stored):
            return np.ones(last - first, np.bool_)
        is_new: NDArray[np.bool_] = stored.time[place] != time
        code = samples.status[first:last]
        there = stored.value[place]
        is_same = ~is_new & (code == stored.status[place]) & ((value == there) | (np.isnan(value) & np.isnan(there)))
        self._report.same += int(np.count_nonzero(is_same))
        self._note(samples, first + np.flatnonzero(~is_new & ~is_same), stored, place[~is_new & ~is_same])
        return is_new

    def _note(self, samples: FileSamples, rows: NDArray[np.intp], stored: Series, places: NDArray[np.intp]) -> None:
        self._report.different += len(rows)
        left = MOST_DIFFERENCES - len(self._report.differences)
        for row, place in zip(rows[:left].tolist(), places[:left].tolist(), strict=True):
            name = self._names[int(samples.series[row])]
            there, here = (
                f"{float(value)!r} {status.name(int(code))}"
                for value, code in (
                    (stored.value[place], stored.status[place]),
                    (samples.value[row], samples.status[row]),
                )
            )
            self._report.differences.append(
                f"line {samples.line[row]}: {name} at {iso_text(int(samples.time[row]))} is stored as {there}, "
                f"the file has {here}"
            )
