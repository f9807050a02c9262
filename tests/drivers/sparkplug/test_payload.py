"""Payloads go to bytes and back, as the specification has them; bytes that are none are refused."""

from __future__ import annotations

import math
import struct
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.model import status
from drivers.sparkplug.payload import BadPayload, Metric, MetricType, decode, encode

NOW = 1_790_000_000_123_000_000
WHOLE = {
    MetricType.INT8: (-128, 127),
    MetricType.INT16: (-(2**15), 2**15 - 1),
    MetricType.INT32: (-(2**31), 2**31 - 1),
    MetricType.INT64: (-(2**63), 2**63 - 1),
    MetricType.UINT8: (0, 255),
    MetricType.UINT16: (0, 2**16 - 1),
    MetricType.UINT32: (0, 2**32 - 1),
    MetricType.UINT64: (0, 2**64 - 1),
}


def back(metric: Metric) -> Metric:
    (found,) = decode(encode([metric], time=NOW)).metrics
    return found


@given(st.sampled_from(list(WHOLE)).flatmap(lambda kind: st.tuples(st.just(kind), st.integers(*WHOLE[kind]))))
@example((MetricType.INT8, -128))
@example((MetricType.UINT64, 2**64 - 1))
def test_that_whole_numbers_come_back_exactly(case: tuple[MetricType, int]) -> None:
    kind, value = case
    assert back(Metric("n", value, kind)).value == value


@given(st.floats())
def test_that_doubles_come_back_bit_by_bit(value: float) -> None:
    found = back(Metric("x", value, MetricType.DOUBLE)).value
    assert isinstance(found, float)
    assert struct.pack(">d", found) == struct.pack(">d", value) or (math.isnan(value) and math.isnan(found))


@given(st.text())
def test_that_texts_come_back(value: str) -> None:
    encodable = value.encode("utf-8", "ignore").decode("utf-8")
    assert back(Metric("s", encodable, MetricType.STRING)).value == encodable


def test_that_the_bytes_are_those_of_the_specification() -> None:
    # Made by hand by the wire format of protocol buffers: timestamp (field 1), metric (2) with name (1), alias (2),
    # data type (4) and double (13), sequence number (3).
    metric = b"\x0a\x01T" + b"\x10\x07" + b"\x20\x0a" + b"\x69" + struct.pack("<d", 21.5)
    data = b"\x08\xe8\x07" + b"\x12" + bytes([len(metric)]) + metric + b"\x18\x05"
    message = decode(data)
    assert (message.time, message.seq) == (1_000_000_000, 5)
    assert message.metrics == (Metric("T", 21.5, MetricType.DOUBLE, alias=7),)
    assert encode([Metric("T", 21.5, MetricType.DOUBLE, alias=7)], time=1_000_000_000, seq=5) == data


@pytest.mark.parametrize("raw", [0xFF, 0xFFFF_FFFF])
def test_that_a_negative_int8_is_understood_in_both_widths_in_use(raw: int) -> None:
    varint = b"\xff\x01" if raw == 0xFF else b"\xff\xff\xff\xff\x0f"
    metric = b"\x0a\x01N\x20\x01\x50" + varint
    assert decode(b"\x12" + bytes([len(metric)]) + metric).metrics[0].value == -1


@pytest.mark.parametrize(
    ("properties", "value", "code"),
    [
        ({}, 1.0, status.GOOD),
        ({"Quality": 192}, 1.0, status.GOOD),
        ({"Quality": 500}, 1.0, status.UNCERTAIN_LAST_USABLE_VALUE),
        ({"Quality": 0}, 1.0, status.BAD),
        ({"Quality": 77}, 1.0, status.UNCERTAIN),
        ({"Quality": "good"}, 1.0, status.UNCERTAIN),
        ({"Quality": 192}, None, status.BAD_NO_DATA),
        ({}, None, status.BAD_NO_DATA),
    ],
)
def test_that_quality_becomes_a_status_code(properties: dict[str, object], value: float | None, code: int) -> None:
    assert back(Metric("T", value, MetricType.DOUBLE, properties=properties)).status == code


def test_that_a_date_is_a_text_and_one_beyond_all_clocks_is_none() -> None:
    date = b"\x0a\x01D\x20\x0d\x58" + b"\x80\xd0\x95\xff\xbc\x31"
    assert decode(b"\x12" + bytes([len(date)]) + date).metrics[0].value == "2023-11-14T22:13:20.000+00:00"
    late = b"\x0a\x01D\x20\x0d\x58" + b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    assert decode(b"\x12" + bytes([len(late)]) + late).metrics[0].value is None


@given(st.binary(max_size=200))
@example(b"\xff" * 50)
@example(b"\x12\x05\x0a\x03\xff\xfe\xfd")
def test_that_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    message = None
    with suppress(BadPayload):
        message = decode(data)
    assert message is None or all(metric.status >= 0 for metric in message.metrics)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (MetricType.UINT8, 256),
        (MetricType.UINT8, -1),
        (MetricType.INT16, math.nan),
        (MetricType.BOOLEAN, 2),
        (MetricType.STRING, 1.0),
        (MetricType.DOUBLE, "1"),
    ],
)
def test_that_a_value_that_does_not_fit_is_refused(kind: MetricType, value: float | str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        encode([Metric("n", value, kind)], time=NOW)
