"""Sparkplug B payloads: metrics with the types of the specification (3.0, section 6.4), to and from their bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any

from google.protobuf.message import DecodeError

from app.model import clock, status
from drivers.driver import DriverError
from drivers.sparkplug.schema import Payload

TypeOf = Callable[[str, int | None], int]

LATEST_MS = 4_102_444_800_000
"""The year 2100; a time beyond it is none that a plant's clock shows."""


class BadPayload(DriverError):
    """The bytes of a message are not a Sparkplug B payload."""


class MetricType(IntEnum):
    """The data types of metrics that have a single value (section 6.4.16)."""

    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATE_TIME = 13
    TEXT = 14
    UUID = 15


INTEGER_BITS = {
    MetricType.INT8: 8,
    MetricType.INT16: 16,
    MetricType.INT32: 32,
    MetricType.INT64: 64,
    MetricType.UINT8: 8,
    MetricType.UINT16: 16,
    MetricType.UINT32: 32,
    MetricType.UINT64: 64,
}
SIGNED = {MetricType.INT8, MetricType.INT16, MetricType.INT32, MetricType.INT64}
_TEXTS = {MetricType.STRING, MetricType.TEXT, MetricType.UUID}
_TYPE_NAMES = {0: "Unknown", 16: "DataSet", 17: "Bytes", 18: "File", 19: "Template"}
_QUALITIES = {192: status.GOOD, 500: status.UNCERTAIN_LAST_USABLE_VALUE, 0: status.BAD}
"""The property `Quality` of a metric (section 6.4.13: 0 bad, 192 good, 500 stale)."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a message. `name` is empty where only the `alias` was sent; `time`: int64 ns UTC, 0 where none.

    `data_type`: its number in the specification, 0 where it was not sent. `value`: a number, a truth value, a text, or
    None where there is none that is single; `status`: its StatusCode by `Quality`, nullness and type.
    """

    name: str
    value: float | bool | str | None = None
    data_type: int = 0
    alias: int | None = None
    time: int = 0
    status: int = status.GOOD
    is_historical: bool = False
    properties: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """What one MQTT message says; `seq` is None where it has no sequence number, `time` as in `Metric`."""

    metrics: tuple[Metric, ...]
    seq: int | None = None
    time: int = 0


def _no_type(name: str, alias: int | None) -> int:  # noqa: ARG001 - has the shape of `type_of`
    return 0


def decode(data: bytes, type_of: TypeOf = _no_type) -> Message:
    """Return the message; raise BadPayload for bytes that are none.

    `type_of`: the data type of a metric by the name and alias that a birth has told, since later messages may leave it
    out; 0 where it is not known.
    """
    payload = Payload()
    try:
        payload.ParseFromString(data)
    except (DecodeError, UnicodeDecodeError) as error:
        raise BadPayload(f"{len(data)} bytes are no Sparkplug B payload: {error}") from error
    metrics = tuple(_metric(each, type_of) for each in payload.metrics)
    return Message(metrics, payload.seq if payload.HasField("seq") else None, _time(payload.timestamp))


