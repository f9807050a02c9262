"""The EURange: a value outside it is doubtful, and says at which end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.model import status
from app.model.status import StatusArray
from app.model.tag import TagDefinition
from app.pipeline.tag_order import TagOrder


class RangeCheck:
    """Knows the EURange of each tag."""

    def __init__(self, tags: Sequence[TagDefinition]) -> None:
        """Take the ranges of `tags` (handle == index), in their units."""
        self._low = np.array([tag.low for tag in tags], np.float64)
        self._high = np.array([tag.high for tag in tags], np.float64)

    def limit_bits(self, samples: TagOrder) -> StatusArray:
        """Return the limit bits of each sample, 0 inside the range (its ends belong to it), uint32, shape (n,)."""
        too_low = samples.value < self._low[samples.handle]
        too_high = samples.value > self._high[samples.handle]
        low, high = np.uint32(status.LIMIT_LOW), np.uint32(status.LIMIT_HIGH)
        return np.where(too_low, low, np.where(too_high, high, np.uint32(0)))
