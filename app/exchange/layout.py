"""How samples stand in a file: one row per sample, or one row per instant with columns for each tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.exchange.selection import ExchangedTag
from app.exchange.slices import Slice
from app.exchange.status_text import status_names, status_text
from app.exchange.table import Cells, Column, Kind, Rows, Texts
from app.model.block import TimeArray
from app.model.series import Series

STATUS_SUFFIX = " status"
_MOST_CELLS = 2_000_000


class LayoutKind(StrEnum):
    """LONG: time, tag, value, ... WIDE: time, tag A, its status, tag B, ..."""

    LONG = "long"
    WIDE = "wide"


class Layout(Protocol):
    """What stands in the columns, and how a slice of the history becomes rows."""

    columns: tuple[Column, ...]

    def rows(self, piece: Slice) -> Iterator[Rows]:
        """Yield the rows of a slice, in rising time."""


class LongLayout:
    """One row per sample, in rising time, samples of one time in the order of the tags."""

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        self.columns = (
            Column("time", Kind.TIME),
            Column("tag", Kind.TEXT),
            Column("value", Kind.NUMBER),
            Column("unit", Kind.TEXT),
            Column("status", Kind.CODE),
            Column("status_name", Kind.TEXT),
        )
        self._names = [tag.name for tag in tags]
        self._units = [tag.unit for tag in tags]

    def rows(self, piece: Slice) -> Iterator[Rows]:
        """Yield all samples of the slice at once."""
        tag, time = tags_and_times([series.time for series in piece.series])
        order = np.argsort(time, kind="stable")
        value = np.concatenate([series.value for series in piece.series])[order]
        code = np.concatenate([series.status for series in piece.series])[order]
        tag = tag[order]
        names, units = Texts(self._names, tag), Texts(self._units, tag)
        yield Rows(len(time), (time[order], names, value, units, code, status_names(code)))


class WideLayout:
    """One row per instant at which any tag has a sample; a tag without one there has empty cells."""

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        pairs = [(Column(tag.name, Kind.NUMBER, tag.unit), Column(tag.name + STATUS_SUFFIX, Kind.TEXT)) for tag in tags]
        self.columns = (Column("time", Kind.TIME), *(column for pair in pairs for column in pair))

    def rows(self, piece: Slice) -> Iterator[Rows]:
        """Yield the rows in portions that fit into memory however many tags there are."""
        times = np.unique(np.concatenate([series.time for series in piece.series]))
        for part in portions(times, columns=len(self.columns)):
            cells: list[Cells] = [part]
            for series in piece.series:
                cells.extend(_spread(series, part))
            yield Rows(len(part), tuple(cells))


def _spread(series: Series, times: TimeArray) -> tuple[Cells, Cells]:
    """Return value and status of a tag at `times`, which hold all of its times between the first and the last."""
    first, last = np.searchsorted(series.time, times[0]), np.searchsorted(series.time, times[-1], side="right")
    place = np.searchsorted(times, series.time[first:last])
    value = np.full(len(times), np.nan)
    value[place] = series.value[first:last]
    codes, index = np.unique(series.status[first:last], return_inverse=True)
    text = np.full(len(times), -1, np.int32)
    text[place] = index
    return value, Texts([status_text(code) for code in codes.tolist()], text)


def tags_and_times(times: Sequence[TimeArray]) -> tuple[NDArray[np.int32], TimeArray]:
    """Return which tag each sample is of, and all times, one tag after the other."""
    lengths = [len(each) for each in times]
    return np.repeat(np.arange(len(times), dtype=np.int32), lengths), np.concatenate(times)


def portions(times: TimeArray, *, columns: int) -> Iterator[TimeArray]:
    """Yield rows in portions of a bounded number of cells."""
    step = max(1, _MOST_CELLS // columns)
    for begin in range(0, len(times), step):
        yield times[begin : begin + step]
