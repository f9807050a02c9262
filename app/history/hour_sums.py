"""What is kept of whole hours in which every sample is good: from these a long span is told as from its samples.

An hour that holds a sample which is not good, that has samples which are not compacted yet, or that a former version
has compacted is not among them: it is told from its samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.history.layout import HOUR_NS, tag_key
from app.history.view import HistoryView, TagInFile
from app.model.block import TimeArray, ValueArray

_SELECT = (
    "SELECT hour, begin_time, end_time, minimum, maximum, first, last, area, falls "
    "FROM hourly WHERE id BETWEEN ? AND ? AND area IS NOT NULL ORDER BY id"
)
_NO_COLUMNS: tuple[tuple[Any, ...], ...] = ((),) * 9


@dataclass(frozen=True, slots=True)
class HourSums:
    """Hours of a tag in rising order; arrays of shape (n,).

    `hour`: int64, since 1970. `begin`, `end`: int64 ns UTC of the first and the last sample, whose values are `first`
    and `last`. `area`: float64 under the line from the first to the last one, unit times ns. `falls`: int64, how often
    the value became less.
    """

    hour: NDArray[np.int64]
    begin: TimeArray
    end: TimeArray
    minimum: ValueArray
    maximum: ValueArray
    first: ValueArray
    last: ValueArray
    area: ValueArray
    falls: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of hours."""
        return len(self.hour)

    def rows(self, rows: slice | NDArray[np.bool_]) -> HourSums:
        """Return some of the hours."""
        return HourSums(*(column(self)[rows] for column in _ARRAYS))


_ARRAYS = [attrgetter(name) for name in HourSums.__dataclass_fields__]


def read_hour_sums(view: HistoryView, tag: TagInFile, start: int, end: int) -> HourSums:
    """Return the hours that lie wholly within start <= time < end (ns UTC)."""
    first, last = -(-start // HOUR_NS), end // HOUR_NS - 1
    if last < first or not _has_sums(view):
        return _of_rows([])
    rows = view.connection.execute(_SELECT, (tag_key(tag.number, first), tag_key(tag.number, last))).fetchall()
    loose = set(view.loose_hours(tag, first * HOUR_NS, (last + 1) * HOUR_NS))
    return _of_rows([row for row in rows if row[0] not in loose] if loose else rows)


def no_hour_sums() -> HourSums:
    """Return sums of no hour."""
    return _of_rows([])


def _has_sums(view: HistoryView) -> bool:
    """Return whether the file is of a version that keeps them: one that is only read is not brought up to date."""
    rows = view.connection.execute("SELECT 1 FROM pragma_table_info('hourly') WHERE name = 'area'").fetchall()
    return bool(rows)


def _of_rows(rows: Sequence[tuple[Any, ...]]) -> HourSums:
    hour, begin, end, minimum, maximum, first, last, area, falls = zip(*rows, strict=True) if rows else _NO_COLUMNS
    begins, ends = np.array(begin, np.int64), np.array(end, np.int64)
    low, high, early, late, areas = (np.array(each, np.float64) for each in (minimum, maximum, first, last, area))
    hours, fallen = np.array(hour, np.int64), np.array(falls, np.int64)
    return HourSums(hours, begins, ends, low, high, early, late, areas, fallen)
