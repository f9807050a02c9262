"""Registers and values, there and back, in every type and byte order."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime
from random import Random
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.address import Address, DataType, Order, Table, parse_address
from drivers.modbus.data_type import LIMITS
from drivers.modbus.decode import DecodePlan, Field, decode_words
from drivers.modbus.encode import encoder, saturated
from drivers.modbus.transcoding import CODES, MOST_FIELDS, transcoding

KNOWN = [
    ("F32", Order.ABCD, [0x4049, 0x0FDB], math.pi),
    ("F32", Order.CDAB, [0x0FDB, 0x4049], math.pi),
    ("F32", Order.BADC, [0x4940, 0xDB0F], math.pi),
    ("F32", Order.DCBA, [0xDB0F, 0x4940], math.pi),
    ("F16", Order.ABCD, [0x3555], 0.333251953125),
    ("F16", Order.BADC, [0x5535], 0.333251953125),
    ("U32", Order.ABCD, [0x0001, 0x0002], 65_538),
    ("U32", Order.CDAB, [0x0002, 0x0001], 65_538),
    ("I32", Order.BADC, [0xFFFF, 0xFEFF], -2),
    ("I16", Order.ABCD, [0xFFFE], -2),
    ("I16", Order.CDAB, [0xFFFE], -2),
    ("U16", Order.DCBA, [0x0201], 0x0102),
    ("I8H", Order.ABCD, [0xFE00], -2),
    ("U8H", Order.CDAB, [0xFE00], 254),
    ("I8L", Order.ABCD, [0x00FE], -2),
    ("U8L", Order.BADC, [0xFE00], 254),
    ("F64", Order.ABCD, [0x4009, 0x21FB, 0x5444, 0x2D18], math.pi),
    ("F64", Order.CDAB, [0x2D18, 0x5444, 0x21FB, 0x4009], math.pi),
    ("F64", Order.BADC, [0x0940, 0xFB21, 0x4454, 0x182D], math.pi),
    ("F64", Order.DCBA, [0x182D, 0x4454, 0xFB21, 0x0940], math.pi),
    ("U64", Order.CDAB, [0x0004, 0x0003, 0x0002, 0x0001], 0x0001_0002_0003_0004),
    ("I64", Order.ABCD, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE], -2),
    ("BCD16", Order.ABCD, [0x1234], 1_234),
    ("BCD16", Order.BADC, [0x3412], 1_234),
    ("BCD32", Order.ABCD, [0x1234, 0x5678], 12_345_678),
    ("BCD32", Order.CDAB, [0x5678, 0x1234], 12_345_678),
    ("UNIX32", Order.ABCD, [0x6B49, 0xD200], 1_800_000_000),
    ("BOOL", Order.ABCD, [1], 1),
]
NUMBERS = sorted(set(DataType) - {DataType.BITS, DataType.STR})
SPREAD = {1: "2", 2: "4", 4: "8"}
STRUCT = {"I16": "h", "U16": "H", "I32": "i", "U32": "I", "I64": "q", "U64": "Q", "F16": "e", "F32": "f", "F64": "d"}


def address_of(data_type: str) -> Address:
    return parse_address(f"HR0:{data_type}")


def plan_of(address: Address, order: Order, start: int = 0) -> DecodePlan:
    return DecodePlan([Field(address, order, start)])


def values_of(data_type: DataType) -> st.SearchStrategy[float | int | datetime]:
    """Return values that a type can hold exactly."""
    widths: dict[DataType, Literal[16, 32, 64]] = {
        DataType.F16: 16,
        DataType.F32: 32,
        DataType.F64: 64,
        DataType.F32N: 32,
    }
    if data_type in widths:
        return st.floats(width=widths[data_type], allow_nan=False)
    if data_type is DataType.TIME870:
        span = st.datetimes(datetime(2000, 1, 1), datetime(2127, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
        return span.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
    return st.integers(*LIMITS[data_type])


@pytest.mark.parametrize(("data_type", "order", "words", "value"), KNOWN)
def test_that_each_type_and_order_is_as_on_the_wire(
    data_type: str, order: Order, words: list[int], value: float
) -> None:
    address = address_of(data_type)
    decoded = plan_of(address, order, 1).decode(np.array([0xAAAA, *words, 0xAAAA], np.uint16))
    assert decoded.tolist() == pytest.approx([value], rel=1e-7)
    assert decode_words(words, address, order) == pytest.approx(value, rel=1e-7)
    assert list(encoder(address, order)(value)) == words


@given(st.sampled_from(NUMBERS), st.sampled_from(Order), st.data())
def test_that_what_is_encoded_decodes_to_itself(data_type: DataType, order: Order, data: st.DataObject) -> None:
    value = data.draw(values_of(data_type))
    address = address_of(data_type)
    words = np.array(encoder(address, order)(value), np.uint16)
    (raw,) = plan_of(address, order).raw(words)
    if data_type is DataType.UNIX32:
        raw = raw.timestamp() if isinstance(raw, datetime) else raw
    assert raw == value
    near = value.timestamp() if isinstance(value, datetime) else float(value)
    assert plan_of(address, order).decode(words).tolist() == [near]
    assert plan_of(address, order).decode(words.astype(">u2")).tolist() == [near]


@given(st.sampled_from(sorted(STRUCT)), st.sampled_from(Order), st.data())
def test_that_registers_are_cut_and_packed_as_struct_does(data_type: str, order: Order, data: st.DataObject) -> None:
    address = address_of(data_type)
    value = data.draw(values_of(address.data_type))
    big = struct.pack(f">{STRUCT[data_type]}", value)
    registers = [big[place : place + 2] for place in range(0, len(big), 2)]
    if order.swaps_words:
        registers.reverse()
    if order.swaps_bytes:
        registers = [register[::-1] for register in registers]
    expected = struct.unpack(f">{len(registers)}H", b"".join(registers))
    assert encoder(address, order)(value) == expected
    assert plan_of(address, order).raw(np.array(expected, np.uint16)) == [value]


@given(st.integers(0, 15), st.integers(2, 16), st.integers(0, 0xFFFF), st.booleans())
def test_that_bits_of_a_register_are_a_number(first: int, width: int, register: int, swaps: bool) -> None:  # noqa: FBT001
    width = min(width, 16 - first)
    if width < 2:
        return
    address = parse_address(f"HR0.{first}-{first + width - 1}")
    order = Order.BADC if swaps else Order.ABCD
    sent = int.from_bytes(register.to_bytes(2, "little" if swaps else "big"), "big")
    value = register >> first & (1 << width) - 1
    assert plan_of(address, order).raw(np.array([sent], np.uint16)) == [value]
    (encoded,) = encoder(address, order)(value)
    assert plan_of(address, order).raw(np.array([encoded], np.uint16)) == [value]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.sampled_from(Order),
    st.sampled_from(["utf-8", "gbk", "utf-16-le"][:2]),
)
def test_that_a_text_comes_back_without_what_fills_it(text: str, order: Order, encoding: str) -> None:
    text = text.encode(encoding, "ignore").decode(encoding).rstrip()
    length = max(1, len(text.encode(encoding)))
    for room in (length, length + 1, length + 7):
        address = parse_address(f"HR0:STR{room}")
        words = np.array(encoder(address, order, encoding=encoding)(text), np.uint16)
        plan = DecodePlan([Field(address, order, 0)], encoding=encoding)
        assert plan.raw(words) == [text]
        assert np.isnan(plan.decode(words)).all()


def test_that_a_text_ends_at_its_first_nul_and_never_fails() -> None:
    address = parse_address("HR0:STR8")
    sent = np.frombuffer(b"B7\0\xff\xffxyz", ">u2")
    assert plan_of(address, Order.ABCD).raw(sent) == ["B7"]
    assert plan_of(address, Order.BADC).raw(sent.byteswap()) == ["B7"]
    assert plan_of(address, Order.ABCD).raw(np.frombuffer(b"B7\xff     ", ">u2")) == ["B7\ufffd"]
    with pytest.raises(OverflowError, match="8 bytes"):
        encoder(address, Order.ABCD)("123456789")


@pytest.mark.parametrize(
    ("data_type", "words"),
    [
        ("BCD16", [0x12A4]),
        ("BCD32", [0x1234, 0x000F]),
        ("TIME870", [26, 0x0D01, 0, 0]),
        ("TIME870", [26, 0x0101, 0x0C80, 0]),
        ("TIME870", [0, 0, 0, 0]),
    ],
)
def test_that_digits_and_dates_that_are_none_have_no_value(data_type: str, words: list[int]) -> None:
    plan = plan_of(address_of(data_type), Order.ABCD)
    assert np.isnan(plan.decode(np.array(words, np.uint16))).all()
    assert plan.raw(np.array(words, np.uint16)) == [None]


def test_that_a_date_is_read_as_its_standard_has_it() -> None:
    words = np.array([26, 0x0102, 0x0C1E, 45_678], np.uint16)
    (found,) = plan_of(address_of("TIME870"), Order.ABCD).raw(words)
    assert found == datetime(2026, 1, 2, 12, 30, 45, 678_000, UTC)


def test_that_fields_of_many_types_come_in_their_own_order() -> None:
    texts = ["HR4.1", "HR0:F32", "HR2:I16", "HR3:BOOL", "HR5:U32CDAB", "HR7:STR3", "HR4.0", "HR9:U8L", "HR10:U64"]
    words = np.array([0x3FC0, 0, 0xFFFF, 7, 0b10, 2, 1, 0x4142, 0x4344, 0x0109, 1, 2, 3, 4], np.uint16)
    large = 0x0001_0002_0003_0004
    expected = [1.0, 1.5, -1.0, 1.0, 65_538.0, math.nan, 0.0, 9.0, float(large)]
    addresses = [parse_address(text) for text in texts]
    fields = [Field(address, address.order or Order.ABCD, address.offset) for address in addresses]
    plan = DecodePlan(fields)
    for _ in range(2):
        assert np.array_equal(plan.decode(words), expected, equal_nan=True)
        assert plan.raw(words) == [True, 1.5, -1, True, 65_538, "ABC", False, 9, large]


def test_that_bits_of_a_table_of_bits_are_0_and_1() -> None:
    addresses = [parse_address(text) for text in ("CO3", "CO0", "CO1")]
    plan = DecodePlan([Field(address, Order.DCBA, address.offset) for address in addresses])
    bits = np.array([1, 0, 0, 1], np.uint16)
    assert plan.decode(bits).tolist() == [1.0, 1.0, 0.0]
    assert plan.raw(bits) == [True, True, False]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_nan_and_infinity_are_kept(value: float) -> None:
    words = np.array(encoder(address_of("F32"), Order.CDAB)(value), np.uint16)
    (decoded,) = plan_of(address_of("F32"), Order.CDAB).decode(words).tolist()
    assert decoded == value or (math.isnan(decoded) and math.isnan(value))


@pytest.mark.parametrize(
    ("data_type", "value", "held"),
    [("I16", 40_000.0, 32_767), ("U16", -1.0, 0), ("U8H", 256.0, 255), ("BCD16", 10_000.0, 9_999), ("F32", 1e30, 1e30)],
)
def test_that_a_value_too_large_is_refused_or_held_at_the_limit(data_type: str, value: float, held: float) -> None:
    address = address_of(data_type)
    if not address.data_type.is_float:
        with pytest.raises(OverflowError, match=f"does not fit into {data_type}"):
            encoder(address, Order.ABCD)(value)
    assert saturated(value, address.data_type) == held


@pytest.mark.parametrize(("data_type", "value"), [("U16", "recipe"), ("U16", math.nan), ("U16", datetime.now(UTC))])
def test_that_what_is_no_such_value_is_refused(data_type: str, value: float | str | datetime) -> None:
    with pytest.raises(ValueError, match=r"not a number|NaN|is an instant"):
        encoder(address_of(data_type), Order.ABCD)(value)


def test_that_digits_of_a_text_are_a_whole_number_to_the_last() -> None:
    large = (1 << 63) + 1
    words = encoder(address_of("U64"), Order.ABCD)(str(large))
    assert plan_of(address_of("U64"), Order.ABCD).raw(np.array(words, np.uint16)) == [large]
    assert Table.HOLDING_REGISTERS.is_writable


@given(
    st.lists(st.tuples(st.sampled_from(sorted(CODES)), st.integers(0, 3)), min_size=1, max_size=MOST_FIELDS),
    st.sampled_from(list(Order)),
    st.randoms(use_true_random=False),
    st.sampled_from([">u2", "<u2"]),
)
def test_that_a_block_read_in_one_call_is_what_it_is_type_by_type(
    members: list[tuple[DataType, int]], order: Order, random: Random, sent: str
) -> None:
    fields: list[Field] = []
    end = 0
    for data_type, gap in members:
        fields.append(Field(address_of(data_type), order, end + gap))
        end += gap + data_type.words
    words = np.array([random.choice([0, 0xFFFF, random.getrandbits(16)]) for _ in range(end)], sent)
    direct = transcoding([(field.address.data_type, field.order, field.start) for field in fields])
    assert direct is not None
    with np.errstate(invalid="ignore"):
        singly = [float(plan_of(field.address, order, field.start).decode(words)[0]) for field in fields]
        np.testing.assert_array_equal(direct.decode(words), singly)
        np.testing.assert_array_equal(DecodePlan(fields).decode(words), singly)


def test_that_what_overlaps_or_lies_otherwise_is_not_read_in_one_call() -> None:
    whole, half = (DataType.U32, Order.ABCD), (DataType.U16, Order.ABCD)
    assert transcoding([(*whole, 0), (*half, 2)]) is not None
    for fields in (
        [(*whole, 0), (*half, 1)],
        [(*half, 2), (*whole, 0)],
        [(*whole, 0), (DataType.U16, Order.CDAB, 2)],
        [(*whole, 0), (DataType.BCD16, Order.ABCD, 2)],
        [],
        [(*half, place) for place in range(MOST_FIELDS + 1)],
    ):
        assert transcoding(fields) is None
