"""The cleaning chain: every sample passes, in order; what is doubtful leaves with another StatusCode.

    number -> spike -> range -> stuck   flag samples that came with a good code; the first that finds something counts
    counter                             makes the readings of counters a total that does not fall
    stale                               repeats, as uncertain, the last value of a tag that has become silent, and
                                        lets it be bad where it stays so

A code that was uncertain or bad already stays as it is, and such a sample tells the checks nothing; only a value that
is no number is never left usable. The overflow bits, which say that a queue had to leave out samples, outlive a flag.
Texts pass as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import Block, HandleArray
from app.model.datavalue import DataValue
from app.model.status import StatusArray
from app.model.tag import TagDefinition
from app.pipeline.counter import CounterTotal
from app.pipeline.exact_counter import ExactCounters
from app.pipeline.number import check_number
from app.pipeline.range import RangeCheck
from app.pipeline.spike import SpikeCheck
from app.pipeline.stale import StaleCheck
from app.pipeline.stuck import StuckCheck
from app.pipeline.tag_order import TagOrder

SUSPECT = np.uint32(status.UNCERTAIN_SENSOR_NOT_ACCURATE)
OUT_OF_RANGE = np.uint32(status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)
_CODE = np.uint32(0xFFFF_0000)
STUCK = np.uint32(status.UNCERTAIN_SENSOR_NOT_ACCURATE | status.LIMIT_CONSTANT)


class CleaningChain:
    """Cleans the samples of a plant's tags; used from one thread, block after block as they arrive."""

    def __init__(self, tags: Sequence[TagDefinition], *, latest: Mapping[str, DataValue] | None = None) -> None:
        """Take the rules of `tags` (handle == index); totals of counters go on from `latest`, by the names of tags."""
        self._tags = tuple(tags)
        self._spike = SpikeCheck(tags)
        self._range = RangeCheck(tags)
        self._stuck = StuckCheck(tags)
        self._counter = CounterTotal(tags, latest=latest or {})
        self._exact_counter = ExactCounters(tags, latest=latest or {})
        self._stale = StaleCheck(tags)
        self._is_text = np.array([tag.is_text for tag in tags], np.bool_)

    def clean(self, block: Block) -> Block:
        """Return the same samples, in the same order, with their StatusCodes and totals."""
        if not len(block):
            return block
        is_text = self._is_text[block.handle]
        codes = np.where(is_text, block.status, check_number(block.value, block.status))
        fresh = TagOrder(block, status.good_mask(codes) & ~is_text)
        codes[fresh.rows] = self._flagged(fresh, codes[fresh.rows])
        cleaned = self._totalled(replace(block, status=codes))
        self._stale.hear(cleaned)
        return cleaned

    def clean_late(self, block: Block) -> Block:
        """Return samples of the past, each tag's in rising time, with their StatusCodes and totals.

        They change nothing of what is known of the present: spikes are judged among themselves, counters by the total
        that they had then. Whether a sensor was stuck is not judged: a server tells changes only.
        """
        if not len(block):
            return block
        is_text = self._is_text[block.handle]
        codes = np.where(is_text, block.status, check_number(block.value, block.status))
        fresh = TagOrder(block, status.good_mask(codes) & ~is_text)
        limit = self._range.limit_bits(fresh)
        is_suspect = SpikeCheck(self._tags).find(fresh)
        found = np.select([is_suspect, limit > 0], [SUSPECT, OUT_OF_RANGE | limit], np.uint32(0))
        codes[fresh.rows] = np.where(found > 0, found | _overflow(codes[fresh.rows]), codes[fresh.rows])
        return self._totalled(replace(block, status=codes))

    def expect(self, cyclic: HandleArray) -> None:
        """Take note of the tags (handles) that give a sample every scan."""
        self._stale.expect(cyclic)

    def tick(self, now: int) -> Block:
        """Return the last values of tags that have become stale by `now` (int64 ns UTC)."""
        return self._stale.tick(now)

    def _flagged(self, fresh: TagOrder, codes: StatusArray) -> StatusArray:
        is_suspect = self._spike.find(fresh)
        limit = self._range.limit_bits(fresh)
        is_stuck = self._stuck.find(fresh)
        found = np.select([is_suspect, limit > 0, is_stuck], [SUSPECT, OUT_OF_RANGE | limit, STUCK], np.uint32(0))
        return np.where(found > 0, found | _overflow(codes), codes)

    def _totalled(self, block: Block) -> Block:
        is_credible = status.usable_mask(block.status) & ((block.status & _CODE) != OUT_OF_RANGE)
        is_counted = self._counter.is_counter[block.handle] & is_credible
        is_exact = self._exact_counter.is_exact[block.handle]
        readings = TagOrder(block, is_counted & ~is_exact)
        if len(readings):
            value = block.value.copy()
            value[readings.rows] = self._counter.total(readings)
            block = replace(block, value=value)
        rows = np.flatnonzero(is_counted & is_exact)
        return self._exact_counter.total(block, rows) if len(rows) else block


def _overflow(codes: StatusArray) -> NDArray[np.uint32]:
    """Return the overflow bits of those codes that carry them."""
    overflow = np.uint32(status.OVERFLOW)
    return np.where((codes & overflow) == overflow, overflow, np.uint32(0))
