"""A Modbus address as it stands on a pasted sheet: table, offset, bit, data type and byte order.

Grammar: `[<unit>/]<HR|IR|CO|DI><offset>[.<bit>][:<type>[<order>]]`, the offset as sent (from 0), or a Modicon
number of 5 or 6 digits (from 1): `HR100:F32`, `HR7.3`, `IR0:I16`, `CO5`, `2/HR10:U32CDAB`, `40101:F32`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drivers.driver import BadAddress

GRAMMAR = (
    "[<unit>/]<HR|IR|CO|DI><offset>[.<bit>][:<I16|U16|I32|U32|F32|F64|BOOL>[<ABCD|CDAB|BADC|DCBA>]], "
    'for example "HR100:F32", "HR7.3", "CO5", or a Modicon number such as "40101:F32"'
)


class Table(StrEnum):
    """The four tables of a Modbus device."""

    COILS = "CO"
    DISCRETE_INPUTS = "DI"
    INPUT_REGISTERS = "IR"
    HOLDING_REGISTERS = "HR"

    @property
    def is_bits(self) -> bool:
        """Return whether the table is addressed bit by bit."""
        return self in {Table.COILS, Table.DISCRETE_INPUTS}

    @property
    def is_writable(self) -> bool:
        """Return whether the protocol has a function that writes this table."""
        return self in {Table.COILS, Table.HOLDING_REGISTERS}


class DataType(StrEnum):
    """How the registers of a value are understood."""

    BOOL = "BOOL"
    I16 = "I16"
    U16 = "U16"
    I32 = "I32"
    U32 = "U32"
    F32 = "F32"
    F64 = "F64"

    @property
    def words(self) -> int:
        """Return how many registers a value takes."""
        return {"I32": 2, "U32": 2, "F32": 2, "F64": 4}.get(self.value, 1)

    @property
    def is_float(self) -> bool:
        """Return whether a value may be NaN."""
        return self in {DataType.F32, DataType.F64}


class Order(StrEnum):
    """In which order the bytes of a value are sent, A being its most significant one."""

    ABCD = "ABCD"
    CDAB = "CDAB"
    BADC = "BADC"
    DCBA = "DCBA"


@dataclass(frozen=True, slots=True)
class Address:
    """One value in a device.

    `unit` and `order` are None where those of the connection apply; `bit` is -1 for the whole register.
    """

    table: Table
    offset: int
    data_type: DataType
    order: Order | None = None
    bit: int = -1
    unit: int | None = None

    def __str__(self) -> str:
        unit = "" if self.unit is None else f"{self.unit}/"
        bit = "" if self.bit < 0 else f".{self.bit}"
        return f"{unit}{self.table}{self.offset}{bit}:{self.data_type}{self.order or ''}"


_TEXT = re.compile(
    r"(?:(?P<unit>\d{1,3})/)?"
    r"(?:(?P<table>HR|IR|CO|DI)(?P<offset>\d{1,5})|(?P<digit>[0134])(?P<number>\d{4,5}))"
    r"(?:\.(?P<bit>\d{1,2}))?"
    r"(?::(?P<type>I16|U16|I32|U32|F32|F64|BOOL)(?::?(?P<order>ABCD|CDAB|BADC|DCBA))?)?",
    re.ASCII,
)
_MODICON = {
    "0": Table.COILS,
    "1": Table.DISCRETE_INPUTS,
    "3": Table.INPUT_REGISTERS,
    "4": Table.HOLDING_REGISTERS,
}


@lru_cache(maxsize=65_536)
def parse_address(text: str) -> Address:
    """Return the address that `text` means; raise BadAddress with the grammar."""
    match = _TEXT.fullmatch(text.strip().upper())
    if match is None:
        raise BadAddress(f'"{text}" is not a Modbus address: write {GRAMMAR}')
    table, offset = _place(match)
    bit = -1 if match["bit"] is None else int(match["bit"])
    address = Address(
        table=table,
        offset=offset,
        data_type=_data_type(table, bit, match["type"]),
        order=Order(match["order"]) if match["order"] else None,
        bit=bit,
        unit=int(match["unit"]) if match["unit"] else None,
    )
    _check(text, address)
    return address


def _place(match: re.Match[str]) -> tuple[Table, int]:
    if match["digit"]:
        return _MODICON[match["digit"]], int(match["number"]) - 1
    return Table(match["table"]), int(match["offset"])


def _data_type(table: Table, bit: int, name: str | None) -> DataType:
    if name:
        return DataType(name)
    return DataType.BOOL if table.is_bits or bit >= 0 else DataType.U16


def _check(text: str, address: Address) -> None:
    for is_wrong, why in (
        (address.offset < 0, "Modicon numbers begin at 1"),
        (address.offset + address.data_type.words > 65_536, "a table ends at offset 65535"),
        (address.unit is not None and address.unit > 255, "a unit id is at most 255"),
        (address.bit > 15, "a register has the bits 0 to 15"),
        (address.bit >= 0 and address.table.is_bits, "coils and discrete inputs are bits themselves"),
        (address.bit >= 0 and address.data_type is not DataType.BOOL, "a single bit is of type BOOL"),
        (
            address.table.is_bits and address.data_type is not DataType.BOOL,
            "coils and discrete inputs are of type BOOL",
        ),
    ):
        if is_wrong:
            raise BadAddress(f'"{text}" is not a Modbus address: {why}: write {GRAMMAR}')
