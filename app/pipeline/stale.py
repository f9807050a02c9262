"""A stale value: nothing new has come for longer than the tag may be silent.

A tag that its driver reads every scan is doubted after three scans without a sample, and bad after `stale_s`. One whose
server tells changes alone may be silent while nothing changes: that its connection lives is watched by the driver, and
`stale_s`, where it is given, only lets it be doubted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.model import status
from app.model.block import Block, HandleArray, block_of, concatenate
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.tag import TagDefinition

SCANS = 3
SHORTEST_NS = 2 * NS_PER_S
"""A cyclic tag is not doubted earlier: what a busy computer or a slow bus may take now and then."""
_NEVER = np.iinfo(np.int64).max
_NOTHING, _FRESH, _STALE = range(3)


class StaleCheck:
    """Knows, of each tag, when it was last heard and what it said."""

    def __init__(self, tags: Sequence[TagDefinition]) -> None:
        """Take the spans of `tags` (handle == index); 0 switches the check off for what is told by change."""
        self._given = np.array([int(tag.cleaning.stale_s * NS_PER_S) or _NEVER for tag in tags], np.int64)
        self._scans = np.array([max(SHORTEST_NS, SCANS * tag.scan_ms * NS_PER_MS) for tag in tags], np.int64)
        self._doubted_after = self._given.copy()
        self._bad_after = np.full(len(tags), _NEVER)
        self._heard = np.zeros(len(tags), np.int64)
        self._value = np.full(len(tags), np.nan)
        self._exact = np.full(len(tags), None, np.object_)
        self._is_exact = np.array([tag.data_type.is_exact for tag in tags], np.bool_)
        self._state = np.full(len(tags), _NOTHING, np.int8)
        self._row = np.zeros(len(tags), np.int64)

    def expect(self, cyclic: HandleArray) -> None:
        """Take note of the tags (handles) that give a sample every scan; the others tell their changes."""
        self._doubted_after[:], self._bad_after[:] = self._given, _NEVER
        self._doubted_after[cyclic] = self._scans[cyclic]
        self._bad_after[cyclic] = self._given[cyclic]

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
        self._state[last.handle] = np.where(status.usable_mask(last.status), _FRESH, _NOTHING)

    def tick(self, now: int) -> Block:
        """Return what has become of tags by `now` (int64 ns UTC), once per silence.

        The last value of those that are doubted from now on, no value for those that are bad.
        """
        age = now - self._heard
        is_bad = (self._state != _NOTHING) & (age >= self._bad_after)
        is_doubted = (self._state == _FRESH) & (age >= self._doubted_after) & ~is_bad
        self._state[is_bad], self._state[is_doubted] = _NOTHING, _STALE
        bad, doubted = np.flatnonzero(is_bad), np.flatnonzero(is_doubted)
        block = block_of(doubted, now, self._value[doubted], status.UNCERTAIN_LAST_USABLE_VALUE)
        if self._is_exact[doubted].any():
            block = replace(block, exact=self._exact[doubted])
        return concatenate([block, block_of(bad, now, np.nan, status.BAD_NO_COMMUNICATION)]) if len(bad) else block
