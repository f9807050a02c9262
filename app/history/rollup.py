"""Rollups: the extremes of each minute and each hour of a tag, so that a long span is read in few rows.

A tier has buckets of one width; a row of its table holds the buckets of one page (a day of minutes, ten days of hours)
of one tag. Only buckets that hold samples are kept. A rollup speaks of compacted chunks alone: where a tag has samples
that are not compacted, its raw samples count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.history.layout import HOUR_NS
from app.history.samples import Samples, converted
from app.model import status as status_code
from app.model.block import HandleArray, TimeArray, ValueArray
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
        # named one by one, since a screen cuts out a stretch of every tag each time it moves
        return Buckets(
            self.time[rows],
            self.minimum[rows],
            self.maximum[rows],
            self.first[rows],
            self.last[rows],
            self.first_time[rows],
            self.last_time[rows],
            self.status[rows],
            self.count[rows],
        )

    def between(self, start: int, end: int) -> Buckets:
        """Return the buckets with start <= time < end (ns UTC)."""
        first, last = self.time.searchsorted(np.array((start, end), np.int64)).tolist()
        return self.rows(slice(first, last))


_COLUMNS = [attrgetter(field.name) for field in fields(Buckets)]


def no_buckets() -> Buckets:
    """Return buckets of no samples."""
    whole, number = np.empty(0, np.int64), np.empty(0)
    return Buckets(whole, number, number, number, number, whole, whole, np.empty(0, np.uint32), whole)


def bucketed(time: TimeArray, value: ValueArray, status: StatusArray, width: int) -> Buckets:
    """Return samples (times strictly rising) in buckets that begin at multiples of `width` ns."""
    if not len(time):
        return no_buckets()
    number = time // width
    return _of_samples(number, _begins(number), (time, value, status), width)


def bucketed_by_tag(samples: Samples, width: int) -> tuple[HandleArray, Buckets]:
    """Return the tag of each bucket, and the samples of many tags in buckets as `bucketed` makes them."""
    if not len(samples):
        return samples.tag, no_buckets()
    number = samples.time // width
    begins = _begins(number, samples.tag)
    content = (samples.time, converted(samples.value, "f"), samples.status)
    return samples.tag[begins], _of_samples(number, begins, content, width)


def _begins(number: NDArray[np.int64], tag: HandleArray | None = None) -> NDArray[np.intp]:
    """Return where another bucket begins, or another tag."""
    is_new = np.ones(len(number), np.bool_)
    np.not_equal(number[1:], number[:-1], out=is_new[1:])
    if tag is not None:
        is_new[1:] |= tag[1:] != tag[:-1]
    return np.flatnonzero(is_new)


def _of_samples(
    number: NDArray[np.int64],
    begins: NDArray[np.intp],
    content: tuple[TimeArray, ValueArray, StatusArray],
    width: int,
) -> Buckets:
    time, value, status = content
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
    return _of_buckets(number, _begins(number), fine, width)


def regrouped_by_tag(tag: HandleArray, fine: Buckets, width: int) -> tuple[HandleArray, Buckets]:
    """Return the tag of each wider bucket, and the buckets of many tags as `regrouped` makes them."""
    if not len(fine):
        return tag, fine
    number = fine.time // width
    begins = _begins(number, tag)
    return tag[begins], _of_buckets(number, begins, fine, width)


def _of_buckets(number: NDArray[np.int64], begins: NDArray[np.intp], fine: Buckets, width: int) -> Buckets:
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


def _where(has_value: NDArray[np.bool_] | None, values: NDArray[Any], otherwise: float) -> NDArray[Any]:
    return values if has_value is None else np.where(has_value, values, otherwise)


def concatenated(parts: Sequence[Buckets]) -> Buckets:
    """Return parts of rising time, of which no two share a bucket, as one."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else no_buckets()
    parts = filled
    return Buckets(*(np.concatenate([column(part) for part in parts]) for column in _COLUMNS))
