"""The worst that was said of a tag (OPC 10000-13, 5.4.3.35)."""

from __future__ import annotations

import numpy as np

from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.segment import counted, reduced
from app.history.aggregate.status_rule import calculated
from app.model import status


def worst_quality(read: ProcessedRead) -> Outcome:
    """Return the worst StatusCode (as a number), the first of those of its severity; always Good itself.

    Uncertain is not treated as bad here. Several bad or uncertain samples set the bit MultipleValues.
    """
    low, high = read.rows()
    codes = read.samples.status[: read.samples.count]
    severity = np.minimum(codes >> 30, 2).astype(np.uint8)
    has_value = low < high
    worst = reduced(np.maximum, severity, low, high, empty=0)
    value = np.zeros(len(low))
    is_repeated = np.zeros(len(low), np.bool_)
    for level in (0, 1, 2):
        found = np.flatnonzero(severity == level)
        of_level = has_value & (worst == level)
        first = found[np.searchsorted(found, low[of_level])]
        value[of_level] = codes[first] & np.uint32(status.CODE_MASK)
        is_repeated[of_level] = (level > 0) & (counted(severity == level, low[of_level], high[of_level]) > 1)
    bits = np.where(is_repeated, np.uint32(status.MULTIPLE_VALUES), np.uint32(status.GOOD))
    return Outcome(value, calculated(bits, has_value=has_value))
