"""The samples of neighbouring chunks as columns of numbers, in arrays that are used again for the next stretch.

A day of one tag is 700 kB a column: to ask the system for that each time takes longer than unpacking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from app.history.chunk import PackedChunk, StampReader, check_chunk
from app.history.codec import CodecError, kind_of, unpack, unpack_into
from app.history.samples import FLOAT, converted
from app.model import status as status_code
from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray


class ColumnReader:
    """Unpacks the chunks of one tag at a time."""

    def __init__(self) -> None:
        """Begin with no room."""
        self._time: TimeArray = np.empty(0, np.int64)
        self._value: ValueArray = np.empty(0)
        self._status: StatusArray = np.empty(0, np.uint32)

    def read(self, chunks: Sequence[PackedChunk], stamps: StampReader) -> tuple[TimeArray, ValueArray, StatusArray]:
        """Return time, value as float64 and status of chunks in rising order whose stamps are loaded.

        They hold until the next call. Raise CodecError where a chunk is damaged or overlaps the next.
        """
        if any(one.end >= other.start for one, other in pairwise(chunks)):
            raise CodecError("chunks overlap")
        count = sum(chunk.samples for chunk in chunks)
        if count > len(self._time):
            self._time, self._value = np.empty(count, np.int64), np.empty(count)
            self._status = np.empty(count, np.uint32)
        place = 0
        for chunk in chunks:
            rows = slice(place, place := place + chunk.samples)
            time = stamps.time_of(chunk.stamp)
            check_chunk(chunk, time)
            self._time[rows] = time
            _unpack_value(chunk.value, self._value[rows])
            if chunk.status:
                self._status[rows] = unpack(chunk.status, chunk.samples, "u")
            else:
                self._status[rows] = status_code.GOOD
        return self._time[:count], self._value[:count], self._status[:count]


def _unpack_value(packed: bytes, column: ValueArray) -> None:
    if kind_of(packed) == FLOAT:
        unpack_into(packed, column)
    else:
        column[:] = converted(unpack(packed, len(column)), FLOAT)
