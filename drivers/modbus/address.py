"""A Modbus address as it stands on a pasted sheet: table, offset, bits, data type, byte order, way of writing.

Grammar: `[<unit>/]<HR|IR|CO|DI><offset>[.<bit>[-<bit>]][:<type>][:<order>][:FC<function>]`, the offset decimal or
hexadecimal (`0x1F`) and as sent (from 0, or from `base`), or a Modicon number of 5 or 6 digits (from 1): `HR100:F32`,
`HR7.3`, `HR7.4-7`, `IR0:I16`, `CO5`, `2/HR10:U32CDAB`, `HR0x20:STR20`, `40101:F:CDAB`, `HR3:U16:FC16`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drivers.driver import BadAddress
from drivers.modbus.data_type import ALIASES, LONGEST_TEXT, DataType, Order

__all__ = ["GRAMMAR", "Address", "DataType", "Order", "Table", "parse_address"]

_TYPE_NAMES = (
    "BOOL I8H I8L U8H U8L I16 U16 I32 U32 I64 U64 F16 F32 F64 BCD16 BCD32 UNIX32 TIME870 STR<bytes>, "
    "or I16N U16N I32N U32N F32N whose sign for none is bad"
)
_EXAMPLES = '"HR100:F32", "HR7.3", "HR20:STR16", "CO5", or a Modicon number such as "40101:F32"'
GRAMMAR = (
    "[<unit>/]<HR|IR|CO|DI><offset>[.<bit>[-<bit>]][:<type>][:<ABCD|CDAB|BADC|DCBA>][:FC<5|6|15|16|22>], "
    f"the type one of {_TYPE_NAMES}, for example {_EXAMPLES}"
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


@dataclass(frozen=True, slots=True)
class Address:
    """One value in a device.

    `unit` and `order` are None where those of the connection apply; `bit` is -1 for the whole register, `width` how
    many bits from there on. `length`: bytes of a text. `function`: what writes it, 0 for the usual one.
    """

    table: Table
    offset: int
    data_type: DataType
    order: Order | None = None
    bit: int = -1
    unit: int | None = None
    width: int = 1
    length: int = 0
    function: int = 0

    def __str__(self) -> str:
        unit = "" if self.unit is None else f"{self.unit}/"
        bit = "" if self.bit < 0 else f".{self.bit}"
        if self.data_type is DataType.BITS:
            bits = f"{bit}-{self.bit + self.width - 1}"
            data_type = ""
        else:
            bits, data_type = bit, f":{self.data_type}{self.length or ''}"
        order = f":{self.order}" if self.order else ""
        function = f":FC{self.function}" if self.function else ""
        return f"{unit}{self.table}{self.offset}{bits}{data_type}{order}{function}"

    @property
    def words(self) -> int:
        """Return how many registers (or bits, in a table of bits) it takes."""
        return (self.length + 1) // 2 if self.data_type is DataType.STR else self.data_type.words


_TYPES = {
    str(data_type): data_type for data_type in DataType if data_type not in {DataType.BITS, DataType.STR}
} | ALIASES
_ORDERS = "|".join(Order)
_TEXT = re.compile(
    r"(?:(?P<unit>\d{1,3})/)?"
    r"(?:(?P<table>HR|IR|CO|DI)(?:0X(?P<hex>[0-9A-F]{1,4})|(?P<offset>\d{1,5}))|(?P<digit>[0134])(?P<number>\d{4,5}))"
    r"(?:\.(?P<bit>\d{1,2})(?:-(?P<last>\d{1,2}))?)?"
    rf"(?::(?P<type>STR(?:ING)?(?P<length>\d{{1,3}})|{'|'.join(sorted(_TYPES, key=len, reverse=True))}))?"
    rf"(?:(?(type):?|:)(?P<order>{_ORDERS}))?"
    r"(?::FC(?P<function>\d{1,2}))?",
    re.ASCII,
)
_MODICON = {
    "0": Table.COILS,
    "1": Table.DISCRETE_INPUTS,
    "3": Table.INPUT_REGISTERS,
    "4": Table.HOLDING_REGISTERS,
}


@lru_cache(maxsize=65_536)
def parse_address(text: str, base: int = 0) -> Address:
    """Return the address that `text` means; raise BadAddress with the grammar.

    `base`: the number that the sheet gives to the first register of a table; Modicon numbers begin at 1 in any case.
    """
    match = _TEXT.fullmatch(text.strip().upper())
    if match is None:
        raise BadAddress(f'"{text}" is not a Modbus address: {_remedy(text)}')
    table, offset = _place(match, base)
    bit = -1 if match["bit"] is None else int(match["bit"])
    address = Address(
        table=table,
        offset=offset,
        data_type=_data_type(table, match),
        order=Order(match["order"]) if match["order"] else None,
        bit=bit,
        unit=int(match["unit"]) if match["unit"] else None,
        width=int(match["last"]) - bit + 1 if match["last"] else 1,
        length=int(match["length"] or 0),
        function=int(match["function"] or 0),
    )
    _check(text, address)
    return address


def _remedy(text: str) -> str:
    """Return what to write instead, of the part that is wrong alone where the place itself is right."""
    place, *parts = text.strip().upper().split(":")
    if _TEXT.fullmatch(place) is None:
        return f"write {GRAMMAR}"
    right = place
    for part in parts:
        if _TEXT.fullmatch(f"{right}:{part}") is None:
            types = "" if ":" in right else f"a type, one of {_TYPE_NAMES}; or "
            functions = "FC5 FC6 FC15 FC16 FC22"
            return (
                f'":{part}" is nothing of it: write behind {right} {types}an order, ABCD CDAB BADC DCBA; or {functions}'
            )
        right = f"{right}:{part}"
    return f"write {GRAMMAR}"


def _place(match: re.Match[str], base: int) -> tuple[Table, int]:
    if match["digit"]:
        return _MODICON[match["digit"]], int(match["number"]) - 1
    number = int(match["hex"], 16) if match["hex"] else int(match["offset"])
    return Table(match["table"]), number - base


def _data_type(table: Table, match: re.Match[str]) -> DataType:
    if match["last"] and not match["type"]:
        return DataType.BITS
    if match["length"]:
        return DataType.STR
    if match["type"]:
        return _TYPES[match["type"]]
    return DataType.BOOL if table.is_bits or match["bit"] else DataType.U16


def _check(text: str, address: Address) -> None:
    is_bit = address.bit >= 0
    for is_wrong, why in (
        (address.offset < 0, "Modicon numbers, and offsets where `base` is 1, begin at 1"),
        (address.offset + address.words > 65_536, "a table ends at offset 65535"),
        (address.unit is not None and address.unit > 255, "a unit id is at most 255"),
        (address.bit > 15 or (is_bit and address.bit + address.width > 16), "a register has the bits 0 to 15"),
        (address.width < 1 or (address.width < 2 and address.data_type is DataType.BITS), "bits are given as 4-7"),
        (is_bit and address.table.is_bits, "coils and discrete inputs are bits themselves"),
        (is_bit and address.data_type not in {DataType.BOOL, DataType.BITS}, "a single bit is of type BOOL"),
        (address.data_type is DataType.BOOL and address.width > 1, "several bits have no type: write HR7.4-7"),
        (
            address.table.is_bits and address.data_type is not DataType.BOOL,
            "coils and discrete inputs are of type BOOL",
        ),
        (
            address.data_type is DataType.STR and not 1 <= address.length <= LONGEST_TEXT,
            f"a text has 1 to {LONGEST_TEXT} bytes",
        ),
        (address.function not in _functions(address), f"it is written by {_names(_functions(address))}"),
    ):
        if is_wrong:
            raise BadAddress(f'"{text}" is not a Modbus address: {why}: write for example {_EXAMPLES}')


def _functions(address: Address) -> tuple[int, ...]:
    """Return the functions that can write it, the usual one as 0."""
    if not address.table.is_writable:
        return (0,)
    if address.table is Table.COILS:
        return (0, 5, 15)
    if address.bit >= 0 or address.data_type.is_part:
        return (0, 22, 6, 16)
    return (0, 6, 16) if address.words == 1 else (0, 16)


def _names(functions: tuple[int, ...]) -> str:
    return " or ".join(f"FC{function}" for function in functions if function) or "nothing"
