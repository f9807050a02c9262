"""Packed chunks and times in which a flipped bit has made something else of bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.history.chunk import StampPacker, check_chunk, pack_chunk, sample_of, unpack_chunk, unpack_stamp
from app.history.codec import CodecError
from app.history.samples import Samples

TIME = np.arange(0, 9_000, 10)
SAMPLES = Samples(np.ones(900, np.uint32), TIME, np.sqrt(TIME), np.zeros(900, np.uint32))


@pytest.mark.parametrize("column", ["value", "status"])
@pytest.mark.parametrize("content", [None, "text", 5, b"\x01"])
def test_that_a_chunk_whose_column_is_something_else_is_told(column: str, content: Any) -> None:  # noqa: ANN401
    chunk = replace(pack_chunk(SAMPLES, 1), **{column: content})
    for read in (
        lambda: unpack_chunk(chunk, 1, TIME),
        lambda: check_chunk(chunk, TIME),
        lambda: sample_of(chunk, 7, np.empty(0)),
    ):
        with pytest.raises(CodecError):
            read()


@pytest.mark.parametrize("content", [None, "text", 5, b"", b"\x01"])
def test_that_times_that_are_something_else_are_told(content: Any) -> None:  # noqa: ANN401
    stamps = StampPacker(1)
    stamps.stamp_of(TIME)
    ((_, samples, crc, data),) = stamps.rows
    assert unpack_stamp(data, crc, samples).tolist() == TIME.tolist()
    with pytest.raises(CodecError):
        unpack_stamp(content, crc, samples)
