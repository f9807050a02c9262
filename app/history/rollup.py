"""Rollups: the extremes of each minute and each hour of a tag, so that a long span is read in few rows.

A tier has buckets of one width; a row of its table holds the buckets of one page (a day of minutes, ten days of hours)
of one tag. Only buckets that hold samples are kept. A rollup speaks of compacted chunks alone: where a tag has samples
that are not compacted, its raw samples count.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.history.codec import CodecError, pack, unpack
from app.history.layout import HOUR_NS
from app.model import status as status_code
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.model.status import StatusArray


@dataclass(frozen=True, slots=True)
class Tier:
    """One width of buckets, in ns, and how many of them make a page; `table` holds the pages."""

    table: str
    width: int
    page_buckets: int

    @property
    def page_ns(self) -> int:
        """Return the length of a page in ns."""
        return self.width * self.page_buckets


MINUTE = Tier("minute_rollup", 60 * NS_PER_S, 1_440)
HOUR = Tier("hour_rollup", HOUR_NS, 240)
TIERS = (MINUTE, HOUR)
_TIME_STEPS = 256


@dataclass(frozen=True, slots=True)
class Buckets:
    """What lies in each bucket that holds samples; arrays of shape (n,), in rising time.

    `time`: int64 ns UTC, of the bucket's start. `minimum`, `maximum`, `first`, `last`: of the usable values, NaN where
    there is none. `first_time`, `last_time`: when those two were, 0 where there is none. `status`: the worst of all
    samples. `count`: all samples.
    """

    time: TimeArray
    minimum: ValueArray
    maximum: ValueArray
    first: ValueArray
    last: ValueArray
    first_time: TimeArray
    last_time: TimeArray
    status: StatusArray
    count: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of buckets."""
        return len(self.time)

    def rows(self, rows: slice) -> Buckets:
        """Return some of the buckets."""
        return Buckets(*(column(self)[rows] for column in _COLUMNS))

    def between(self, start: int, end: int) -> Buckets:
        """Return the buckets with start <= time < end (ns UTC)."""
        return self.rows(slice(int(self.time.searchsorted(start)), int(self.time.searchsorted(end))))


_COLUMNS = [attrgetter(field.name) for field in fields(Buckets)]


def no_buckets() -> Buckets:
    """Return none."""
    whole, number = np.empty(0, np.int64), np.empty(0)
    return Buckets(whole, number, number, number, number, whole, whole, np.empty(0, np.uint32), whole)


def bucketed(time: TimeArray, value: ValueArray, status: StatusArray, width: int) -> Buckets:
    """Return samples (times strictly rising) in buckets that begin at multiples of `width` ns."""
    if not len(time):
        return no_buckets()
    number = time // width
    begins = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    usable = status_code.usable_mask(status) & ~np.isnan(value)
    has_value: NDArray[np.bool_] | None
    if usable.all():
        early, late, has_value = begins, np.append(begins[1:], len(time)) - 1, None
        low, high = np.minimum.reduceat(value, begins), np.maximum.reduceat(value, begins)
    else:
        early, late, has_value = _ends(usable, begins)
        drawn = np.where(usable, value, np.nan)
        low, high = np.fmin.reduceat(drawn, begins), np.fmax.reduceat(drawn, begins)
    return Buckets(
        time=number[begins] * width,
        minimum=low,
        maximum=high,
        first=_where(has_value, value[early], np.nan),
        last=_where(has_value, value[late], np.nan),
        first_time=_where(has_value, time[early], 0),
        last_time=_where(has_value, time[late], 0),
        status=np.maximum.reduceat(status, begins),
        count=np.diff(begins, append=len(time)),
    )


