"""Metrics as samples of the tags that want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.model import clock, status
from app.model.block import Block, block_of, object_column
from app.model.exact import DataType
from drivers.driver import TagSpec
from drivers.sparkplug.payload import Metric
from drivers.typed_value import TypedValue, typed_value

Row = tuple[TagSpec, int, TypedValue]
"""A tag, the source time (ns UTC) and what it shows."""


def row_of(tag: TagSpec, metric: Metric | None, received: int) -> Row:
    """Return what a metric says of a tag; None is one that nobody has told yet."""
    if metric is None:
        return tag, received, TypedValue(np.nan, None, status.BAD_NO_COMMUNICATION)
    if metric.value is None or metric.status >= status.BAD:
        return tag, metric.time or received, TypedValue(np.nan, None, metric.status)
    shown = typed_value(metric.value, tag)
    return tag, metric.time or received, shown._replace(status=shown.status or metric.status)


def block_from(rows: Sequence[Row], received: int | None = None) -> Block:
    """Return a Block of the rows, in their order."""
    moment = clock.now_ns() if received is None else received
    block = block_of(
        [tag.handle for tag, _, _ in rows],
        [time for _, time, _ in rows],
        [shown.value for _, _, shown in rows],
        [shown.status for _, _, shown in rows],
        received=moment,
    )
    exact = [_exact(tag, shown) for tag, _, shown in rows]
    if all(each is None for each in exact):
        return block
    return replace(block, exact=object_column(exact))


def bad(tags: Iterable[TagSpec], code: int) -> list[Row]:
    """Return one bad row per tag, of this moment."""
    now = clock.now_ns()
    return [(tag, now, TypedValue(np.nan, None, code)) for tag in tags]


def _exact(tag: TagSpec, shown: TypedValue) -> int | str | None:
    return None if tag.data_type is DataType.FLOAT64 else shown.exact
