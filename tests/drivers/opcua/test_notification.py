"""Notifications as columns, against what asyncua makes of the same bytes."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import cast
from unittest.mock import patch

import numpy as np
import pytest
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from asyncua.ua.uaerrors import UaError
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from drivers.opcua import publish
from drivers.opcua.bounds import BoundedBuffer
from drivers.opcua.notification import Changes, decode_changes
from drivers.opcua.publish import DataChange, publish_result
from drivers.opcua.sample import rows

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
NOON_NS = 1_767_355_200_000_000_000

WHOLE = {
    ua.VariantType.SByte: 8,
    ua.VariantType.Int16: 16,
    ua.VariantType.Int32: 32,
    ua.VariantType.Int64: 64,
}
NATURAL = {
    ua.VariantType.Byte: 8,
    ua.VariantType.UInt16: 16,
    ua.VariantType.UInt32: 32,
    ua.VariantType.UInt64: 64,
}


def typed(variant_type: ua.VariantType, values: st.SearchStrategy[object]) -> st.SearchStrategy[ua.Variant]:
    return values.map(lambda value: ua.Variant(value, variant_type))


numbers = st.one_of(
    typed(ua.VariantType.Boolean, st.booleans()),
    typed(ua.VariantType.Double, st.floats()),
    typed(ua.VariantType.Float, st.floats(width=32)),
    *(typed(kind, st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)) for kind, bits in WHOLE.items()),
    *(typed(kind, st.integers(0, 2**bits - 1)) for kind, bits in NATURAL.items()),
)
others = st.one_of(
    typed(ua.VariantType.String, st.sampled_from(["running", " 12.5 ", ""])),
    typed(ua.VariantType.DateTime, st.just(NOON)),
    st.just(ua.Variant([1.0, 2.0], ua.VariantType.Double)),
    st.just(ua.Variant(None, ua.VariantType.Null)),
)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
codes = st.sampled_from(
    [0, status.OVERFLOW, status.UNCERTAIN_LAST_USABLE_VALUE, status.BAD_SENSOR_FAILURE, 0xFFFF_0000]
).map(lambda code: ua.StatusCode(ua.UInt32(code)))
samples = st.one_of(
    st.builds(ua.DataValue, numbers | others, st.none() | codes, st.none() | moments, st.none() | moments),
    # asyncua has the picoseconds in another order than the standard: only the server's time differs by that
    st.builds(ua.DataValue, numbers, codes, moments, moments, st.integers(0, 9_999), st.none() | st.integers(0, 9_999)),
)


def body_of(*values: ua.DataValue) -> bytes:
    items = [ua.MonitoredItemNotification(ua.UInt32(10 + n), value) for n, value in enumerate(values)]
    return bytes(struct_to_binary(ua.DataChangeNotification(items)))


def decoded(*values: ua.DataValue) -> Changes:
    return decode_changes(body_of(*values))


@given(st.lists(samples, max_size=12))
def test_that_the_columns_are_those_of_asyncuas_reading(values: list[ua.DataValue]) -> None:
    assert_read_as_by_asyncua(values)


usable = st.builds(ua.DataValue, numbers, st.just(ua.StatusCode(ua.UInt32(status.OVERFLOW))), moments, moments)


@given(usable, st.integers(17, 40), st.none() | samples | usable, st.integers(0, 39))
def test_that_many_values_alike_and_one_among_them_that_may_differ_are_read_so_too(
    value: ua.DataValue, count: int, other: ua.DataValue | None, place: int
) -> None:
    values = [value] * count
    if other is not None:
        values[place % count] = other
    assert_read_as_by_asyncua(values)


@pytest.mark.parametrize("year", [1601, 1970, 2250])
def test_that_times_no_plants_clock_shows_are_none_among_many_values_alike_too(year: int) -> None:
    times = [NOON] * 20
    times[7] = datetime(year, 1, 1, 0, 0, 0, 100, tzinfo=UTC)
    values = [ua.DataValue(ua.Variant(2.5), ua.StatusCode(), cast("ua.DateTime", time)) for time in times]

    assert decoded(*values).time.tolist() == [0 if n == 7 else NOON_NS for n in range(20)]


def assert_read_as_by_asyncua(values: list[ua.DataValue]) -> None:
    body = body_of(*values)
    changes = decode_changes(body)

    theirs = struct_from_binary(ua.DataChangeNotification, Buffer(body)).MonitoredItems
    value, code, time = rows(item.Value for item in theirs)
    assert changes.handle.tolist() == [item.ClientHandle for item in theirs]
    np.testing.assert_array_equal(changes.value, np.array(value, np.float64))
    assert changes.status.tolist() == code
    assert changes.time.tolist() == time


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("is_exact", [False, True])
@pytest.mark.parametrize(
    ("kind", "number", "is_rounded"),
    [
        (ua.VariantType.Int64, 1 << 53, False),
        (ua.VariantType.Int64, (1 << 53) + 1, True),
        (ua.VariantType.Int64, -(1 << 53) - 1, True),
        (ua.VariantType.UInt64, (1 << 64) - 1, True),
        (ua.VariantType.UInt64, 5, False),
        (ua.VariantType.Double, 1e30, False),
    ],
)
def test_that_whole_numbers_that_lose_digits_are_marked(
    kind: ua.VariantType, number: float, count: int, *, is_rounded: bool, is_exact: bool
) -> None:
    time = cast("ua.DateTime", NOON)
    plain, large = (ua.DataValue(ua.Variant(each, kind), ua.StatusCode(), time) for each in (type(number)(3), number))
    changes = decode_changes(body_of(*[plain] * count, large), is_exact=is_exact)
    if is_rounded:
        assert changes.rounded is not None
        assert changes.rounded.tolist() == [False] * count + [True]
        alone = changes.select(np.arange(1) + count)
        assert alone.rounded is not None
        assert alone.rounded.tolist() == [True]
    else:
        assert changes.rounded is None


def test_that_ticks_of_100_ns_are_kept() -> None:
    body = bytearray(body_of(ua.DataValue(ua.Variant(1.0), ua.StatusCode(), cast("ua.DateTime", NOON))))
    place = len(body) - 8 - 4  # before the empty list of diagnostics
    (ticks,) = struct.unpack_from("<q", body, place)
    struct.pack_into("<q", body, place, ticks + 3)

    assert decode_changes(bytes(body)).time.tolist() == [NOON_NS + 300]


def test_that_picoseconds_stand_behind_their_own_time() -> None:
    ticks = 116_444_736_000_000_000 + NOON_NS // 100
    item = struct.pack("<IBBfHqH", 5, 0b11_1001, 10, 1.5, 1_234, ticks, 5_678)

    changes = decode_changes(struct.pack("<i", 1) + item)

    assert (changes.handle.tolist(), changes.value.tolist(), changes.time.tolist()) == ([5], [1.5], [NOON_NS])


@pytest.mark.parametrize("year", [1, 9_999])
def test_that_the_servers_time_stands_in_for_one_that_no_plant_can_have(year: int) -> None:
    source = cast("ua.DateTime", datetime(year, 1, 1, tzinfo=UTC))
    server = cast("ua.DateTime", NOON + timedelta(seconds=1))

    assert decoded(ua.DataValue(ua.Variant(1.0), None, source, server)).time.tolist() == [NOON_NS + 1_000_000_000]
    assert decoded(ua.DataValue(ua.Variant(1.0), None, source)).time.tolist() == [0]


def test_that_a_bad_sample_has_no_value_whatever_it_carries() -> None:
    bad = ua.StatusCode(ua.UInt32(status.BAD_SENSOR_FAILURE))

    assert math.isnan(decoded(ua.DataValue(ua.Variant(7.0), bad)).value[0])


@pytest.mark.parametrize("size", [3, 4, 8, 20, 30])
def test_that_a_notification_that_ends_too_early_is_an_error(size: int) -> None:
    body = body_of(ua.DataValue(ua.Variant(1.0)), ua.DataValue(ua.Variant(2.0)))

    with pytest.raises(UaError):
        decode_changes(body[:size])


def response_of(*parts: object) -> bytes:
    message = ua.NotificationMessage(7, cast("ua.DateTime", NOON), cast("list[ua.ExtensionObject]", list(parts)))
    result = ua.PublishResult(3, [ua.UInt32(5), ua.UInt32(7)], False, message)
    return bytes(struct_to_binary(ua.PublishResponse(Parameters=result)))


def test_that_an_answer_to_publish_is_read_like_asyncuas_but_for_changes_of_data() -> None:
    change = ua.DataChangeNotification([ua.MonitoredItemNotification(ua.UInt32(1), ua.DataValue(ua.Variant(2.5)))])
    ended = ua.StatusChangeNotification(Status=ua.StatusCode(ua.UInt32(status.BAD_TIMEOUT)))
    data = response_of(change, ended, change)

    ours = publish_result(Buffer(data))
    theirs = struct_from_binary(ua.PublishResponse, Buffer(data)).Parameters

    assert ours.SubscriptionId == theirs.SubscriptionId == 3
    assert ours.AvailableSequenceNumbers == theirs.AvailableSequenceNumbers
    assert ours.MoreNotifications is theirs.MoreNotifications is False
    assert ours.NotificationMessage.SequenceNumber == theirs.NotificationMessage.SequenceNumber
    first, second, third = cast("list[object]", ours.NotificationMessage.NotificationData)
    assert isinstance(first, DataChange)
    assert first == third
    assert decode_changes(first.body).value.tolist() == [2.5]
    assert second == theirs.NotificationMessage.NotificationData[1]


def test_that_a_keep_alive_has_no_notification() -> None:
    assert publish_result(Buffer(response_of())).NotificationMessage.NotificationData == []


def usual_answer(available: list[int], *, more: bool) -> bytes:
    change = ua.DataChangeNotification([ua.MonitoredItemNotification(ua.UInt32(1), ua.DataValue(ua.Variant(2.5)))])
    message = ua.NotificationMessage(7, cast("ua.DateTime", NOON), cast("list[ua.ExtensionObject]", [change]))
    result = ua.PublishResult(3, [ua.UInt32(each) for each in available], more, message)
    return bytes(struct_to_binary(ua.PublishResponse(Parameters=result)))


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("available", [[], [7], [5, 6, 7]])
def test_that_the_usual_answer_is_read_at_once_as_it_is_field_by_field(available: list[int], *, more: bool) -> None:
    data = usual_answer(available, more=more)
    shifted = BoundedBuffer(b"before" + data, len(b"before"))
    assert publish_result(shifted) == publish_result(BoundedBuffer(data)) == publish_result(Buffer(data))
    assert publish_result(shifted).NotificationMessage.NotificationData


@given(st.data())
def test_that_an_answer_with_wrong_bytes_is_read_at_once_as_field_by_field_or_not_at_all(
    choices: st.DataObject,
) -> None:
    data = bytearray(usual_answer([5, 7], more=False))
    for _ in range(choices.draw(st.integers(1, 3))):
        data[choices.draw(st.integers(0, len(data) - 1))] = choices.draw(st.integers(0, 255))
    data = data[: choices.draw(st.integers(0, len(data)))] if choices.draw(st.booleans()) else data
    whole = read_or_refused(bytes(data))
    with patch.object(publish, "_single_change", lambda _: None):
        assert repr(read_or_refused(bytes(data))) == repr(whole)


def read_or_refused(data: bytes) -> object:
    try:
        return publish_result(BoundedBuffer(data))
    except Exception as error:  # noqa: BLE001 - asyncua raises many kinds
        return isinstance(error, Exception)
