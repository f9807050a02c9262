"""The frames between the collector and its workers."""

from __future__ import annotations

import struct
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acquisition.border import (
    MOST_BYTES,
    FrameReader,
    FrameRefused,
    LateBlock,
    Samples,
    block_frames,
    message_frame,
)
from app.acquisition.message import (
    AskHistory,
    Beat,
    Begin,
    HistoryDone,
    Logged,
    Reported,
    ToCollector,
    ToWorker,
    Write,
    WriteDone,
)
from app.model import status
from app.model.block import Block, block_of, concatenate, object_column
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.tag import TagDefinition
from app.model.text import LocalText
from drivers.driver import TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd


def reader() -> FrameReader[ToCollector]:
    return FrameReader(msgspec.msgpack.Decoder[ToCollector](ToCollector))


def assert_equal(got: Block, sent: Block) -> None:
    for name in ("handle", "time", "value", "status", "received"):
        np.testing.assert_array_equal(getattr(got, name), getattr(sent, name))
        assert getattr(got, name).dtype == getattr(sent, name).dtype


SAMPLE = st.tuples(
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(width=64),
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**63 - 1),
)


@given(st.lists(SAMPLE, min_size=1, max_size=20), st.integers(1, 200))
def test_that_samples_come_through_bit_by_bit_however_the_stream_is_cut(
    samples: list[tuple[int, int, float, int, int]], cut: int
) -> None:
    handle, time, value, code, received = zip(*samples, strict=True)
    sent = block_of(handle, time, value, code, received=received)
    stream = b"".join(block_frames(sent)) + message_frame(Beat(1.5, 7)) + b"".join(block_frames(sent))
    taken = reader()
    got = [item for start in range(0, len(stream), cut) for item in taken.feed(stream[start : start + cut])]
    blocks = [item for item in got if isinstance(item, Block)]
    assert len(blocks) == 2
    assert got[1] == Beat(1.5, 7)
    for block in blocks:
        assert_equal(block, sent)


def test_that_a_block_that_is_too_large_for_a_frame_goes_in_several() -> None:
    sent = block_of(np.arange(450_000), 1, np.arange(450_000) / 7.0)
    frames = list(block_frames(sent))
    taken = reader()
    blocks = [item for frame in frames for item in taken.feed(frame) if isinstance(item, Block)]
    assert len(blocks) == 3
    assert_equal(concatenate(blocks), sent)


def test_that_exact_values_come_through_beside_the_others() -> None:
    sent = replace(
        block_of([1, 2, 3, 4], 5, [float(2**63), np.nan, 1.0, 0.0]),
        exact=object_column([2**63 + 1, "停机", None, True]),
    )
    (block,) = [item for frame in block_frames(sent) for item in reader().feed(frame)]
    assert isinstance(block, Block)
    assert_equal(block, sent)
    assert block.exact is not None
    assert [(type(value), value) for value in block.exact] == [
        (int, 2**63 + 1),
        (str, "停机"),
        (type(None), None),
        (bool, True),
    ]


def test_that_samples_of_the_past_are_told_from_live_ones() -> None:
    sent = block_of([1, 2], [10, 20], [0.5, 1.5])
    kinds = (Samples.ASKED, Samples.FORWARDED, Samples.LIVE)
    asked, forwarded, live = reader().feed(b"".join(frame for kind in kinds for frame in block_frames(sent, kind)))
    assert isinstance(asked, LateBlock)
    assert isinstance(forwarded, LateBlock)
    assert isinstance(live, Block)
    assert (asked.is_asked, forwarded.is_asked) == (True, False)
    assert_equal(asked.block, sent)
    assert_equal(forwarded.block, sent)


def test_that_every_message_comes_through_as_it_was() -> None:
    tag = TagDefinition(3, "AC01.T", "AC01", LocalText("T", "温度"), "line", "HR0:F32", low=float("-inf"))
    definition = ConnectionDefinition("line", "modbus", "modbus://h:502", {"unit": 3, "order": "DCBA"}, group="own")
    report = ConnectionReport("line", "modbus", "modbus://h:502", LinkState.BACKOFF, 5, 1, reason="gone")
    down = [
        Begin((definition,), (tag,)),
        Write(4, "line", (WriteItem("HR1", 2.5, 9),)),
        AskHistory(5, "line", (TagSpec(3, "HR0:F32", data_type=None),), 10, 20),
    ]
    up = [
        Reported((report,), 3),
        WriteDone(4, (WriteResult("HR1", status.GOOD),)),
        HistoryDone(5, (HistoryEnd(3, status.BAD_DATA_LOST, "again"),), "gone"),
        Logged("drivers.modbus", 30, "modbus.lost"),
    ]
    assert down[0] != down[1]
    worker = FrameReader(msgspec.msgpack.Decoder[ToWorker](ToWorker))
    received = [item for message in down for item in worker.feed(message_frame(message))]
    assert repr(received) == repr(down)  # the tag's NaNs are equal to nothing
    assert [item for message in up for item in reader().feed(message_frame(message))] == up


@pytest.mark.parametrize(
    "stream",
    [
        struct.pack("<IB3x", MOST_BYTES + 1, 1),
        struct.pack("<IB3xI4x", 40, 1, 2) + bytes(32),
        struct.pack("<IB3xI4x", 41, 1, 1) + bytes(32) + b"\xc1",
        struct.pack("<IB3xI4x", 8 + 4, 1, 0) + bytes.fromhex("92910191"),
        struct.pack("<IB3x", 3, 1) + bytes(3),
        struct.pack("<IB3x", 1, 9) + b"x",
        struct.pack("<IB3x", 3, 0) + b"\xc1\xc1\xc1",
        message_frame(Begin((), ())),
    ],
)
def test_that_what_is_no_frame_of_this_side_is_refused(stream: bytes) -> None:
    with pytest.raises(FrameRefused):
        reader().feed(stream)
