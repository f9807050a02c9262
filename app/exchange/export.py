"""Writes a stretch of the plant's history into a file of another program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.exchange.csv_output import CsvOutput
from app.exchange.failure import ExchangeError, MissingExtra
from app.exchange.interval import IntervalFold
from app.exchange.interval_layout import LongIntervals, WideIntervals
from app.exchange.layout import LayoutKind, LongLayout, WideLayout
from app.exchange.output import MakeOutput, Style
from app.exchange.part_file import refuse_existing, written_whole
from app.exchange.progress import OnProgress, unheard
from app.exchange.selection import Selection
from app.exchange.slices import Slice, read_slices
from app.exchange.table import Column, Rows
from app.history.reader import HistoryReader

SUFFIXES = (".csv", ".parquet", ".xlsx")
_ROWS_AT_ONCE = 10_000
"""So many that their cost lies in the rows, so few that a cancelled export ends within a second."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write, and how. `every`: the width in ns of intervals in place of samples, counted from `origin`."""

    selection: Selection
    layout: LayoutKind = LayoutKind.LONG
    every: int = 0
    origin: int = 0
    style: Style = field(default_factory=Style)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: the samples read, and the rows that they became."""

    samples: int
    rows: int


def export(
    reader: HistoryReader,
    request: ExportRequest,
    target: Path,
    *,
    may_replace: bool = False,
    on_progress: OnProgress = unheard,
) -> ExportReport:
    """Write `target`, whose suffix says the kind of file; it is whole or not there.

    The memory needed does not grow with the stretch. Raise ExchangeError (MissingExtra where a package is missing),
    DatabaseError, OSError, or Cancelled as `on_progress` does.
    """
    make = output_for(target)
    refuse_existing(target, may_replace=may_replace)
    table = _IntervalTable(request) if request.every else _SampleTable(request)
    start, end = request.selection.start, request.selection.end
    samples = rows = 0
    with written_whole(target) as part, make(part, table.columns, request.style) as output:
        for piece in read_slices(reader, request.selection.tags, start, end):
            written = 0
            for portion in _parts(table.rows(piece)):
                output.write(portion)
                written += portion.count
                on_progress(*_progress(request.selection, piece, samples, written))
            rows += written
            samples += piece.samples
            on_progress((piece.end - start) / (end - start), samples)
        for portion in _parts(table.rest()):
            output.write(portion)
            rows += portion.count
        on_progress(1.0, samples)
    return ExportReport(samples, rows)


def _progress(selection: Selection, piece: Slice, before: int, written: int) -> tuple[float, int]:
    """Return share and samples once `written` rows of a slice are out; a wide table has fewer rows than samples."""
    part = min(1.0, written / max(1, piece.samples))
    reached = piece.start - selection.start + part * (piece.end - piece.start)
    return reached / (selection.end - selection.start), before + int(part * piece.samples)


def output_for(target: Path) -> MakeOutput:
    """Return what writes files of that suffix; raise ExchangeError."""
    suffix = target.suffix.lower()
    try:
        match suffix:
            case ".csv":
                return CsvOutput
            case ".parquet":
                from app.exchange.parquet_output import ParquetOutput  # noqa: PLC0415 - an extra

                return ParquetOutput
            case ".xlsx":
                from app.exchange.excel_output import ExcelOutput  # noqa: PLC0415 - an extra

                return ExcelOutput
    except ModuleNotFoundError as error:
        raise MissingExtra(str(target), "parquet" if suffix == ".parquet" else "excel") from error
    raise ExchangeError(f"{target}: end the name with one of {', '.join(SUFFIXES)}, which says the kind of file")


def _parts(portions: Iterator[Rows]) -> Iterator[Rows]:
    return (part for portion in portions for part in portion.parts(_ROWS_AT_ONCE))


class _SampleTable:
    """Every sample as it is stored."""

    def __init__(self, request: ExportRequest) -> None:
        tags = request.selection.tags
        self._layout = LongLayout(tags) if request.layout is LayoutKind.LONG else WideLayout(tags)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._layout.columns

    def rows(self, piece: Slice) -> Iterator[Rows]:
        return self._layout.rows(piece)

    def rest(self) -> Iterator[Rows]:
        return iter(())


class _IntervalTable:
    """Minimum, maximum and mean of intervals."""

    def __init__(self, request: ExportRequest) -> None:
        tags = request.selection.tags
        self._layout = LongIntervals(tags) if request.layout is LayoutKind.LONG else WideIntervals(tags)
        self._fold = IntervalFold(len(tags), width=request.every, origin=request.origin)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._layout.columns

    def rows(self, piece: Slice) -> Iterator[Rows]:
        return self._layout.rows(self._fold.take(piece), width=self._fold.width, origin=self._fold.origin)

    def rest(self) -> Iterator[Rows]:
        return self._layout.rows(self._fold.finish(), width=self._fold.width, origin=self._fold.origin)
