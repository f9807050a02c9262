"""How registers are understood: the types of values, their sizes and the words that sheets of vendors use for them."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """In which order the bytes of a value are sent, A being its most significant one."""

    ABCD = "ABCD"
    CDAB = "CDAB"
    BADC = "BADC"
    DCBA = "DCBA"

    @property
    def swaps_words(self) -> bool:
        """Return whether the least significant register comes first."""
        return self in {Order.CDAB, Order.DCBA}

    @property
    def swaps_bytes(self) -> bool:
        """Return whether the low byte of each register comes first."""
        return self in {Order.BADC, Order.DCBA}


class DataType(StrEnum):
    """How the registers of a value are understood.

    I8H to U8L: the high or the low byte of a register. BCD16, BCD32: four or eight decimal digits. UNIX32: seconds
    since 1970 UTC. TIME870: date and time of IEC 60870-5-4 in four registers. BITS: some adjacent bits of a register.
    STR: characters, two to a register. I16N to F32N: as without the N, but one of its values means that there is none:
    the lowest of a signed type, the highest of an unsigned one, NaN of a float (SunSpec calls it not implemented).
    """

    BOOL = "BOOL"
    BITS = "BITS"
    I8H = "I8H"
    I8L = "I8L"
    U8H = "U8H"
    U8L = "U8L"
    I16 = "I16"
    U16 = "U16"
    I32 = "I32"
    U32 = "U32"
    I64 = "I64"
    U64 = "U64"
    F16 = "F16"
    F32 = "F32"
    F64 = "F64"
    BCD16 = "BCD16"
    BCD32 = "BCD32"
    UNIX32 = "UNIX32"
    TIME870 = "TIME870"
    I16N = "I16N"
    U16N = "U16N"
    I32N = "I32N"
    U32N = "U32N"
    F32N = "F32N"
    STR = "STR"

    @property
    def words(self) -> int:
        """Return how many registers a value takes; of texts see Address.words."""
        return _WORDS.get(self, 1)

    @property
    def is_float(self) -> bool:
        """Return whether a value may be NaN."""
        return self in {DataType.F16, DataType.F32, DataType.F64, DataType.F32N}

    @property
    def is_part(self) -> bool:
        """Return whether a value shares its register with others."""
        return self in {DataType.BITS, DataType.I8H, DataType.I8L, DataType.U8H, DataType.U8L}

    @property
    def may_be_none(self) -> bool:
        """Return whether one of its values means that there is no value."""
        return self in {DataType.I16N, DataType.U16N, DataType.I32N, DataType.U32N, DataType.F32N}

    @property
    def is_time(self) -> bool:
        """Return whether a value is an instant."""
        return self in {DataType.UNIX32, DataType.TIME870}


_WORDS = {
    DataType.I32: 2,
    DataType.U32: 2,
    DataType.F32: 2,
    DataType.BCD32: 2,
    DataType.UNIX32: 2,
    DataType.I64: 4,
    DataType.U64: 4,
    DataType.F64: 4,
    DataType.TIME870: 4,
    DataType.I32N: 2,
    DataType.U32N: 2,
    DataType.F32N: 2,
}

LIMITS: dict[DataType, tuple[int, int]] = {
    DataType.BOOL: (0, 1),
    DataType.I8H: (-(2**7), 2**7 - 1),
    DataType.I8L: (-(2**7), 2**7 - 1),
    DataType.U8H: (0, 2**8 - 1),
    DataType.U8L: (0, 2**8 - 1),
    DataType.I16: (-(2**15), 2**15 - 1),
    DataType.U16: (0, 2**16 - 1),
    DataType.I32: (-(2**31), 2**31 - 1),
    DataType.U32: (0, 2**32 - 1),
    DataType.I64: (-(2**63), 2**63 - 1),
    DataType.U64: (0, 2**64 - 1),
    DataType.BCD16: (0, 9_999),
    DataType.BCD32: (0, 99_999_999),
    DataType.UNIX32: (0, 2**32 - 1),
    DataType.I16N: (-(2**15) + 1, 2**15 - 1),
    DataType.U16N: (0, 2**16 - 2),
    DataType.I32N: (-(2**31) + 1, 2**31 - 1),
    DataType.U32N: (0, 2**32 - 2),
}
"""The smallest and the largest value of each integer type."""

LONGEST_TEXT = 250
"""Bytes of a text that one request can read."""

ALIASES = {
    # IEC 61131-3
    "INT": DataType.I16,
    "UINT": DataType.U16,
    "WORD": DataType.U16,
    "DINT": DataType.I32,
    "UDINT": DataType.U32,
    "DWORD": DataType.U32,
    "LINT": DataType.I64,
    "ULINT": DataType.U64,
    "LWORD": DataType.U64,
    "REAL": DataType.F32,
    "LREAL": DataType.F64,
    # the sheets of gateways and programs
    "S": DataType.I16,
    "I": DataType.I16,
    "US": DataType.U16,
    "UI": DataType.U16,
    "DI": DataType.I32,
    "UDI": DataType.U32,
    "F": DataType.F32,
    "D": DataType.F64,
    "INT16": DataType.I16,
    "UINT16": DataType.U16,
    "INT32": DataType.I32,
    "UINT32": DataType.U32,
    "INT64": DataType.I64,
    "UINT64": DataType.U64,
    "FLOAT": DataType.F32,
    "DOUBLE": DataType.F64,
    "FLOAT16": DataType.F16,
    "FLOAT32": DataType.F32,
    "FLOAT64": DataType.F64,
    "BCD": DataType.BCD16,
    "LBCD": DataType.BCD32,
    "BIT": DataType.BOOL,
    "INT8H": DataType.I8H,
    "INT8L": DataType.I8L,
    "UINT8H": DataType.U8H,
    "UINT8L": DataType.U8L,
}
