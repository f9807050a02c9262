"""The values of tags at evenly spaced instants, as histograms, XY pictures and spectra are made of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate_read import read_interpolated
from app.history.envelope import Envelope
from app.history.gap_marking import GapMarkingReader
from app.history.reader import HistoryReader
from app.model.block import TimeArray
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.status import BAD

MOST = 16_384
MINUTE = 60 * NS_PER_S
_EVER = -(1 << 62)


@dataclass(frozen=True, slots=True)
class EvenValues:
    """`time`: int64 ns UTC, shape (n,), `step` ns apart. `values`: by tag, float64, shape (n,), NaN where bad."""

    time: TimeArray
    step: int
    values: dict[str, NDArray[np.float64]]


def read_even_values(
    reader: HistoryReader,
    tags: Sequence[str],
    start: int,
    end: int,
    *,
    least_step: int = 1,
    keeps_step: bool = False,
    stepped: Collection[str] = (),
) -> EvenValues:
    """Return the tags over start <= t < end (int64 ns UTC) at MOST instants or fewer, `least_step` ns apart or more.

    With `keeps_step` they are exactly `least_step` apart, and of a long span the last part is read: a spectrum of
    values further apart than their samples would show what is not there. At instants a minute apart or more the
    values are those that held, by the rollups. `stepped`: the tags whose values hold until the next. Raise ValueError
    for an empty span, DatabaseError where the file cannot be read.
    """
    if end <= start:
        raise ValueError(f"a span from {start} to {end} is empty: let it begin before it ends")
    step = max(least_step, 1) if keeps_step else max(least_step, -(-(end - start) // MOST), 1)
    if step >= MINUTE and not keeps_step:
        return _coarse(reader, tags, start, end, step)
    count = min(max((end - start) // step, 1), MOST)
    time = end - step * np.arange(count, 0, -1, dtype=np.int64)
    gaps = reader.gaps(0, end)
    extent = reader.extent()
    covered = None if extent is None else extent[1]
    found = read_interpolated(reader, tags, time, stepped=stepped, gaps=gaps, covered=covered, uses_simple_bounds=True)
    values = {
        tag: np.where(series.status < np.uint32(BAD), series.value, np.nan).astype(np.float64)
        for tag, series in found.items()
    }
    return EvenValues(time, step, values)


def _coarse(reader: HistoryReader, tags: Sequence[str], start: int, end: int, step: int) -> EvenValues:
    """Return the value that held at the end of each bucket: to look around each of distant instants takes minutes."""
    found = reader.envelope(tags, start, end, max(1, (end - start) // (2 * step)))  # widths are rounded down
    width = max(envelope.width for envelope in found.values())
    first = start // width
    count = (end - 1) // width - first + 1
    extent, marking = reader.extent(), GapMarkingReader(reader, reader.gaps(0, end))
    known = 0 if extent is None else max(extent[1] // width - first + 1, 0)
    values = {}
    for tag, envelope in found.items():
        before = marking.raw(tag, _EVER, first * width, limit=1)
        marks = marking.marks(tag)
        marks = marks[(marks >= first * width) & (marks < end)]
        values[tag] = _held(envelope, before, marks, first=first, count=count)
        values[tag][known:] = np.nan  # nothing of the plant was stored so late: nobody knows what held
    return EvenValues((first + np.arange(1, count + 1, dtype=np.int64)) * width, width, values)


def _held(envelope: Envelope, before: Series, marks: TimeArray, *, first: int, count: int) -> NDArray[np.float64]:
    """Return what held at the end of each of `count` buckets, the first of which is number `first`, NaN where bad.

    Buckets without a sample have the value of the one before: many servers tell changes alone. `before`: the last
    sample in front of them, if any. `marks`: where nothing was collected any more, ns UTC.
    """
    values, is_told = np.full(count, np.nan), np.zeros(count, np.bool_)
    places = envelope.time // envelope.width - first
    values[places], is_told[places] = envelope.last, True
    last = np.zeros(count, np.int64)
    last[places] = envelope.last_time
    stopped = marks // envelope.width - first
    stopped = stopped[last[stopped] <= marks]  # else samples came again in the same bucket
    values[stopped], is_told[stopped] = np.nan, True
    if not is_told[0] and len(before) and before.status[-1] < np.uint32(BAD):
        values[0] = before.value[-1]
    is_told[0] = True
    held: NDArray[np.float64] = values[np.maximum.accumulate(np.where(is_told, np.arange(count), 0))]
    return held
