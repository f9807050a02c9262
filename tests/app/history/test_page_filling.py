"""The order in which long rows fill pages."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.database import PAGE_BYTES
from app.history.chunk import StampPacker, unpack_stamp
from app.history.page_filling import filling_order


@given(st.lists(st.integers(0, 40_000), max_size=60))
def test_that_every_row_stands_in_the_order_once(lengths: list[int]) -> None:
    assert sorted(filling_order(lengths)) == list(range(len(lengths)))


def test_that_rows_in_this_order_take_fewer_pages_of_a_real_file() -> None:
    chance = random.Random(7)
    lengths = [chance.randrange(5_000, 15_000) for _ in range(320)]
    batches = [lengths[first : first + 32] for first in range(0, len(lengths), 32)]

    as_given = pages_of(lengths)
    filled = pages_of(batch[place] for batch in batches for place in filling_order(batch))

    # what is saved is leaves, of which there are some 200; the rest of each row fills its pages anyhow
    assert filled < as_given - 30


def pages_of(lengths: Iterable[int]) -> int:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("CREATE TABLE stamp (id INTEGER PRIMARY KEY, samples INTEGER, crc INTEGER, data BLOB) STRICT")
    connection.executemany(
        "INSERT INTO stamp VALUES (?, 3600, 4294967295, ?)",
        [(number, bytes(length)) for number, length in enumerate(lengths)],
    )
    pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
    connection.close()
    return pages


def test_that_times_are_found_under_their_new_numbers_also_where_they_come_again() -> None:
    chance = np.random.default_rng(3)
    times = [np.cumsum(chance.integers(1, 10**9, size)) for size in (3_000, 500, 2_400, 900, 3_100, 1_200)]
    packer = StampPacker(40)
    first = [packer.stamp_of(time) for time in times[:3]]
    early = packer.arrange()
    rows = packer.take()
    later = [packer.stamp_of(time) for time in times]
    late = packer.arrange()
    rows += packer.take()

    stored = {number: unpack_stamp(data, crc, samples) for number, samples, crc, data in rows}
    assert sorted(stored) == [row[0] for row in rows] == list(range(40, 46))
    for number, time in zip([early[number] for number in first], times, strict=False):
        assert stored[number].tolist() == time.tolist()
    for number, time in zip(later, times, strict=True):
        assert stored[late.get(number, number)].tolist() == time.tolist()
    assert packer.take() == []
    assert later[:3] == [early[number] for number in first]
