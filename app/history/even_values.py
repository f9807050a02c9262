"""The values of tags at evenly spaced instants, as histograms, XY pictures and spectra are made of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate_read import read_interpolated
from app.history.reader import HistoryReader
from app.model.block import TimeArray
from app.model.clock import NS_PER_S
from app.model.status import BAD

MOST = 16_384
MINUTE = 60 * NS_PER_S


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
    values further apart than their samples would show what is not there. Instants a minute apart or more are those of
    the last samples in the rollups. `stepped`: the tags whose values hold until the next. Raise ValueError for an empty
    span, DatabaseError where the file cannot be read.
    """
    if end <= start:
        raise ValueError(f"a span from {start} to {end} is empty: let it begin before it ends")
    step = max(least_step, 1) if keeps_step else max(least_step, -(-(end - start) // MOST), 1)
    if step >= MINUTE and not keeps_step:
        return _coarse(reader, tags, start, end, step)
    count = min(max((end - start) // step, 1), MOST)
    time = end - step * np.arange(count, 0, -1, dtype=np.int64)
    gaps = reader.gaps(0, end)
    found = read_interpolated(reader, tags, time, stepped=stepped, gaps=gaps, uses_simple_bounds=True)
    values = {
        tag: np.where(series.status < np.uint32(BAD), series.value, np.nan).astype(np.float64)
        for tag, series in found.items()
    }
    return EvenValues(time, step, values)


def _coarse(reader: HistoryReader, tags: Sequence[str], start: int, end: int, step: int) -> EvenValues:
    """Return the last value in each bucket: to look around each of distant instants would take minutes."""
    found = reader.envelope(tags, start, end, max(1, (end - start) // (2 * step)))  # widths are rounded down
    width = max(envelope.width for envelope in found.values())
    first = start // width
    count = (end - 1) // width - first + 1
    values = {}
    for tag, envelope in found.items():
        values[tag] = np.full(count, np.nan)
        values[tag][envelope.time // width - first] = envelope.last
    return EvenValues((first + np.arange(1, count + 1, dtype=np.int64)) * width, width, values)
