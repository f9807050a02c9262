"""How samples stand in a file: one row per sample, or one row per instant with columns for each tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exchange.selection import ExchangedTag
from app.exchange.slices import Slice
from app.exchange.status_text import status_names, status_text
from app.exchange.table import Cells, Column, Kind, Rows, Texts
from app.history.samples import converted
from app.model.block import TimeArray
from app.model.exact import DataType, ExactSeries

STATUS_SUFFIX = " status"
_MOST_CELLS = 2_000_000


class LayoutKind(StrEnum):
    """LONG: time, tag, value, ... WIDE: time, tag A, its status, tag B, ..."""

    LONG = "long"
    WIDE = "wide"


class LongLayout:
    """One row per sample, in rising time, samples of one time in the order of the tags.

    Where values of some tags are no float64, two further columns give the data type and the exact value of those;
    `value` is then what is next to it as a number.
    """

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        self._names = [tag.name for tag in tags]
        self._units = [tag.unit for tag in tags]
        self._types = [str(tag.data_type) for tag in tags]
        self._has_exact = any(tag.data_type is not DataType.FLOAT64 for tag in tags)
        exact = (Column("data_type", Kind.TEXT), Column("value_exact", Kind.VALUE)) if self._has_exact else ()
        self.columns = (
            Column("time", Kind.TIME),
            Column("tag", Kind.TEXT),
            Column("value", Kind.NUMBER),
            Column("unit", Kind.TEXT),
            Column("status", Kind.CODE),
            Column("status_name", Kind.TEXT),
            *exact,
        )

    def rows(self, piece: Slice) -> Iterator[Rows]:
        """Yield all samples of the slice at once."""
        tag, time = tags_and_times([series.time for series in piece.series])
        order = np.argsort(time, kind="stable")
        value = np.concatenate([converted(series.value, "f") for series in piece.series])[order]
        code = np.concatenate([series.status for series in piece.series])[order]
        tag = tag[order]
        names, units = Texts(self._names, tag), Texts(self._units, tag)
        cells: tuple[Cells, ...] = (time[order], names, value, units, code, status_names(code))
        if self._has_exact:
            parts = [_exact_cells(*each) for each in zip(piece.series, self._types, strict=True)]
            exact = np.concatenate(parts)[order]
            cells = (*cells, Texts(self._types, tag), exact)
        yield Rows(len(time), cells)


def _exact_cells(series: ExactSeries, data_type: str) -> NDArray[np.object_]:
    if data_type == DataType.FLOAT64:
        return np.full(len(series), None, object)
    return series.value.astype(object)


class WideLayout:
    """One row per instant at which any tag has a sample; a tag without one there has empty cells."""

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        self._is_float = [tag.data_type is DataType.FLOAT64 for tag in tags]
        pairs = [(_value_column(tag), Column(tag.name + STATUS_SUFFIX, Kind.TEXT)) for tag in tags]
        self.columns = (Column("time", Kind.TIME), *(column for pair in pairs for column in pair))

    def rows(self, piece: Slice) -> Iterator[Rows]:
        """Yield the rows in portions that fit into memory however many tags there are."""
        times = np.unique(np.concatenate([series.time for series in piece.series]))
        for part in portions(times, columns=len(self.columns)):
            cells: list[Cells] = [part]
            for series, is_float in zip(piece.series, self._is_float, strict=True):
                cells.extend(_spread(series, part, is_float=is_float))
            yield Rows(len(part), tuple(cells))


def _value_column(tag: ExchangedTag) -> Column:
    if tag.data_type is DataType.FLOAT64:
        return Column(tag.name, Kind.NUMBER, tag.unit)
    return Column(tag.name, Kind.VALUE, tag.unit, tag.data_type)


def _spread(series: ExactSeries, times: TimeArray, *, is_float: bool) -> tuple[Cells, Cells]:
    """Return value and status of a tag at `times`, which hold all of its times between the first and the last."""
    first, last = np.searchsorted(series.time, times[0]), np.searchsorted(series.time, times[-1], side="right")
    place = np.searchsorted(times, series.time[first:last])
    value: NDArray[Any] = np.full(len(times), np.nan) if is_float else np.full(len(times), None, object)
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
