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
        ("HR100:F16", "is not a Modbus address"),
        ("HR100:F32:ACBD", "is not a Modbus address"),
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
    assert "HR100:F32" in str(caught.value)