def _ends(
    usable: NDArray[np.bool_], begins: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return the places of the first and last usable one from each beginning to the next, and where there is any."""
    place = np.arange(len(usable))
    early = np.minimum.reduceat(np.where(usable, place, len(usable)), begins)
    late = np.maximum.reduceat(np.where(usable, place, -1), begins)
    has_any = late >= 0
    return np.where(has_any, early, 0), late, has_any


def regrouped(parts: Sequence[Buckets], width: int) -> Buckets:
    """Return buckets of a tag, given in parts of rising time, in wider buckets at multiples of `width` ns."""
    fine = concatenated(parts)
    if not len(fine):
        return fine
    number = fine.time // width
    begins = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    early, late, has_value = _ends(~np.isnan(fine.minimum), begins)
    return Buckets(
        time=number[begins] * width,
        minimum=np.fmin.reduceat(fine.minimum, begins),
        maximum=np.fmax.reduceat(fine.maximum, begins),
        first=_where(has_value, fine.first[early], np.nan),
        last=_where(has_value, fine.last[late], np.nan),
        first_time=_where(has_value, fine.first_time[early], 0),
        last_time=_where(has_value, fine.last_time[late], 0),
        status=np.maximum.reduceat(fine.status, begins),
        count=np.add.reduceat(fine.count, begins),
    )


def overlaid(one: Buckets, other: Buckets, width: int) -> Buckets:
    """Return buckets of `width` ns that hold what is in either."""
    by_first = regrouped([_sorted(one, other, "first_time")], width)
    by_last = regrouped([_sorted(one, other, "last_time")], width)
    return replace(by_first, last=by_last.last, last_time=by_last.last_time)


def _sorted(one: Buckets, other: Buckets, column: str) -> Buckets:
    both = concatenated([one, other])
    order = np.lexsort((getattr(both, column), both.time))
    return Buckets(*(each(both)[order] for each in _COLUMNS))


def replaced(page: Buckets, start: int, end: int, fresh: Buckets) -> Buckets:
    """Return a page whose buckets in start <= time < end are those of `fresh`."""
    first, last = int(page.time.searchsorted(start)), int(page.time.searchsorted(end))
    return concatenated([page.rows(slice(0, first)), fresh, page.rows(slice(last, len(page)))])


class _Page(msgspec.Struct, array_like=True):
    """A page as it is stored: buckets by their place, the four values of each behind one another."""

    place: bytes
    values: bytes
    times: bytes
    status: bytes
    count: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Page)


def pack_page(buckets: Buckets, tier: Tier) -> tuple[int, int, bytes]:
    """Return the buckets of one page as (buckets, crc, data); times are kept to the bucket's width / 65 536."""
    step = -(-tier.width // _TIME_STEPS)
    start = buckets.time
    data = _ENCODER.encode(
        _Page(
            pack(start // tier.width),
            pack(np.concatenate((buckets.minimum, buckets.maximum, buckets.first, buckets.last))),
            pack(
                np.concatenate(
                    (
                        np.where(buckets.first_time > 0, (buckets.first_time - start) // step, 0),
                        np.where(buckets.last_time > 0, (buckets.last_time - start) // step, 0),
                    )
                )
            ),
            pack(buckets.status),
            pack(buckets.count),
        )
    )
    return len(buckets), zlib.crc32(data), data


def unpack_page(tier: Tier, count: int, crc: int, data: bytes) -> Buckets:
    """Return the buckets of a page; raise CodecError where it is damaged."""
    if zlib.crc32(data) != crc:
        raise CodecError("the checksum of a rollup is wrong")
    try:
        page = _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise CodecError(str(error)) from error
    minimum, maximum, first, last = unpack(page.values, 4 * count, "f").reshape(4, count)
    step = -(-tier.width // _TIME_STEPS)
    time = unpack(page.place, count, "i") * tier.width
    offsets = unpack(page.times, 2 * count, "i").reshape(2, count) * step
    has_value = ~np.isnan(minimum)
    return Buckets(
        time,
        minimum,
        maximum,
        first,
        last,
        np.where(has_value, time + offsets[0], 0),
        np.where(has_value, time + offsets[1], 0),
        unpack(page.status, count, "u"),
        unpack(page.count, count, "i"),
    )


def _where(has_value: NDArray[np.bool_] | None, values: NDArray[Any], otherwise: float) -> NDArray[Any]:
    return values if has_value is None else np.where(has_value, values, otherwise)


def concatenated(parts: Sequence[Buckets]) -> Buckets:
    """Return parts of rising time, of which no two share a bucket, as one."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else no_buckets()
    parts = filled
    return Buckets(*(np.concatenate([column(part) for part in parts]) for column in _COLUMNS))
