"""What asyncua's decoder may spend on what a server sends: no more than the bytes that are there."""

from __future__ import annotations

import math
import struct
import time
import tracemalloc
from collections.abc import Iterator
from typing import cast

import pytest
from asyncua import ua
from asyncua.common.utils import NotEnoughData
from asyncua.ua import ua_binary
from asyncua.ua.ua_binary import from_binary, struct_from_binary, struct_to_binary

from app.model import status
from drivers.opcua.bounds import BoundedBuffer, Unbelievable, set_bounds
from drivers.opcua.notification import decode_changes

NULLS_IN_FIVE_BYTES = bytes.fromhex("8000943577")
ENOUGH_MB = 4
FAR_MORE_THAN_NEEDED_S = 2.0
"""An unbounded decoder takes minutes for what these tests send, and gigabytes."""


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    set_bounds()
    tracemalloc.start()
    began = time.process_time()
    yield
    spent_s, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent_s < FAR_MORE_THAN_NEEDED_S
    assert peak < ENOUGH_MB * 1e6


def _read(data: bytes) -> object:
    return ua_binary.variant_from_binary(BoundedBuffer(data)).Value


def test_that_an_array_of_nulls_is_empty_whatever_length_it_announces() -> None:
    assert _read(NULLS_IN_FIVE_BYTES) == []


def test_that_nulls_in_arrays_of_arrays_take_no_more_than_their_bytes() -> None:
    many = 2_000
    assert _read(b"\x98" + struct.pack("<i", many) + NULLS_IN_FIVE_BYTES * many) is not None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x8c" + struct.pack("<i", 2**31 - 1) + bytes(17), id="texts"),
        pytest.param(b"\x8b" + struct.pack("<i", 2**31 - 1) + bytes(17), id="numbers"),
        pytest.param(b"\x95" + struct.pack("<i", 18) + bytes(17), id="one too many"),
        pytest.param(b"\x0c" + struct.pack("<i", -5) + bytes(17), id="a text of negative length"),
        pytest.param(b"\x16\x00\x00\x01" + struct.pack("<i", 2**31 - 1), id="a structure longer than the message"),
        pytest.param(b"\x16\x00\x00\x01" + struct.pack("<i", -7) + bytes(3), id="a structure of negative length"),
    ],
)
def test_that_what_the_bytes_cannot_hold_is_refused(data: bytes) -> None:
    if data[0] == ua.VariantType.ExtensionObject.value and data[4:8] == struct.pack("<i", -7):
        assert isinstance(_read(data), ua.ExtensionObject)  # length below 0: no body (Part 6, 5.2.2.15)
        return
    with pytest.raises((Unbelievable, NotEnoughData)):
        _read(data)


@pytest.mark.parametrize("sizes", [(1000, 1000), (-1, -1), (1,) * 2000, (2, 0)])
def test_that_dimensions_invent_no_elements(sizes: tuple[int, ...]) -> None:
    data = b"\xc6" + struct.pack("<ii", 1, 5) + struct.pack(f"<i{len(sizes)}i", len(sizes), *sizes)
    with pytest.raises(Unbelievable):
        _read(data)


@pytest.mark.parametrize("shape", [[[1, 2, 3], [4, 5, 6]], [[[1], [2]], [[3], [4]]], [[], []]])
def test_that_an_honest_array_of_arrays_keeps_its_shape(shape: list[object]) -> None:
    flat = [row for row in shape if row != []]
    dimensions = None if flat else cast("list[ua.Int32]", [len(shape), 0])
    data = struct_to_binary(ua.DataValue(ua.Variant(shape, ua.VariantType.Int32, dimensions)))

    value = struct_from_binary(ua.DataValue, BoundedBuffer(data)).Value
    assert value is not None
    assert value.Value == (shape if flat else [])


@pytest.mark.parametrize("nested", [b"\x98\x01\x00\x00\x00", b"\x18", b"\x17\x01"])
def test_that_endless_nesting_ends(nested: bytes) -> None:
    with pytest.raises(Unbelievable, match="deeper"):
        _read(nested * 10_000)


def test_that_a_list_of_structures_without_fields_is_refused() -> None:
    with pytest.raises(Unbelievable):
        from_binary("list[ua.MonitoringFilter]", BoundedBuffer(struct.pack("<i", 3) + bytes(3)))


def test_that_a_message_that_takes_too_long_is_given_up() -> None:
    slow = b"\x97" + struct.pack("<i", 60_000) + bytes(60_000)
    with pytest.raises(Unbelievable, match="too long"):
        ua_binary.variant_from_binary(BoundedBuffer(slow, budget_ns=0))


def test_that_a_null_array_in_a_notification_is_one_bad_value_among_good_ones() -> None:
    good = struct.pack("<IBBd", 7, 0b1, 11, 2.5)
    items = good + struct.pack("<IB", 8, 0b1) + NULLS_IN_FIVE_BYTES + good

    changes = decode_changes(struct.pack("<i", 3) + items)

    assert changes.handle.tolist() == [7, 8, 7]
    assert [math.isnan(value) for value in changes.value] == [False, True, False]
    assert changes.status.tolist() == [0, status.BAD_TYPE_MISMATCH, 0]


@pytest.mark.parametrize("count", [2**31 - 1, 1_000_000, -3])
def test_that_a_count_of_changes_that_the_bytes_cannot_hold_is_refused(count: int) -> None:
    if count < 0:
        assert len(decode_changes(struct.pack("<i", count)).handle) == 0
        return
    with pytest.raises(Unbelievable):
        decode_changes(struct.pack("<i", count) + bytes(1_000))
