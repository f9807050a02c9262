"""A device's value as the data type that a tag has in the plant: scaled, exact where a float64 is not, or refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from app.model import status
from app.model.block import Block
from app.model.content import INT64_LIMITS, Content
from app.model.exact import DataType
from app.model.status import StatusArray
from drivers.driver import TagSpec, WriteItem

_WRITTEN = {DataType.STRING, None}
_WORDS = {"true": 1.0, "false": 0.0}


class TypedValue(NamedTuple):
    """A sample's columns: `value` float64 (NaN for texts), `exact` an int, bool or str, or None; `status` a code."""

    value: float
    exact: int | str | None = None
    status: int = status.GOOD


_MISMATCH = TypedValue(math.nan, None, status.BAD_TYPE_MISMATCH)
_OUT_OF_RANGE = TypedValue(math.nan, None, status.BAD_OUT_OF_RANGE)


def typed_value(raw: object, tag: TagSpec) -> TypedValue:
    """Return what a tag shows for a value of the device: a number, a truth value or a text.

    BadTypeMismatch where the tag's type cannot hold such values, BadOutOfRange where it is too large for an int64;
    None, a device's value without content, is BadNoData. An instant is a text in ISO 8601, or seconds since 1970 UTC.
    """
    if raw is None:
        return TypedValue(math.nan, None, status.BAD_NO_DATA)
    if isinstance(raw, datetime):
        raw = raw.isoformat() if tag.data_type in _WRITTEN else raw.timestamp()
    match tag.data_type:
        case DataType.FLOAT64:
            return _as_number(raw, tag)
        case DataType.INT64:
            return _as_whole(raw, tag)
        case DataType.BOOLEAN:
            return _as_truth(raw)
        case DataType.STRING:
            return _as_text(raw)
        case None:
            return _as_it_is(raw, tag)


def with_types(block: Block, tags: Sequence[TagSpec], raw: Sequence[object], codes: StatusArray) -> Block:
    """Return `block` with each row whose `raw` is not None as its tag's type has it.

    `codes`: the StatusCodes of the device, kept where the type can hold the value. One element per row each.
    """
    value, status_codes = block.value.copy(), block.status.copy()
    exact = np.full(len(block), None, np.object_)
    for row, each in enumerate(raw):
        if each is not None:
            value[row], exact[row], code = typed_value(each, tags[row])
            status_codes[row] = code or codes[row]
    return replace(block, value=value, status=status_codes, exact=exact)


def raw_value(item: WriteItem) -> Content:
    """Return what a write means in the device: texts as they are, numbers unscaled, whole ones exactly."""
    if isinstance(item.value, str):
        return item.value
    if isinstance(item.value, int):
        exact = (item.value - Fraction(repr(item.offset))) / Fraction(repr(item.gain))
        return int(exact) if exact.denominator == 1 else float(exact)
    return (item.value - item.offset) / item.gain


def number(raw: object) -> float | None:
    """Return what a value is as a float64: numbers, truth values, and text that holds a number; None for others."""
    if isinstance(raw, float | int):
        try:
            return float(raw)
        except OverflowError:
            return None
    if isinstance(raw, str):
        try:
            return float(raw)
        except ValueError:
            return None
    return None


def _as_number(raw: object, tag: TagSpec) -> TypedValue:
    value = number(raw)
    return _MISMATCH if value is None else TypedValue(value * tag.gain + tag.offset)


def _as_whole(raw: object, tag: TagSpec) -> TypedValue:
    whole = _whole(raw)
    if whole is None:
        return _MISMATCH
    if tag.gain.is_integer() and tag.offset.is_integer():
        whole = whole * int(tag.gain) + int(tag.offset)
    else:  # a float64 would leave out what is beyond 2^53 before it is rounded
        whole = round(whole * Fraction(repr(tag.gain)) + Fraction(repr(tag.offset)))
    low, high = INT64_LIMITS
    return TypedValue(float(whole), whole) if low <= whole <= high else _OUT_OF_RANGE


def _whole(raw: object) -> int | None:
    if isinstance(raw, str):
        try:
            return int(raw)
        except ValueError:
            return None
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    return int(raw) if isinstance(raw, int) else None


def _as_truth(raw: object) -> TypedValue:
    value = _WORDS.get(raw.strip().lower()) if isinstance(raw, str) else None
    if value is None:
        value = number(raw)
    if value is None or math.isnan(value):
        return _MISMATCH
    return TypedValue(1.0 if value else 0.0)


def _as_text(raw: object) -> TypedValue:
    if isinstance(raw, str):
        return TypedValue(math.nan, raw)
    if isinstance(raw, bool):
        return TypedValue(float(raw), str(raw).lower())
    return TypedValue(math.nan, str(raw)) if isinstance(raw, int | float) else _MISMATCH


def _as_it_is(raw: object, tag: TagSpec) -> TypedValue:
    if isinstance(raw, bool):
        return TypedValue(float(raw), raw)
    if isinstance(raw, str):
        return TypedValue(math.nan, raw)
    if isinstance(raw, int) and tag.gain == 1.0 and tag.offset == 0.0:
        return TypedValue(float(raw), raw)
    return _as_number(raw, tag)
