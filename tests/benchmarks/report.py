"""A month of a report: told from what is kept of each hour, and from its samples, in turn in one run.

Measured values at 1 Hz, of which each fourth crosses a limit for half an hour each day. Both have to tell the same.
"""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.history.reader import HistoryReader
from app.model.block import TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.model.shift import Period, ShiftCalendar
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.report import hour_walk
from app.report.content import KeyValue
from app.report.sampling import Sampling
from tests.benchmarks.figure import Figure
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.stored_years import TEN_DAYS_NS, write_years

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

LIMIT = 69.0
_HOUR_NS = 3_600 * NS_PER_S


def measure(options: Options) -> Iterator[Figure]:
    """Tell a month of key values both ways."""
    month = ShiftCalendar(zone="Europe/Berlin").named("2026-10")
    count = 12 if options.quick else 100
    tags = [TagDefinition(n, f"T{n}", "E", LocalText("value"), "c", "a", scan_ms=1_000) for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        with closing(OurHistory(Path(folder), tuple(tags))) as history:
            write_years(history.path, _parts(month, count))
        with HistoryReader(history.path) as reader:
            sampling = Sampling.of(reader, month.start, month.end)
            ours = plain = 0.0
            for tag in tags:
                seconds, found = _told(sampling, tag)
                ours += seconds
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(hour_walk, "runs_of", lambda *_, **__: ())
                    seconds, expected = _told(sampling, tag)
                plain += seconds
                _compare(found, expected)
            memory = _memory(sampling, tags[0])
    name = f"a month of {count} values at 1 s"
    yield Figure(name, "s of processor", ours, plain, "from the samples", "ratio <= 0.15")
    yield Figure("the same, 500 values", "s of processor", ours / count * 500, plain / count * 500, "from the samples")
    yield Figure("the same, memory held at most", "MB", memory, goal="ours <= 40")


def _parts(month: Period, count: int) -> Iterator[tuple[TimeArray, ValueArray]]:
    """Yield the month with two hours around it, as `write_years` takes it."""
    rng = np.random.default_rng(1)
    begin, end = month.start - 2 * _HOUR_NS, month.end + 2 * _HOUR_NS
    inner = range((begin // TEN_DAYS_NS + 1) * TEN_DAYS_NS, end, TEN_DAYS_NS)
    edges = [begin, *inner, end]
    for first, last in pairwise(edges):
        times = np.arange(first // NS_PER_S, last // NS_PER_S, dtype=np.int64)
        values = 50 + rng.normal(0, 0.5, (count, len(times)))
        values[::4] += 25 * (times % 86_400 < 1_800)
        yield times * NS_PER_S, np.round(values, 2)


def _told(sampling: Sampling, tag: TagDefinition) -> tuple[float, KeyValue]:
    began = time.process_time()
    found = sampling.key_value(tag, 0.0, LIMIT)
    return time.process_time() - began, found


def _compare(found: KeyValue, expected: KeyValue) -> None:
    """Raise RuntimeError where both ways do not tell the same."""
    for one, other in zip(astuple(found), astuple(expected), strict=True):
        if one != (pytest.approx(other, rel=1e-12) if isinstance(other, float) else other):
            raise RuntimeError(f"{found} is not {expected}")


def _memory(sampling: Sampling, tag: TagDefinition) -> float:
    tracemalloc.start()
    try:
        sampling.key_value(tag, 0.0, LIMIT)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
