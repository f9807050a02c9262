"""A StatusCode as people read it in a file, and back again."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.exchange.table import Texts
from app.model import status
from app.model.status import StatusArray

_WITH_NUMBER = re.compile(r".*\(0x([0-9A-Fa-f]{1,8})\)")
_HEX = re.compile(r"0x([0-9A-Fa-f]{1,8})")
_NAMED = {
    name.replace("_", "").lower(): value
    for name, value in vars(status).items()
    if name.startswith(("GOOD", "UNCERTAIN", "BAD")) and isinstance(value, int)
}


@cache
def status_text(code: int) -> str:
    """Return name and number of a code, "BadNoCommunication (0x80310000)"; "Good" alone for 0."""
    return "Good" if code == status.GOOD else f"{status.name(code)} (0x{code:08X})"


def status_of(text: str) -> int | None:
    """Return the code that a cell means: a name, a number or both; None where it means none."""
    word = text.strip()
    if word.isascii() and word.isdigit():
        return int(word) if int(word) <= 0xFFFF_FFFF else None
    match = _WITH_NUMBER.fullmatch(word) or _HEX.fullmatch(word)
    return int(match.group(1), 16) if match else _NAMED.get(word.lower())


def status_names(codes: StatusArray) -> Texts:
    """Return the cells of the names of `codes`."""
    found, index = np.unique(codes, return_inverse=True)
    return Texts([status.name(code) for code in found.tolist()], index.astype(np.int32))


def of_classic_quality(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return StatusCodes for qualities of OPC Classic, numbers below 256, as many historians write them (192: good).

    Their bits 7 and 6 are 11 for good, 01 for uncertain, else bad (OPC Data Access 3.0, 6.8); other numbers stay.
    """
    severity = np.array([status.BAD, status.UNCERTAIN, status.BAD, status.GOOD], np.int64)[codes >> 6 & 3]
    return np.where((codes >= 0) & (codes < 256), severity, codes)
