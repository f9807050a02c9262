"""Counters of 64 bits, whose totals are kept to the last count: beyond 2^53 a float64 has none of the last digits.

The rules are those of `app.pipeline.counter`, reading by reading in whole numbers. Only tags of type INT64 whose gain
and offset are whole numbers are counted so; there are few of them, and a reading costs 2 us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import Block, object_column
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.tag import TagDefinition, TagKind
from app.pipeline.counter import Counter

LOW, HIGH = -(1 << 63), (1 << 63) - 1
"""What a history holds of whole numbers."""


class _Rule(NamedTuple):
    """How a tag counts, in whole numbers of its unit."""

    zero: int
    sign: int
    range: int
    plausible: float
    restored: int | None


@dataclass(slots=True)
class _Reading:
    row: int
    handle: int
    time: int
    count: int


class ExactCounters:
    """Knows those counters among the tags that are counted exactly, and the total of each."""

    def __init__(self, tags: Sequence[TagDefinition], *, latest: Mapping[str, DataValue]) -> None:
        """Take `tags` (handle == index); totals go on from the `text` of `latest` (by tag name), or its value."""
        self._rules = {tag.handle: _rule(tag, latest.get(tag.name)) for tag in tags if _is_exact(tag)}
        self._counters: dict[int, Counter] = {}
        self.is_exact = np.zeros(len(tags), np.bool_)
        self.is_exact[list(self._rules)] = True

    def total(self, block: Block, rows: NDArray[np.intp]) -> Block:
        """Return `block` with totals in place of the credible readings in `rows`, of exact counters.

        One that no history can hold is BadOutOfRange.
        """
        value, codes = block.value.copy(), block.status.copy()
        exact = object_column([None] * len(block)) if block.exact is None else block.exact.copy()
        for reading in self._readings(block, rows):
            rule = self._rules[reading.handle]
            total = self._take(reading, rule) * rule.sign + rule.zero
            if LOW <= total <= HIGH:
                value[reading.row], exact[reading.row] = float(total), total
            else:
                value[reading.row], exact[reading.row] = np.nan, None
                codes[reading.row] = status.BAD_OUT_OF_RANGE
        return Block(block.handle, block.time, value, codes, block.received, exact)

    def _readings(self, block: Block, rows: NDArray[np.intp]) -> Iterable[_Reading]:
        for row in rows.tolist():
            raw = None if block.exact is None else block.exact[row]
            whole = raw if isinstance(raw, int) else round(float(block.value[row]))
            handle = int(block.handle[row])
            rule = self._rules[handle]
            yield _Reading(row, handle, int(block.time[row]), (whole - rule.zero) * rule.sign)

    def _take(self, reading: _Reading, rule: _Rule) -> int:
        counter = self._counters.get(reading.handle)
        if counter is None:
            shift = 0 if rule.restored is None else max(rule.restored - reading.count, 0)
            counter = Counter(reading.count, reading.time, shift, shift, 0.0, rule.range, rule.plausible)
            self._counters[reading.handle] = counter
        return int(counter.read(reading.count, reading.time))


def _is_exact(tag: TagDefinition) -> bool:
    is_whole = tag.gain.is_integer() and tag.offset.is_integer()
    return tag.kind is TagKind.COUNTER and tag.data_type is DataType.INT64 and is_whole


def _rule(tag: TagDefinition, latest: DataValue | None) -> _Rule:
    zero, sign = int(tag.offset), -1 if tag.gain < 0 else 1
    restored = None
    if latest is not None and (latest.text or np.isfinite(latest.value)):
        restored = (int(latest.text or latest.value) - zero) * sign
    full = (1 << tag.width_bits) * abs(int(tag.gain)) if tag.width_bits else 0
    return _Rule(zero, sign, full, tag.cleaning.spike, restored)
