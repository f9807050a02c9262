"""The whole plant at one instant: the last sample of every tag at or before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.history.codec import CodecError, unpack_one
from app.history.layout import hour_of, tag_key
from app.history.samples import Samples
from app.history.view import HistoryView, TagInFile
from app.model import status as status_code
from app.model.exact import DataType


@dataclass(slots=True)
class _Found:
    """The last sample of a tag so far."""

    time: int
    value: Any
    status: int


def read_snapshot(view: HistoryView, at: int) -> dict[str, tuple[int, Any, int, DataType]]:
    """Return (time, value, status, data type) of the last sample of each tag with time <= at (ns UTC), by name."""
    tags = view.tags()
    found: dict[int, _Found] = {}
    _from_chunks(view, tags, at, found)
    _from_key_frames(view, tags, at, found)
    _from_fresh(view, tags, at, found)
    _from_tail(view, at, found)
    return {
        tags[number][0]: (last.time, last.value, last.status, tags[number][1].data_type)
        for number, last in found.items()
        if number in tags
    }


def _from_chunks(view: HistoryView, tags: dict[int, tuple[str, TagInFile]], at: int, found: dict[int, _Found]) -> None:
    """Take the hour that holds `at`: one stretch of the table, and the times of a poll group only once."""
    chunks = view.chunks_at(at)
    times = view.compacted_times([chunk for _, chunk in chunks])
    counts: dict[int, int] = {}
    for number, chunk in chunks:
        if number not in tags:
            continue
        try:
            count = counts.get(chunk.stamp)
            if count is None:
                count = counts[chunk.stamp] = int(np.searchsorted(times.time_of(chunk.stamp), at, side="right"))
            if not count:
                continue
            row = count - 1
            value = unpack_one(chunk.value, chunk.samples, row)
            code = int(unpack_one(chunk.status, chunk.samples, row)) if chunk.status else 0
            found[number] = _Found(int(times.time_of(chunk.stamp)[row]), value, code)
        except CodecError as error:
            view.tell_damage(f"tag {number} at {chunk.start}: {error}")
            if chunk.start <= at:
                found[number] = _Found(chunk.start, np.nan, status_code.BAD_DATA_LOST)


def _from_key_frames(
    view: HistoryView, tags: dict[int, tuple[str, TagInFile]], at: int, found: dict[int, _Found]
) -> None:
    """Take the last sample of the newest hour before that of `at`, for tags that were silent in it."""
    hour = hour_of(at)
    for number in tags:
        if number in found:
            continue
        row = view.connection.execute(
            "SELECT end_time, end_value, end_status FROM hourly WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
            (tag_key(number, hour_of(-(1 << 63))), tag_key(number, hour - 1)),
        ).fetchone()
        if row is not None:
            found[number] = _Found(row[0], np.nan if row[1] is None else row[1], row[2])


def _from_fresh(view: HistoryView, tags: dict[int, tuple[str, TagInFile]], at: int, found: dict[int, _Found]) -> None:
    """Take the fresh chunks around `at`, and of each tag the last one before it."""
    rows = view.connection.execute(
        "SELECT id FROM fresh WHERE start <= ?1 AND end > ?1 AND seal <= ?2 UNION "
        "SELECT id FROM (SELECT id, max(end) FROM fresh WHERE end <= ?1 AND seal <= ?2 GROUP BY tag) ORDER BY 1",
        (at, view.seal),
    ).fetchall()
    numbers = [number for (number,) in rows]
    for first in range(0, len(numbers), 500):
        part = numbers[first : first + 500]
        for _, number, chunk in view.fresh_chunks(f"id IN ({','.join('?' * len(part))})", part):
            if number in tags:
                _take(next(view.unpacked_fresh(tags[number][1], [chunk])), at, found)


def _from_tail(view: HistoryView, at: int, found: dict[int, _Found]) -> None:
    for part in view.tail.all_parts():
        early = part.rows(part.time <= at)
        if not len(early):
            continue
        ends = np.append(np.flatnonzero(np.diff(early.tag)), len(early) - 1)
        _take_all(early.rows(ends), found)


def _take(samples: Samples, at: int, found: dict[int, _Found]) -> None:
    count = int(np.searchsorted(samples.time, at, side="right"))
    if count:
        _take_all(samples.rows(slice(count - 1, count)), found)


def _take_all(samples: Samples, found: dict[int, _Found]) -> None:
    """Take samples that were written after all that was taken before: alike in time, they count."""
    for number, time, value, code in zip(
        samples.tag.tolist(), samples.time.tolist(), samples.value.tolist(), samples.status.tolist(), strict=True
    ):
        former = found.get(number)
        if former is None or time >= former.time:
            found[number] = _Found(time, value, code)
