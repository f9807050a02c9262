"""Registers and values, there and back, in every type and byte order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.address import Address, DataType, Order, Table, parse_address
from drivers.modbus.decode import DecodePlan, Field, decode_words
from drivers.modbus.encode import LIMITS, encoder, saturated

KNOWN = [
    (DataType.F32, Order.ABCD, [0x4049, 0x0FDB], math.pi),
    (DataType.F32, Order.CDAB, [0x0FDB, 0x4049], math.pi),
    (DataType.F32, Order.BADC, [0x4940, 0xDB0F], math.pi),
    (DataType.F32, Order.DCBA, [0xDB0F, 0x4940], math.pi),
    (DataType.U32, Order.ABCD, [0x0001, 0x0002], 65_538),
    (DataType.U32, Order.CDAB, [0x0002, 0x0001], 65_538),
    (DataType.I32, Order.BADC, [0xFFFF, 0xFEFF], -2),
    (DataType.I16, Order.ABCD, [0xFFFE], -2),
    (DataType.I16, Order.CDAB, [0xFFFE], -2),
    (DataType.U16, Order.DCBA, [0x0201], 0x0102),
    (DataType.F64, Order.ABCD, [0x4009, 0x21FB, 0x5444, 0x2D18], math.pi),
    (DataType.F64, Order.CDAB, [0x2D18, 0x5444, 0x21FB, 0x4009], math.pi),
    (DataType.F64, Order.DCBA, [0x182D, 0x4454, 0xFB21, 0x0940], math.pi),
]


def _address(data_type: DataType) -> Address:
    return Address(Table.HOLDING_REGISTERS, 0, data_type)


@pytest.mark.parametrize(("data_type", "order", "words", "value"), KNOWN)
def test_that_each_type_and_order_is_as_on_the_wire(
    data_type: DataType, order: Order, words: list[int], value: float
) -> None:
    field = Field(_address(data_type), order, 1)
    decoded = DecodePlan([field]).decode(np.array([0xAAAA, *words, 0xAAAA], np.uint16))
    assert decoded.tolist() == pytest.approx([value], rel=1e-7)
    assert decode_words(words, field.address, order) == pytest.approx(value, rel=1e-7)
    assert list(encoder(data_type, order)(value)) == words


@given(
    st.sampled_from(sorted(set(DataType) - {DataType.BOOL})),
    st.sampled_from(Order),
    st.floats(width=32) | st.integers(-(2**31), 2**32 - 1).map(float),
)
def test_that_what_is_encoded_decodes_to_itself(data_type: DataType, order: Order, value: float) -> None:
    if not data_type.is_float:
        low, high = LIMITS[data_type]
        if not low <= value <= high:
            return
        value = float(round(value))
    elif data_type is DataType.F32:
        value = float(np.float32(value))
    words = np.array(encoder(data_type, order)(value), np.uint16)
    (decoded,) = DecodePlan([Field(_address(data_type), order, 0)]).decode(words).tolist()
    assert decoded == value or (math.isnan(decoded) and math.isnan(value))


def test_that_fields_of_many_types_come_in_their_own_order() -> None:
    texts = ["HR4.1", "HR0:F32", "HR2:I16", "HR3:BOOL", "HR5:U32CDAB", "HR4.0"]
    words = np.array([0x3FC0, 0, 0xFFFF, 7, 0b10, 2, 1], np.uint16)
    addresses = [parse_address(text) for text in texts]
    fields = [Field(address, address.order or Order.ABCD, address.offset) for address in addresses]
    assert DecodePlan(fields).decode(words).tolist() == [1.0, 1.5, -1.0, 1.0, 65_538.0, 0.0]
    for address, field, value in zip(addresses, fields, [1.0, 1.5, -1.0, 1.0, 65_538.0, 0.0], strict=True):
        part = words[address.offset : address.offset + address.data_type.words].tolist()
        assert decode_words(part, address, field.order) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_nan_and_infinity_are_kept(value: float) -> None:
    words = np.array(encoder(DataType.F32, Order.CDAB)(value), np.uint16)
    (decoded,) = DecodePlan([Field(_address(DataType.F32), Order.CDAB, 0)]).decode(words).tolist()
    assert decoded == value or (math.isnan(decoded) and math.isnan(value))


@pytest.mark.parametrize(
    ("data_type", "value", "held"),
    [(DataType.I16, 40_000.0, 32_767), (DataType.U16, -1.0, 0), (DataType.F32, 1e30, 1e30)],
)
def test_that_a_value_too_large_is_refused_or_held_at_the_limit(data_type: DataType, value: float, held: float) -> None:
    if not data_type.is_float:
        with pytest.raises(OverflowError, match=f"does not fit into {data_type}"):
            encoder(data_type, Order.ABCD)(value)
    assert saturated(value, data_type) == held
