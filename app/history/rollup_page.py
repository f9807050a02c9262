"""The pages of rollups as they are stored: the buckets of a day, or of ten days, of one tag as packed columns."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection
from app.history.codec import CodecError, pack, unpack
from app.history.layout import HOUR_NS, tag_key, tag_of_key
from app.history.remake import remade_page
from app.history.rollup import TIERS, Buckets, Tier, bucketed_by_tag, regrouped_by_tag
from app.history.samples import Samples

_TIME_STEPS = 256


class _Page(msgspec.Struct, array_like=True):
    """A page as it is stored: buckets by their place, the four values of each behind one another."""

    place: bytes
    values: bytes
    times: bytes
    status: bytes
    count: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Page)


class _Columns(NamedTuple):
    """What a page keeps of n buckets, the last axis of each.

    `place`: the number of the bucket in its tier. `values`: minimum, maximum, first, last, shape (4, n). `times`: when
    the first and the last were, in steps from the bucket's start, shape (2, n), 0 where there is none.
    """

    place: NDArray[np.int64]
    values: NDArray[np.float64]
    times: NDArray[np.int64]
    status: NDArray[np.uint32]
    samples: NDArray[np.int64]

    def rows(self, rows: slice | NDArray[np.intp]) -> _Columns:
        return _Columns._make(column[..., rows] for column in self)


def pack_page(buckets: Buckets, tier: Tier) -> tuple[int, int, bytes]:
    """Return the buckets of one page as (buckets, crc, data); times are kept to the bucket's width / 65 536."""
    return _packed(_columns(buckets, tier))


def unpack_page(tier: Tier, count: int, crc: int, data: bytes) -> Buckets:
    """Return the buckets of a page; raise CodecError where it is damaged."""
    page = _unpacked(count, crc, data)
    time = page.place * tier.width
    offsets = page.times * _step(tier)
    minimum, maximum, first, last = page.values
    has_value = ~np.isnan(minimum)
    return Buckets(
        time,
        minimum,
        maximum,
        first,
        last,
        np.where(has_value, time + offsets[0], 0),
        np.where(has_value, time + offsets[1], 0),
        page.status,
        page.samples,
    )


def updated_pages(
    connection: PlantConnection, hour: int, tags: Sequence[int], samples: Samples
) -> dict[Tier, list[tuple[int, int, int, bytes]]]:
    """Return the rows of each tier whose buckets in an hour are those of `samples`, which are of some of the `tags`.

    `tags`: in rising order, all with the same kind of value.
    """
    tag, buckets = samples.tag, None
    rows = {}
    for tier in TIERS:
        if buckets is None:
            tag, buckets = bucketed_by_tag(samples, tier.width)
        else:
            tag, buckets = regrouped_by_tag(tag, buckets, tier.width)
        rows[tier] = _updated(connection, hour, tags, tier, (tag, _columns(buckets, tier)))
    return rows


def _updated(
    connection: PlantConnection,
    hour: int,
    tags: Sequence[int],
    tier: Tier,
    fresh: tuple[NDArray[np.uint32], _Columns],
) -> list[tuple[int, int, int, bytes]]:
    page, places = hour * HOUR_NS // tier.page_ns, HOUR_NS // tier.width
    first = hour * places
    former = _former(connection, tags, tier, page)
    parts = [columns for _, columns in former]
    tag = np.concatenate([*(np.full(len(part.place), tag) for tag, part in former), fresh[0]]).astype(np.int64)
    whole = _joined([*parts, fresh[1]])
    # before the hour, in it, behind it: as each is in its order, one stable sorting by tag and this is enough
    side = np.zeros(len(tag), np.int64)
    is_former = np.arange(len(tag)) < len(tag) - len(fresh[0])
    side[~is_former] = 1
    side[whole.place >= first + places] = 2
    keep = ~is_former | (whole.place < first) | (whole.place >= first + places)
    index = np.searchsorted(np.array(tags, np.int64), tag)
    order = np.argsort((index * 3 + side).astype(np.uint16), kind="stable")
    order = order[keep[order]]
    whole, index = whole.rows(order), index[order]
    edges = np.searchsorted(index, np.arange(len(tags) + 1)).tolist()
    is_lasting = (hour + 1) * HOUR_NS == (page + 1) * tier.page_ns
    return [
        (tag_key(number, page), *_packed(whole.rows(slice(low, high)), is_lasting=is_lasting))
        for number, low, high in zip(tags, edges, edges[1:], strict=False)
    ]


def _former(connection: PlantConnection, tags: Sequence[int], tier: Tier, page: int) -> list[tuple[int, _Columns]]:
    """Return what the pages of some tags hold; a damaged one is made again from its samples."""
    rows = connection.execute(
        f"SELECT id, buckets, crc, data FROM {tier.table} WHERE id IN ({','.join('?' * len(tags))})",  # noqa: S608
        [tag_key(tag, page) for tag in tags],
    ).fetchall()
    found = []
    for key, *row in sorted(rows):
        tag = tag_of_key(key)
        try:
            found.append((tag, _unpacked(*row)))
        except CodecError:
            found.append((tag, _columns(remade_page(connection, tag, tier, page), tier)))
    return found


def _columns(buckets: Buckets, tier: Tier) -> _Columns:
    start, step = buckets.time, _step(tier)
    times = np.stack((buckets.first_time, buckets.last_time))
    return _Columns(
        start // tier.width,
        np.stack((buckets.minimum, buckets.maximum, buckets.first, buckets.last)),
        np.where(times > 0, (times - start) // step, 0),
        buckets.status,
        buckets.count,
    )


def _joined(parts: Sequence[_Columns]) -> _Columns:
    return _Columns._make(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True))


def _packed(columns: _Columns, *, is_lasting: bool = True) -> tuple[int, int, bytes]:
    data = _ENCODER.encode(_Page(*(pack(column.ravel(), is_lasting=is_lasting) for column in columns)))
    return len(columns.place), zlib.crc32(data), data


def _unpacked(count: int, crc: int, data: bytes) -> _Columns:
    if zlib.crc32(data) != crc:
        raise CodecError("the checksum of a rollup is wrong")
    try:
        page = _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise CodecError(str(error)) from error
    return _Columns(
        unpack(page.place, count, "i"),
        unpack(page.values, 4 * count, "f").reshape(4, count),
        unpack(page.times, 2 * count, "i").reshape(2, count),
        unpack(page.status, count, "u"),
        unpack(page.count, count, "i"),
    )


def _step(tier: Tier) -> int:
    return -(-tier.width // _TIME_STEPS)
