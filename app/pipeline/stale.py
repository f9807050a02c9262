"""A stale value: nothing new has come for longer than the tag may be silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.model import status
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition

_NEVER = np.iinfo(np.int64).max


class StaleCheck:
    """Knows, of each tag, when it was last heard and what it said."""

    def __init__(self, tags: Sequence[TagDefinition]) -> None:
        """Take the spans of `tags` (handle == index); 0 switches the check off."""
        self._span = np.array([int(tag.cleaning.stale_s * NS_PER_S) or _NEVER for tag in tags], np.int64)
        self._heard = np.zeros(len(tags), np.int64)
        self._value = np.full(len(tags), np.nan)
        self._exact = np.full(len(tags), None, np.object_)
        self._is_exact = np.array([tag.data_type.is_exact for tag in tags], np.bool_)
        self._waits = np.zeros(len(tags), np.bool_)
        self._row = np.zeros(len(tags), np.int64)

    def hear(self, block: Block) -> None:
        """Take note of samples as they leave the chain; a tag whose last sample is bad has nothing to repeat."""
        self._row[block.handle] = -1
        np.maximum.at(self._row, block.handle, np.arange(len(block)))
        rows = np.unique(self._row[block.handle])
        last = block.select(rows)
        self._heard[last.handle] = last.received
        self._value[last.handle] = last.value
        if last.exact is not None:
            self._exact[last.handle] = last.exact
        self._waits[last.handle] = status.usable_mask(last.status)

    def tick(self, now: int) -> Block:
        """Return the last value of every tag that has become stale by `now` (int64 ns UTC), once per silence."""
        due = np.flatnonzero(self._waits & (now - self._heard >= self._span))
        self._waits[due] = False
        block = block_of(due, now, self._value[due], status.UNCERTAIN_LAST_USABLE_VALUE)
        return replace(block, exact=self._exact[due]) if self._is_exact[due].any() else block
