"""OPC UA StatusCodes: what may be believed of a value (OPC 10000-4, 7.39; codes of OPC 10000-6, A.2).

The upper 16 bits name the code, bits 31-30 its severity; bits 9-8 (with the info type bit 10) are the
limit bits, which say that a value stands at a limit of its sensor or does not move at all. Bits 4-0 are set by
the history alone: where the value of a processed read comes from (OPC 10000-13, 5.3.3).
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

StatusArray = NDArray[np.uint32]


class Severity(IntEnum):
    """The two top bits of a StatusCode."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2


GOOD = 0x0000_0000
GOOD_MORE_DATA = 0x00A6_0000
UNCERTAIN = 0x4000_0000
UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE = 0x408F_0000
UNCERTAIN_LAST_USABLE_VALUE = 0x4090_0000
UNCERTAIN_INITIAL_VALUE = 0x4092_0000
UNCERTAIN_SENSOR_NOT_ACCURATE = 0x4093_0000
UNCERTAIN_ENGINEERING_UNITS_EXCEEDED = 0x4094_0000
UNCERTAIN_SUB_NORMAL = 0x4095_0000
UNCERTAIN_DATA_SUB_NORMAL = 0x40A4_0000
BAD = 0x8000_0000
BAD_INTERNAL_ERROR = 0x8002_0000
BAD_RESOURCE_UNAVAILABLE = 0x8004_0000
BAD_COMMUNICATION_ERROR = 0x8005_0000
BAD_DECODING_ERROR = 0x8007_0000
BAD_TIMEOUT = 0x800A_0000
BAD_SHUTDOWN = 0x800C_0000
BAD_USER_ACCESS_DENIED = 0x801F_0000
BAD_NO_COMMUNICATION = 0x8031_0000
BAD_WAITING_FOR_INITIAL_DATA = 0x8032_0000
BAD_NODE_ID_INVALID = 0x8033_0000
BAD_NODE_ID_UNKNOWN = 0x8034_0000
BAD_NOT_READABLE = 0x803A_0000
BAD_NOT_WRITABLE = 0x803B_0000
BAD_OUT_OF_RANGE = 0x803C_0000
BAD_NOT_SUPPORTED = 0x803D_0000
BAD_HISTORY_OPERATION_UNSUPPORTED = 0x8072_0000
BAD_TYPE_MISMATCH = 0x8074_0000
BAD_CONFIGURATION_ERROR = 0x8089_0000
BAD_NOT_CONNECTED = 0x808A_0000
BAD_DEVICE_FAILURE = 0x808B_0000
BAD_SENSOR_FAILURE = 0x808C_0000
BAD_OUT_OF_SERVICE = 0x808D_0000
BAD_NO_DATA = 0x809B_0000
BAD_DATA_LOST = 0x809D_0000
BAD_INVALID_STATE = 0x80AF_0000
BAD_AGGREGATE_INVALID_INPUTS = 0x80D6_0000

LIMIT_LOW = 0x0500
LIMIT_HIGH = 0x0600
LIMIT_CONSTANT = 0x0700
LIMIT_MASK = 0x0700
OVERFLOW = 0x0480

# Of the first two at most one; neither: a raw value.
CALCULATED = 0x0401
INTERPOLATED = 0x0402
PARTIAL = 0x0404
EXTRA_DATA = 0x0408
MULTIPLE_VALUES = 0x0410

CODE_MASK = 0xFFFF_0000
_NAMES = {
    value: "".join(word.capitalize() for word in name.split("_"))
    for name, value in list(globals().items())
    if name.startswith(("GOOD", "UNCERTAIN", "BAD")) and isinstance(value, int)
}
_LIMIT_NAMES = {LIMIT_LOW: "Low", LIMIT_HIGH: "High", LIMIT_CONSTANT: "Constant"}
_INFO_TYPE_MASK = 0x0C00
_DATA_VALUE = 0x0400
_HISTORY_NAMES = {
    CALCULATED: "Calculated",
    INTERPOLATED: "Interpolated",
    EXTRA_DATA: "ExtraData",
    MULTIPLE_VALUES: "MultipleValues",
    PARTIAL: "Partial",
}


def severity(code: int) -> Severity:
    """Return the severity of one StatusCode; the reserved pattern 11 counts as bad."""
    return Severity(min(code >> 30 & 3, 2))


def name(code: int) -> str:
    """Return the standard's name of a code ("BadNoCommunication"), with its limit and history bits, else hex."""
    known = _NAMES.get(code & CODE_MASK)
    words = [known if known is not None else f"{severity(code).name.capitalize()} 0x{code:08X}"]
    if code & LIMIT_MASK in _LIMIT_NAMES:
        words.append(_LIMIT_NAMES[code & LIMIT_MASK])
    if code & _INFO_TYPE_MASK == _DATA_VALUE:
        words += [word for bits, word in _HISTORY_NAMES.items() if code & bits & ~_DATA_VALUE]
    return ", ".join(words)


def good_mask(codes: StatusArray) -> NDArray[np.bool_]:
    """Return which of `codes` (uint32, shape (n,)) have severity good."""
    return codes < np.uint32(UNCERTAIN)


def usable_mask(codes: StatusArray) -> NDArray[np.bool_]:
    """Return which of `codes` (uint32, shape (n,)) are good or uncertain: there is a value to draw."""
    return codes < np.uint32(BAD)