def encode(metrics: Sequence[Metric], *, time: int, seq: int | None = None) -> bytes:
    """Return the bytes of a message; a metric with an alias is sent with its name too where it has one."""
    payload = Payload(timestamp=time // clock.NS_PER_MS)
    if seq is not None:
        payload.seq = seq
    for metric in metrics:
        _put(payload.metrics.add(), metric)
    data: bytes = payload.SerializeToString()
    return data


def type_name(data_type: int) -> str:
    """Return the specification's name of a data type."""
    try:
        return "".join(word.capitalize() for word in MetricType(data_type).name.split("_"))
    except ValueError:
        return _TYPE_NAMES.get(data_type, f"type {data_type}")


def _metric(sent: Any, type_of: TypeOf) -> Metric:  # noqa: ANN401 - a class that is made at run time
    alias = sent.alias if sent.HasField("alias") else None
    data_type = sent.datatype or type_of(sent.name, alias)
    properties = {key: _single(value) for key, value in zip(sent.properties.keys, sent.properties.values, strict=False)}
    value = None if sent.is_null else _value(sent, data_type)
    return Metric(
        name=sent.name,
        value=value,
        data_type=data_type,
        alias=alias,
        time=_time(sent.timestamp),
        status=_status(value, properties.get("Quality"), is_null=sent.is_null),
        is_historical=sent.is_historical,
        properties=properties,
    )


def _status(value: object, quality: object, *, is_null: bool) -> int:
    if quality is not None:
        code = _QUALITIES.get(quality, status.UNCERTAIN) if isinstance(quality, int) else status.UNCERTAIN
        if code >= status.BAD:
            return code
    else:
        code = status.GOOD
    if value is None:
        return status.BAD_NO_DATA if is_null else status.BAD_TYPE_MISMATCH
    return code


def _single(sent: Any) -> object:  # noqa: ANN401 - as above
    choice = sent.WhichOneof("value")
    return None if sent.is_null or choice is None else getattr(sent, choice)


def _value(sent: Any, data_type: int) -> float | bool | str | None:  # noqa: ANN401 - as above
    choice = sent.WhichOneof("value")
    if choice is None or choice == "bytes_value":
        return None
    raw: float | bool | str = getattr(sent, choice)
    if data_type in INTEGER_BITS and isinstance(raw, int) and not isinstance(raw, bool):
        return _whole(raw, MetricType(data_type))
    if data_type == MetricType.DATE_TIME and isinstance(raw, int):
        return _iso(raw)
    return raw


def _whole(raw: int, data_type: MetricType) -> int:
    """Return the number of a field that holds a two's complement, in 8 to 64 bits or sign-extended to its field."""
    bits = INTEGER_BITS[data_type]
    cut = raw & ((1 << bits) - 1)
    return cut - (1 << bits) if data_type in SIGNED and cut >> (bits - 1) else cut


def _iso(milliseconds: int) -> str | None:
    """Return a date as ISO 8601, None where it is out of range."""
    if milliseconds > LATEST_MS:
        return None
    moment = clock.to_datetime(0) + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds")


def _time(milliseconds: int) -> int:
    return milliseconds * clock.NS_PER_MS if milliseconds <= LATEST_MS else 0


def _put(sent: Any, metric: Metric) -> None:  # noqa: ANN401 - as above
    if metric.name:
        sent.name = metric.name
    if metric.alias is not None:
        sent.alias = metric.alias
    if metric.time:
        sent.timestamp = metric.time // clock.NS_PER_MS
    if metric.data_type:
        sent.datatype = metric.data_type
    if metric.is_historical:
        sent.is_historical = True
    for key, value in metric.properties.items():
        sent.properties.keys.append(key)
        _put_property(sent.properties.values.add(), value)
    if metric.value is None:
        sent.is_null = True
    else:
        setattr(sent, *_field(metric))


def _put_property(sent: Any, value: object) -> None:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        sent.type, sent.boolean_value = MetricType.BOOLEAN, value
    elif isinstance(value, int):
        sent.type, sent.int_value = MetricType.INT32, value
    elif isinstance(value, float):
        sent.type, sent.double_value = MetricType.DOUBLE, value
    else:
        sent.type, sent.string_value = MetricType.STRING, str(value)


def _field(metric: Metric) -> tuple[str, object]:
    """Return the field of the choice and its content; raise ValueError where the type cannot hold the value."""
    value, data_type = metric.value, metric.data_type
    if data_type in INTEGER_BITS:
        return _whole_field(value, MetricType(data_type))
    if data_type in {MetricType.FLOAT, MetricType.DOUBLE} and isinstance(value, int | float):
        return ("float_value" if data_type == MetricType.FLOAT else "double_value"), float(value)
    if data_type == MetricType.BOOLEAN and value in {0, 1}:
        return "boolean_value", bool(value)
    if data_type in _TEXTS and isinstance(value, str):
        return "string_value", value
    raise ValueError(f"{type_name(data_type)} cannot hold {value!r}")


def _whole_field(value: object, data_type: MetricType) -> tuple[str, int]:
    bits = INTEGER_BITS[data_type]
    low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if data_type in SIGNED else (0, 1 << bits)
    if not isinstance(value, int | float) or not math.isfinite(value) or not low <= round(value) < high:
        raise ValueError(f"{type_name(data_type)} cannot hold {value!r}")
    width = 64 if bits == 64 else 32
    return ("long_value" if width == 64 else "int_value"), round(value) & ((1 << width) - 1)
