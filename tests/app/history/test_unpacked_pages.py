"""Pages that were unpacked are known by what is stored of them, and no more of them are kept than may be."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from app.history import unpacked_pages
from app.history.codec import CodecError
from app.history.rollup import HOUR, Buckets
from app.history.rollup_page import pack_page, unpack_page
from app.history.unpacked_pages import UnpackedPages


def hours(first: int, count: int = 24) -> Buckets:
    time = (np.arange(count, dtype=np.int64) + first) * HOUR.width
    value = np.sin(np.arange(count) + first)
    return Buckets(
        time, value - 1, value + 1, value, value, time, time, np.zeros(count, np.uint32), np.full(count, 60, np.int64)
    )


def test_that_a_page_is_unpacked_once_whoever_asks_again() -> None:
    pages, stored = UnpackedPages(), pack_page(hours(0), HOUR)
    with patch.object(unpacked_pages, "unpack_page", wraps=unpack_page) as unpacking:
        first = pages.page(HOUR, *stored)
        again = pages.page(HOUR, *(stored[0], stored[1], bytes(bytearray(stored[2]))))
    assert again is first
    assert unpacking.call_count == 1
    assert first.maximum.tolist() == hours(0).maximum.tolist()


def test_that_a_page_written_anew_is_another() -> None:
    pages = UnpackedPages()
    before, after = (pages.page(HOUR, *pack_page(hours(0, count), HOUR)) for count in (20, 24))
    assert (len(before), len(after)) == (20, 24)


def test_that_the_pages_asked_for_longest_ago_are_let_go() -> None:
    pages, stored = UnpackedPages(most_buckets=48), [pack_page(hours(24 * day), HOUR) for day in range(3)]
    kept = [pages.page(HOUR, *each) for each in stored[:2]]
    assert pages.page(HOUR, *stored[0]) is kept[0]
    pages.page(HOUR, *stored[2])
    assert pages.page(HOUR, *stored[0]) is kept[0]
    assert pages.page(HOUR, *stored[1]) is not kept[1]


def test_that_a_damaged_page_is_told_each_time() -> None:
    pages, (count, crc, data) = UnpackedPages(), pack_page(hours(0), HOUR)
    for _ in range(2):
        with pytest.raises(CodecError, match="checksum"):
            pages.page(HOUR, count, crc + 1, data)
