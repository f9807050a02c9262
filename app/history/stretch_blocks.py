"""A stretch of the history as blocks in the order of time, as if it were collected again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from app.history.reader import HistoryReader
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition

WINDOW_S = 600


def stretch_blocks(
    reader: HistoryReader,
    tags: Sequence[TagDefinition],
    start: int,
    end: int,
    *,
    told: Callable[[float], None] = lambda _: None,
) -> Iterator[Block]:
    """Yield the samples of some tags with start <= t < end (ns UTC), in the order of their time.

    `told` hears now and then which share of the stretch is read; what it raises ends the reading.
    """
    for begin in range(start, end, WINDOW_S * NS_PER_S):
        told((begin - start) / (end - start))
        parts: list[Block] = []
        for tag in tags:
            series = reader.raw(tag.name, begin, min(end, begin + WINDOW_S * NS_PER_S))
            if len(series):
                parts.append(block_of(tag.handle, series.time, series.value, series.status))
        if parts:
            whole = concatenate(parts)
            yield whole.select(np.argsort(whole.time, kind="stable"))
