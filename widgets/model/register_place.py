"""Where a value of a Modbus device stands, as its address in a device tree says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REGISTER = re.compile(r"(?P<unit>\d{1,3})/(?P<table>HR|IR|CO|DI)(?P<offset>\d{1,5})(?P<rest>:.*)?", re.ASCII)
_WIDTHS = {"I16": 1, "U16": 1, "I32": 2, "U32": 2, "F32": 2, "I64": 4, "U64": 4, "F64": 4}


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """`unit`: id on the bus; `offset`: of the first register; `rest`: type and order, as ":F32:CDAB"."""

    unit: int
    table: str
    offset: int
    rest: str = ""

    @property
    def width(self) -> int:
        """Return how many registers the value takes, 1 where its type says nothing else."""
        return _WIDTHS.get(self.rest.strip(":").partition(":")[0], 1)

    def at(self, offset: int) -> str:
        """Return the address of a value like this one that stands elsewhere in the table."""
        return f"{self.unit}/{self.table}{offset}{self.rest}"


def place_of(address: str) -> RegisterPlace | None:
    """Return what an address says, None for one of another protocol."""
    match = _REGISTER.fullmatch(address)
    if match is None:
        return None
    return RegisterPlace(int(match["unit"]), match["table"], int(match["offset"]), match["rest"] or "")
