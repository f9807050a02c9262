"""Years of samples written as the history keeps them once their hours have passed: chunks, times, key frames, rollups.

To record ten years by commits, and to compact 87,660 hours one by one, takes a quarter of an hour. The parts are
the history's own; `test_stored_years.py` compares the tables with those of samples that were recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np

from app.database import PlantConnection, insert_rows, open_writer, transaction
from app.history.chunk import COLUMNS, StampPacker, StampRow, pack_chunk
from app.history.hourly import HourlyRow, hourly_rows
from app.history.layout import HOUR_NS, chunk_key, hour_key, tag_key
from app.history.rollup import HOUR, MINUTE, bucketed, regrouped
from app.history.rollup_page import pack_page
from app.history.samples import Samples
from app.model.block import TimeArray, ValueArray
from app.model.status import GOOD

TEN_DAYS_NS = HOUR.page_ns
"""What is written at once: a page of hours, ten pages of minutes."""


def write_years(path: Path, parts: Iterable[tuple[TimeArray, ValueArray]]) -> None:
    """Write good samples into a file whose tags are known and have no sample yet.

    `parts`: times of shape (n,), rising, and the values of all tags, shape (tags, n), in the order of their numbers.
    No part may hold times of a ten days (TEN_DAYS_NS since 1970) that another one has.
    """
    with closing(open_writer(path)) as connection:
        tags = [tag for (tag,) in connection.execute("SELECT id FROM tag ORDER BY id").fetchall()]
        for time, values in parts:
            with transaction(connection):
                for tag, value in zip(tags, values, strict=True):
                    _write_rollups(connection, tag, time, value)
                _write_chunks(connection, tags, time, values)


def _write_rollups(connection: PlantConnection, tag: int, time: TimeArray, value: ValueArray) -> None:
    minutes = bucketed(time, value, np.full(len(time), GOOD, np.uint32), MINUTE.width)
    for tier, buckets in ((MINUTE, minutes), (HOUR, regrouped([minutes], HOUR.width))):
        page = buckets.time // tier.page_ns
        edges = [0, *(np.flatnonzero(np.diff(page)) + 1).tolist(), len(page)]
        rows = [
            (tag_key(tag, int(page[first])), *pack_page(buckets.rows(slice(first, last)), tier))
            for first, last in pairwise(edges)
        ]
        insert_rows(connection, f"INSERT INTO {tier.table}", rows)


def _write_chunks(connection: PlantConnection, tags: list[int], time: TimeArray, values: ValueArray) -> None:
    stamps: list[StampRow] = []
    chunks: list[tuple[object, ...]] = []
    hourly: list[HourlyRow] = []
    hours = time // HOUR_NS
    edges = [0, *(np.flatnonzero(np.diff(hours)) + 1).tolist(), len(hours)]
    for first, last in pairwise(edges):
        hour, count = int(hours[first]), last - first
        packer, good = StampPacker(hour_key(hour, 0)), np.full(count, GOOD, np.uint32)
        stamp = packer.stamp_of(time[first:last])
        stamps += packer.rows
        for tag, value in zip(tags, values, strict=True):
            samples = Samples(np.full(count, tag, np.uint32), time[first:last], value[first:last], good)
            chunks.append((chunk_key(hour, tag), *pack_chunk(samples, stamp).row()))
            hourly += hourly_rows(hour, samples, [(tag, slice(0, count))])
    insert_rows(connection, "INSERT INTO stamp", stamps)
    insert_rows(connection, f"INSERT INTO chunk (id, {COLUMNS})", chunks)
    insert_rows(connection, "INSERT INTO hourly", hourly)
