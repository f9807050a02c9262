"""The pages of rollups as they are stored: the buckets of a day, or of ten days, of one tag.

They are packed column by column. While a page is short and grows, it is nothing but its buckets behind one another, so
that many pages are brought up to date together.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

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
_SHORT = 16
_PLAIN = b"\x01"
"""The first byte of a page that is plain buckets: a packed one begins otherwise."""
_BUCKET = np.dtype([("place", "<i4"), ("values", "<f8", 4), ("times", "u1", 2), ("status", "<u4"), ("samples", "<u4")])
"""A bucket: its number in its tier; minimum, maximum, first, last; when those two were, in steps from its start."""

_Rows = NDArray[Any]
"""Buckets of one or many tags, of dtype _BUCKET."""


class _Page(msgspec.Struct, array_like=True):
    """A packed page: buckets by their place, the four values of each behind one another."""

    place: bytes
    values: bytes
    times: bytes
    status: bytes
    count: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Page)


def pack_page(buckets: Buckets, tier: Tier) -> tuple[int, int, bytes]:
    """Return the buckets of one page as (buckets, crc, data); times are kept to the bucket's width / 256."""
    return _packed(_rows(buckets, tier))


def unpack_page(tier: Tier, count: int, crc: int, data: bytes) -> Buckets:
    """Return the buckets of a page; raise CodecError where it is damaged."""
    page = _unpacked(count, crc, data)
    time = page["place"].astype(np.int64) * tier.width
    first_time, last_time = time + page["times"].T.astype(np.int64) * _step(tier)
    minimum, maximum, first, last = np.ascontiguousarray(page["values"].T)
    has_value = ~np.isnan(minimum)
    return Buckets(
        time,
        minimum,
        maximum,
        first,
        last,
        np.where(has_value, first_time, 0),
        np.where(has_value, last_time, 0),
        page["status"].copy(),
        page["samples"].astype(np.int64),
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
        rows[tier] = _updated(connection, hour, tags, tier, (tag, _rows(buckets, tier)))
    return rows


def _updated(
    connection: PlantConnection, hour: int, tags: Sequence[int], tier: Tier, fresh: tuple[NDArray[np.uint32], _Rows]
) -> list[tuple[int, int, int, bytes]]:
    page, places = hour * HOUR_NS // tier.page_ns, HOUR_NS // tier.width
    begin, end = hour * places, (hour + 1) * places
    former = _former(connection, tags, tier, page)
    tag = np.repeat(
        np.array([tag for tag, _ in former], np.uint32), [len(rows) // _BUCKET.itemsize for _, rows in former]
    )
    tag = np.concatenate([tag, fresh[0]])
    # as bytes: arrays of such records are joined very slowly
    rows = np.frombuffer(b"".join([*(rows for _, rows in former), fresh[1].tobytes()]), _BUCKET)
    place, is_former = rows["place"], np.arange(len(rows)) < len(rows) - len(fresh[1])
    is_early, is_late = place < begin, place >= end
    # each part is in its order already: one stable sorting by tag and side of the hour is enough
    index = np.searchsorted(np.array(tags, np.uint32), tag)
    order = np.argsort((index * 3 + np.where(is_early, 0, np.where(is_late, 2, 1))).astype(np.uint16), kind="stable")
    order = order[(~is_former | is_early | is_late)[order]]
    rows, index = rows[order], index[order]
    edges = np.searchsorted(index, np.arange(len(tags) + 1)).tolist()
    is_growing = end * tier.width < (page + 1) * tier.page_ns
    found = []
    content, width = rows.tobytes(), _BUCKET.itemsize
    for number, low, high in zip(tags, edges, edges[1:], strict=False):
        if is_growing and high - low <= _SHORT:
            data = _PLAIN + content[low * width : high * width]
            found.append((tag_key(number, page), high - low, zlib.crc32(data), data))
        else:
            found.append((tag_key(number, page), *_packed(rows[low:high])))
    return found


def _former(connection: PlantConnection, tags: Sequence[int], tier: Tier, page: int) -> list[tuple[int, bytes]]:
    """Return what the pages of some tags hold, as bytes of _BUCKETs; a damaged one is made again from its samples."""
    stored = connection.execute(
        f"SELECT id, buckets, crc, data FROM {tier.table} WHERE id IN ({','.join('?' * len(tags))})",  # noqa: S608
        [tag_key(tag, page) for tag in tags],
    ).fetchall()
    found = []
    for key, *row in sorted(stored):
        tag = tag_of_key(key)
        try:
            found.append((tag, _content(*row)))
        except CodecError:
            found.append((tag, _rows(remade_page(connection, tag, tier, page), tier).tobytes()))
    return found


def _rows(buckets: Buckets, tier: Tier) -> _Rows:
    rows = np.empty(len(buckets), _BUCKET)
    rows["place"] = buckets.time // tier.width
    for place, column in enumerate((buckets.minimum, buckets.maximum, buckets.first, buckets.last)):
        rows["values"][:, place] = column
    for place, time in enumerate((buckets.first_time, buckets.last_time)):
        rows["times"][:, place] = np.where(time > 0, (time - buckets.time) // _step(tier), 0)
    rows["status"], rows["samples"] = buckets.status, buckets.count
    return rows


def _packed(rows: _Rows) -> tuple[int, int, bytes]:
    columns = (
        rows["place"].astype(np.int64),
        rows["values"].T.ravel(),
        rows["times"].T.astype(np.int64).ravel(),
        rows["status"],
        rows["samples"].astype(np.int64),
    )
    data = _ENCODER.encode(_Page(*(pack(column) for column in columns)))
    return len(rows), zlib.crc32(data), data


def _unpacked(count: int, crc: int, data: bytes) -> _Rows:
    return np.frombuffer(_content(count, crc, data), _BUCKET)


def _content(count: int, crc: int, data: bytes) -> bytes:
    """Return the buckets of a page as bytes of _BUCKETs."""
    if zlib.crc32(data) != crc:
        raise CodecError("the checksum of a rollup is wrong")
    if data[:1] == _PLAIN:
        if len(data) != 1 + count * _BUCKET.itemsize:
            raise CodecError("a rollup has another number of buckets than it should")
        return data[1:]
    return _of_columns(count, data).tobytes()


def _of_columns(count: int, data: bytes) -> _Rows:
    try:
        page = _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise CodecError(str(error)) from error
    rows = np.empty(count, _BUCKET)
    rows["place"] = unpack(page.place, count, "i")
    rows["values"] = unpack(page.values, 4 * count, "f").reshape(4, count).T
    rows["times"] = unpack(page.times, 2 * count, "i").reshape(2, count).T
    rows["status"] = unpack(page.status, count, "u")
    rows["samples"] = unpack(page.count, count, "i")
    return rows


def _step(tier: Tier) -> int:
    return -(-tier.width // _TIME_STEPS)
