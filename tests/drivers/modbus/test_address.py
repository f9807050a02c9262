"""The grammar of Modbus addresses."""

from __future__ import annotations

import pytest

from drivers.driver import BadAddress
from drivers.modbus.address import Address, DataType, Order, Table, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("HR100:F32", Address(Table.HOLDING_REGISTERS, 100, DataType.F32)),
        (" hr100:f32cdab ", Address(Table.HOLDING_REGISTERS, 100, DataType.F32, Order.CDAB)),
        ("HR100:F32:DCBA", Address(Table.HOLDING_REGISTERS, 100, DataType.F32, Order.DCBA)),
        ("IR0", Address(Table.INPUT_REGISTERS, 0, DataType.U16)),
        ("HR7.15", Address(Table.HOLDING_REGISTERS, 7, DataType.BOOL, bit=15)),
        ("HR7:BOOL", Address(Table.HOLDING_REGISTERS, 7, DataType.BOOL)),
        ("CO5", Address(Table.COILS, 5, DataType.BOOL)),
        ("DI65535", Address(Table.DISCRETE_INPUTS, 65_535, DataType.BOOL)),
        ("3/HR10:I32", Address(Table.HOLDING_REGISTERS, 10, DataType.I32, unit=3)),
        ("40001", Address(Table.HOLDING_REGISTERS, 0, DataType.U16)),
        ("40101:F32", Address(Table.HOLDING_REGISTERS, 100, DataType.F32)),
        ("465536", Address(Table.HOLDING_REGISTERS, 65_535, DataType.U16)),
        ("30011:I16", Address(Table.INPUT_REGISTERS, 10, DataType.I16)),
        ("00001", Address(Table.COILS, 0, DataType.BOOL)),
        ("100002", Address(Table.DISCRETE_INPUTS, 1, DataType.BOOL)),
        ("40001:F:CDAB", Address(Table.HOLDING_REGISTERS, 0, DataType.F32, Order.CDAB)),
        ("40001:STR20", Address(Table.HOLDING_REGISTERS, 0, DataType.STR, length=20)),
        ("HR8:string3:badc", Address(Table.HOLDING_REGISTERS, 8, DataType.STR, Order.BADC, length=3)),
        ("HR1.3", Address(Table.HOLDING_REGISTERS, 1, DataType.BOOL, bit=3)),
        ("HR1.4-7", Address(Table.HOLDING_REGISTERS, 1, DataType.BITS, bit=4, width=4)),
        ("HR1.0-15:DCBA", Address(Table.HOLDING_REGISTERS, 1, DataType.BITS, Order.DCBA, bit=0, width=16)),
        ("HR1:DI", Address(Table.HOLDING_REGISTERS, 1, DataType.I32)),
        ("HR1:DCBA", Address(Table.HOLDING_REGISTERS, 1, DataType.U16, Order.DCBA)),
        ("HR1:DDCBA", Address(Table.HOLDING_REGISTERS, 1, DataType.F64, Order.DCBA)),
        ("HR0x1F:ULINT", Address(Table.HOLDING_REGISTERS, 31, DataType.U64)),
        ("2/IR0xFFFF:U8H", Address(Table.INPUT_REGISTERS, 65_535, DataType.U8H, unit=2)),
        ("HR3:U16:FC16", Address(Table.HOLDING_REGISTERS, 3, DataType.U16, function=16)),
        ("HR3.5:FC6", Address(Table.HOLDING_REGISTERS, 3, DataType.BOOL, bit=5, function=6)),
        ("CO3:FC15", Address(Table.COILS, 3, DataType.BOOL, function=15)),
    ],
)
def test_that_an_address_is_understood_and_written_back(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a Modbus address"),
        ("HR", "is not a Modbus address"),
        ("HR100:F17", '":F17" is nothing of it: write behind HR100 a type, one of BOOL'),
        ("HR100ABCD", "is not a Modbus address"),
        ("HR1:STR0", "1 to 250 bytes"),
        ("HR1:STR251", "1 to 250 bytes"),
        ("HR65533:U64", "ends at offset 65535"),
        ("HR65535:STR3", "ends at offset 65535"),
        ("HR1.7-7", "bits are given as 4-7"),
        ("HR1.7-4", "bits are given as 4-7"),
        ("HR1.9-16", "bits 0 to 15"),
        ("HR1.4-7:BOOL", "several bits have no type"),
        ("HR1:U32:FC6", "written by FC16"),
        ("HR1.3:FC5", "written by FC22 or FC6 or FC16"),
        ("IR1:U16:FC6", "written by nothing"),
        ("CO1:FC6", "written by FC5 or FC15"),
        ("HR100:F32:ACBD", '":ACBD" is nothing of it: write behind HR100:F32 an order, ABCD'),
        ("HR\u0661", "is not a Modbus address"),
        ("50001", "is not a Modbus address"),
        ("40000", "begin at 1"),
        ("HR65536", "ends at offset 65535"),
        ("HR65535:F32", "ends at offset 65535"),
        ("HR1.16", "bits 0 to 15"),
        ("HR1.1:U16", "of type BOOL"),
        ("CO1.1", "are bits themselves"),
        ("CO1:U16", "are of type BOOL"),
        ("256/HR1", "at most 255"),
    ],
)
def test_that_a_wrong_address_is_refused_with_the_grammar(text: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why) as caught:
        parse_address(text)
    assert str(caught.value).startswith(f'"{text}" is not a Modbus address: ')
    assert "write " in str(caught.value)
    assert "HR100" in str(caught.value)


def test_that_offsets_of_a_sheet_that_counts_from_1_are_one_less() -> None:
    assert parse_address("HR1:I16", 1) == parse_address("HR0:I16")
    assert parse_address("HR0x10", 1) == parse_address("HR15")
    assert parse_address("40001", 1) == parse_address("40001", 0)
    with pytest.raises(BadAddress, match="begin at 1"):
        parse_address("HR0", 1)
