"""Columns as bytes: every bit comes back, and what is damaged or unknown is told."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from app.history import codec
from app.history.codec import CodecError, pack, pack_at_once, unpack, unpack_one

NAN_WITH_CONTENT = np.array([0x7FF8_0000_0000_BEEF, 0xFFF0_0000_0000_0001], np.uint64).view(np.float64)

columns = st.one_of(
    st.builds(
        lambda first, steps, scale: first + np.cumsum(steps, dtype=np.int64) * scale,
        st.integers(-(1 << 62), 1 << 62),
        hnp.arrays(np.int64, st.integers(1, 400), elements=st.integers(0, 2)),
        st.sampled_from([1, 7, 1_000, 1_000_000, 1 << 30]),
    ),
    hnp.arrays(np.float64, st.integers(0, 100), elements=st.floats(width=32)),
    hnp.arrays(np.uint32, st.integers(0, 100), elements=st.integers(0, 70_000)),
    st.builds(
        lambda first, steps: first + np.cumsum(steps, dtype=np.uint32),
        st.integers(0, 65_600),
        hnp.arrays(np.uint32, st.integers(1, 400), elements=st.sampled_from([0, 1, 1, 1, 1, 7])),
    ),
    hnp.arrays(np.float64, st.integers(0, 700)),
    hnp.arrays(np.int64, st.integers(0, 700)),
    hnp.arrays(np.uint32, st.integers(0, 700)),
    hnp.arrays(np.float64, st.integers(0, 700), elements=st.sampled_from([0.0, -0.0, np.nan, np.inf, 1.5])),
)


@pytest.mark.parametrize("packer", [pack, pack_at_once])
@settings(max_examples=150, deadline=None)
@given(column=columns)
def test_that_numbers_come_back_bit_by_bit(packer: Callable[[NDArray[Any]], bytes], column: NDArray[Any]) -> None:
    packed = packer(column)
    found = unpack(packed, len(column), column.dtype.kind)
    assert found.dtype == column.dtype
    assert found.tobytes() == column.tobytes()
    for row in {0, len(column) // 2, len(column) - 1} if len(column) else set():
        assert np.asarray(unpack_one(packed, len(column), row)).tobytes() == column[row].tobytes()


@settings(max_examples=80, deadline=None)
@given(column=columns)
def test_that_the_means_of_pythons_own_library_bring_every_bit_back(column: NDArray[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "standalone", None)
        packed = pack(column)
        assert packed[0] in {codec.CONSTANT, codec.SHUFFLED, codec.RUNS, codec.RAW}
    assert unpack(packed, len(column)).tobytes() == column.tobytes()


@settings(max_examples=80, deadline=None)
@given(texts=st.lists(st.text(max_size=20) | st.sampled_from(["running", "运行", "\ud800", ""]), max_size=60))
def test_that_texts_come_back(texts: list[str]) -> None:
    column = np.array([*texts, None], object)[:-1]
    assert unpack(pack(column), len(texts), "O").tolist() == texts


@pytest.mark.parametrize("packer", [pack, pack_at_once])
def test_that_not_a_number_keeps_its_content(packer: Callable[[NDArray[Any]], bytes]) -> None:
    column = np.tile(NAN_WITH_CONTENT, 20)
    assert unpack(packer(column), 40, "f").tobytes() == column.tobytes()


def test_that_a_commit_packed_at_once_takes_a_third() -> None:
    time = np.repeat(1_700_000_000_123_456_000 + np.arange(60) * 1_000_007_000, 20)
    packed = [
        pack_at_once(np.tile(np.arange(1_000, 1_020, dtype=np.uint32), 60)),
        pack_at_once(time),
        pack_at_once(np.sin(np.arange(1_200.0)).astype(np.float32).astype(np.float64)),
    ]
    assert [column[0] for column in packed] == [codec.NARROW] * 3
    assert sum(map(len, packed)) < 1_200 * 24 / 3


def test_that_tags_that_follow_one_another_take_a_bit_each() -> None:
    column = np.tile(np.arange(1_000, 1_020, dtype=np.uint32), 60)
    assert len(pack_at_once(column)) < len(column) / 8 + 60 * 2 + 8


def test_that_tags_of_16_bits_each_are_read_as_an_older_version_wrote_them() -> None:
    column = np.arange(3, 60_000, 7, dtype=np.uint32)
    packed = bytes((codec.NARROW, 1, ord("u"))) + b"\x00" + column.astype("<u2").tobytes()
    assert unpack(packed, len(column), "u").tolist() == column.tolist()


def test_that_texts_may_be_packed_at_once() -> None:
    column = np.array(["run", "stop", None], object)[:-1]
    assert unpack(pack_at_once(column), 2, "O").tolist() == ["run", "stop"]


def test_that_a_column_of_one_value_is_a_few_bytes() -> None:
    assert len(pack(np.full(100_000, 0.1))) < 16
    assert len(pack(np.zeros(100_000, np.uint32))) < 16


def test_that_few_runs_of_statuses_are_a_few_bytes() -> None:
    column = np.repeat(np.array([0, 0x8005_0000, 0], np.uint32), [5_000, 7, 5_000])
    packed = pack(column)
    assert packed[0] == codec.RUNS
    assert len(packed) < 32
    assert unpack(packed, len(column), "u").tobytes() == column.tobytes()


def test_that_a_compressed_column_says_its_codec_version_and_kind() -> None:
    packed = pack(np.cumsum(np.arange(1_000.0)))
    assert packed[:3] == bytes((codec.PCODEC, 1, ord("f")))


def test_that_bits_that_pcodec_would_change_are_packed_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    class Liar:
        @staticmethod
        def simple_compress(column: NDArray[Any], _configuration: object) -> bytes:
            return column.tobytes()

        @staticmethod
        def simple_decompress(packed: bytes) -> NDArray[Any]:
            return np.frombuffer(packed, np.float64) + 1.0

    monkeypatch.setattr(codec, "standalone", Liar)
    column = np.arange(100.0)
    packed = pack(column)
    assert packed[0] == codec.SHUFFLED
    assert unpack(packed, 100).tolist() == column.tolist()


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (b"", "shorter"),
        (b"\x01", "shorter"),
        (b"\x63\x01f" + bytes(20), "codec 99 version 1"),
        (b"\x01\x09f" + bytes(20), "codec 1 version 9"),
        (b"\x01\x01f" + b"nonsense", "cannot be unpacked"),
        (b"\x02\x01f" + b"nonsense", "cannot be unpacked"),
        (b"\x03\x01O" + b"nonsense", "cannot be unpacked"),
        (b"\x00\x01f" + b"123", "cannot be unpacked"),
        (b"\x04\x01u", "runs"),
        (b"\x04\x01u" + struct.pack("<2I", 1, 9), "runs"),
        (b"\x04\x01u" + struct.pack("<4I", 0, 10, 9, 9), "runs"),
        (b"\x04\x01u" + struct.pack("<6I", 0, 4, 4, 9, 9, 9), "runs"),
        (b"\x04\x01u" + struct.pack("<5I", 0, 4, 9, 9, 9), "runs"),
        (b"\x06\x01f" + b"1", "cannot be unpacked"),
        (b"\x06\x01i" + b"nonsense", "cannot be unpacked"),
        (b"\x06\x01u\x00" + b"1234", "2 values instead of 10"),
        (b"\x06\x01u\x02" + b"\xff", "cannot be unpacked"),
        (b"\x06\x01u\x02" + b"\xff\xc0" + b"1234", "cannot be unpacked"),
    ],
)
def test_that_bytes_that_are_no_column_are_told(packed: bytes, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        unpack(packed, 10)
    with pytest.raises(CodecError, match=words):
        unpack_one(packed, 10, 5)


def test_that_another_count_or_kind_than_expected_is_told() -> None:
    packed = pack(np.cumsum(np.arange(300.0)))
    with pytest.raises(CodecError, match="instead of 299"):
        unpack(packed, 299)
    with pytest.raises(CodecError, match="kind 'f' stands where 'i'"):
        unpack(packed, 300, "i")


def test_that_pcodec_missing_is_told_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(np.cumsum(np.arange(300.0)))
    monkeypatch.setattr(codec, "standalone", None)
    with pytest.raises(CodecError, match="pcodec is not installed"):
        unpack(packed, 300)
