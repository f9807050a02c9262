"""The two layouts in which minimum, maximum and mean of intervals stand in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.exchange.interval import Intervals, begins, extreme, mean
from app.exchange.layout import STATUS_SUFFIX, portions, tags_and_times
from app.exchange.selection import ExchangedTag
from app.exchange.status_text import status_names, status_text
from app.exchange.table import Cells, Column, Kind, Rows, Texts
from app.model.block import TimeArray


class LongIntervals:
    """One row per tag and interval; `time` is the interval's start."""

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        self.columns = (
            Column("time", Kind.TIME),
            Column("tag", Kind.TEXT),
            Column("minimum", Kind.NUMBER),
            Column("maximum", Kind.NUMBER),
            Column("mean", Kind.NUMBER),
            Column("samples", Kind.COUNT),
            Column("unit", Kind.TEXT),
            Column("status", Kind.CODE),
            Column("status_name", Kind.TEXT),
        )
        self._names = [tag.name for tag in tags]
        self._units = [tag.unit for tag in tags]

    def rows(self, intervals: Sequence[Intervals], *, width: int, origin: int) -> Iterator[Rows]:
        """Yield all rows at once."""
        tag, time = tags_and_times(begins(intervals, width=width, origin=origin))
        order = np.argsort(time, kind="stable")
        tag, each = tag[order], np.concatenate(intervals)[order]
        yield Rows(
            len(time),
            (
                time[order],
                Texts(self._names, tag),
                extreme(each, "minimum"),
                extreme(each, "maximum"),
                mean(each),
                each["samples"],
                Texts(self._units, tag),
                each["status"],
                status_names(each["status"]),
            ),
        )


class WideIntervals:
    """One row per interval with four columns per tag: minimum, maximum, mean and status."""

    def __init__(self, tags: Sequence[ExchangedTag]) -> None:
        """Lay out `tags`."""
        self.columns = (Column("time", Kind.TIME), *(column for tag in tags for column in _columns_of(tag)))

    def rows(self, intervals: Sequence[Intervals], *, width: int, origin: int) -> Iterator[Rows]:
        """Yield the rows in portions that fit into memory however many tags there are."""
        starts = begins(intervals, width=width, origin=origin)
        for part in portions(np.unique(np.concatenate(starts)), columns=len(self.columns)):
            cells: list[Cells] = [part]
            for time, each in zip(starts, intervals, strict=True):
                first, last = np.searchsorted(time, part[0]), np.searchsorted(time, part[-1], side="right")
                cells.extend(_spread(time[first:last], each[first:last], part))
            yield Rows(len(part), tuple(cells))


def _columns_of(tag: ExchangedTag) -> tuple[Column, ...]:
    return (
        Column(f"{tag.name} minimum", Kind.NUMBER, tag.unit),
        Column(f"{tag.name} maximum", Kind.NUMBER, tag.unit),
        Column(f"{tag.name} mean", Kind.NUMBER, tag.unit),
        Column(tag.name + STATUS_SUFFIX, Kind.TEXT),
    )


def _spread(time: TimeArray, intervals: Intervals, times: TimeArray) -> tuple[Cells, ...]:
    """Return the columns of one tag at `times`, which hold all of `time`."""
    place = np.searchsorted(times, time)
    numbers = np.full((3, len(times)), np.nan)
    numbers[:, place] = extreme(intervals, "minimum"), extreme(intervals, "maximum"), mean(intervals)
    codes, index = np.unique(intervals["status"], return_inverse=True)
    text = np.full(len(times), -1, np.int32)
    text[place] = index
    return (*numbers, Texts([status_text(code) for code in codes.tolist()], text))
