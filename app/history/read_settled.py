"""A short stretch of one tag by a single statement: for hours that are compacted, where nothing was stored meanwhile.

An hour on a screen is asked for more often than anything else, and a transaction around two statements takes longer
than unpacking it. The one statement also tells the marks of the file's state. They change with all that is stored,
sealed, compacted or repaired, so a reader that has seen the same marks before knows that nothing else belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from app.database import PlantConnection
from app.history.chunk import StampReader, all_good, check_columns, check_extent
from app.history.codec import CodecError, unpack
from app.history.layout import HOUR_NS, PIECES, chunk_key
from app.history.samples import FLOAT, converted
from app.history.view import MARKS, HistoryView
from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import StatusArray

_MOST_HOURS = 4
_NEXT_HOUR = chunk_key(1, 0) - chunk_key(0, 0)
_START, _END = 4, 5
"""Where they stand in a row, behind the marks and the stamp's number."""

_SELECT = [
    f"SELECT {MARKS}, chunk.stamp, chunk.samples, start, end, chunk.crc, value, status, stamp.samples, stamp.crc, "  # noqa: S608 - constants
    f"stamp.data FROM chunk LEFT JOIN stamp ON stamp.id = chunk.stamp "
    f"WHERE ({' OR '.join(['chunk.id BETWEEN ? AND ?'] * hours)}) AND end >= ? AND start < ?"
    for hours in range(1, _MOST_HOURS + 1)
]


def settled_series(view: HistoryView, connection: PlantConnection, name: str, start: int, end: int) -> Series | None:
    """Return the samples of a tag with start <= time < end (ns UTC), as `connection` shows them outside a transaction.

    None where that cannot be told so: the stretch is long or empty, has samples that are not compacted, a chunk is
    damaged, or the file has changed since `view` last followed it.
    """
    tag = view.tag(name)
    early, late = start // HOUR_NS, (end - 1) // HOUR_NS
    if tag is None or view.marks is None or view.has_fresh or not early <= late < early + _MOST_HOURS:
        return None
    if view.tail and view.tail.parts(tag.number, start, end - 1):
        return None
    first = chunk_key(early, tag.number)
    keys = [first, first + PIECES - 1]
    for _ in range(early, late):
        keys += (keys[-2] + _NEXT_HOUR, keys[-1] + _NEXT_HOUR)
    rows = connection.fetch(_SELECT[late - early], (*keys, start, end))
    if not rows or rows[0][:2] != view.marks:
        return None
    try:
        return _series(rows, view.compacted_stamps, start, end)
    except CodecError:  # it is told by the reading that comes then
        return None


def _series(rows: list[Sequence[Any]], stamps: StampReader, start: int, end: int) -> Series:
    if len(rows) == 1:
        time, value, status = _columns(rows[0], stamps)
    else:
        rows.sort(key=lambda row: row[_START])
        if any(one[_END] >= next_[_START] for one, next_ in pairwise(rows)):
            raise CodecError("chunks overlap")
        times, values, codes = zip(*(_columns(row, stamps) for row in rows), strict=True)
        time, value, status = np.concatenate(times), np.concatenate(values), np.concatenate(codes)
    if rows[0][_START] >= start and rows[-1][_END] < end:
        return Series(time, value, status)
    first, last = time.searchsorted(np.array((start, end), np.int64)).tolist()
    return Series(time[first:last], value[first:last], status[first:last])


def _columns(row: Sequence[Any], stamps: StampReader) -> tuple[TimeArray, ValueArray, StatusArray]:
    """Return time, value and status of a chunk; raise CodecError where it is damaged."""
    _, _, stamp, count, start, end, crc, packed, codes, times, times_crc, times_data = row
    time = stamps.taken(stamp, times, times_crc, times_data)
    check_columns(crc, packed, codes)
    check_extent(count, start, end, time)
    value = unpack(packed, count)
    status = unpack(codes, count, "u") if codes else all_good(count)
    return time, value if value.dtype == np.float64 else converted(value, FLOAT), status
