"""Adds the samples of a file to the history as late data: what is stored already stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.database import PlantConnection, open_writer
from app.exchange.assignment import Assignment
from app.exchange.examination import known_samples
from app.exchange.failure import Cancelled
from app.exchange.file_samples import FileSamples, Source
from app.exchange.merge import ImportReport, Merge
from app.exchange.progress import OnProgress, unheard
from app.exchange.value_fit import fitted, plain
from app.history.gap_filling import cut_filled_gaps
from app.history.newest import NewestSamples
from app.history.reader import HistoryReader
from app.history.seal import Step
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import TimeArray, block_of, empty
from app.model.exact import DataType, ExactBlock
from app.model.tag import TagDefinition

_SEAL_SAMPLES = 1_000_000


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
        late = None
        if not is_dry_run:
            connection = stack.enter_context(closing(open_writer(history)))
            late = _LateData(connection, tags, assignment.data_types)
        reader = stack.enter_context(HistoryReader(history))
        extent = _Extent()
        merge = Merge(reader, {tag.handle: tag.name for tag in tags}, assignment.data_types, report)
        try:
            for portion in source.portions():
                known, _ = known_samples(portion.samples, assignment)
                new = merge.new_in(known)
                if late is not None:
                    late.write(new)
                report.added += len(new)
                extent.take(new.time)
                on_progress(portion.share, report.samples)
            if late is not None:
                late.settle()
                if extent.end > extent.start:
                    report.filled_gaps = cut_filled_gaps(
                        late.connection, reader, extent.start, extent.end, tags=[tag.name for tag in tags]
                    )
        except Cancelled:
            done = "nothing" if is_dry_run else f"{report.added:,} samples"
            raise Cancelled(f"{done} were stored; the same command goes on from there") from None
    return report


@dataclass(slots=True)
class _Extent:
    """From the first to behind the last of what was added (ns UTC)."""

    start: int = 0
    end: int = 0

    def take(self, times: TimeArray) -> None:
        if len(times):
            first, last = int(times.min()), int(times.max()) + 1
            self.start, self.end = (min(self.start, first), max(self.end, last)) if self.end else (first, last)


class _LateData:
    """Writes samples and, as far as they have grown, packs them as the collector does."""

    def __init__(
        self, connection: PlantConnection, tags: Sequence[TagDefinition], data_types: Mapping[int, DataType]
    ) -> None:
        self._writer = HistoryWriter(connection, tags)
        self._data_types = data_types
        self.connection = connection
        self._upkeep = HistoryUpkeep(connection.path, self._execute)
        self._newest = NewestSamples(connection.path)
        self._loose = 0

    def write(self, samples: FileSamples) -> None:
        """Add samples to the history; they are on disk when this returns."""
        if not len(samples):
            return
        blocks = dict(self._by_type(samples))
        floats = blocks.pop(DataType.FLOAT64, None)
        block = empty() if floats is None else block_of(floats.handle, floats.time, floats.value, floats.status)
        self._writer.write(block, list(blocks.values()))
        self._loose += len(samples)
        if self._loose >= _SEAL_SAMPLES:
            self._newest.refresh(self._execute)
            self._upkeep.seal()
            self._loose = 0

    def settle(self) -> None:
        """Pack all there is, so that a long past is read as quickly as one that was collected."""
        self._newest.refresh(self._execute)
        self._upkeep.settle()

    def _by_type(self, samples: FileSamples) -> Iterator[tuple[DataType, ExactBlock]]:
        """Yield the samples of each data type, which is one for each tag."""
        size = max(self._data_types, default=0) + 1
        types = np.array([self._data_types.get(handle, DataType.FLOAT64) for handle in range(size)], object)
        of_row = types[samples.series]
        for data_type in set(of_row.tolist()):
            part = samples.select(np.flatnonzero(of_row == data_type))
            value, _ = fitted(plain(part.value), data_type)
            yield data_type, ExactBlock(part.series.astype(np.uint32), part.time, value, part.status, data_type)

    def _execute(self, step: Step) -> None:
        step(self.connection)
