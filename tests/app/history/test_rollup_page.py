"""Pages of rollups: short and long ones come back, and damage is told."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from app.database import PlantConnection
from app.history.codec import CodecError
from app.history.layout import HOUR_NS
from app.history.rollup import MINUTE, bucketed
from app.history.rollup_page import unpack_page, updated_pages
from app.history.samples import Samples
from app.history.writer import HistoryWriter
from app.model import status
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS


def samples_of(tags: list[int], count: int) -> Samples:
    """Return `count` samples of each tag, one a minute, the third without a value."""
    value = np.sin(np.arange(len(tags) * count))
    code = np.zeros(len(value), np.uint32)
    value[2], code[2] = np.nan, status.BAD_NO_COMMUNICATION
    time = T0 + np.arange(count, dtype=np.int64) * MINUTE.width + 7 * NS_PER_S
    return Samples(np.repeat(np.array(tags, np.uint32), count), np.tile(time, len(tags)), value, code)


@pytest.mark.parametrize("count", [3, 16, 17, 60])
def test_that_pages_of_several_tags_hold_the_buckets_of_each(connection: PlantConnection, count: int) -> None:
    HistoryWriter(connection, [tag(0)])
    samples = samples_of([4, 9], count)
    pages = updated_pages(connection, T0 // HOUR_NS, [4, 7, 9], samples)[MINUTE]
    assert [row[1] for row in pages] == [count, 0, count]
    for number, (_, buckets, crc, data) in zip((4, 7, 9), pages, strict=True):
        rows = samples.rows(samples.of(number))
        expected = bucketed(rows.time, rows.value, rows.status, MINUTE.width)
        found = unpack_page(MINUTE, buckets, crc, data)
        for name in ("time", "minimum", "maximum", "first", "last", "status", "count"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        late = np.abs(found.first_time - expected.first_time)
        assert (late < MINUTE.width // 256).all()


def test_that_a_short_page_with_another_number_of_buckets_is_told(connection: PlantConnection) -> None:
    HistoryWriter(connection, [tag(0)])
    ((_, count, _, data),) = updated_pages(connection, T0 // HOUR_NS, [4], samples_of([4], 5))[MINUTE]
    with pytest.raises(CodecError, match="another number of buckets"):
        unpack_page(MINUTE, count + 1, zlib.crc32(data), data)
