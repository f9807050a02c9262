"""How a value ran through the time of a report, in so few steps that it can be drawn small."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.history.gap import Gap, GapReason
from app.history.reader import HistoryReader
from app.model import status

STEPS = 96
_FINER = 4
"""Buckets are read so much finer than the steps, since they begin at whole minutes or hours."""

Course = tuple[tuple[float | None, ...], tuple[float | None, ...]]
"""The least and the greatest value of each of STEPS equal parts of the time; None where it was not known."""


def course_of(reader: HistoryReader, tag: str, span: tuple[int, int], gaps: Sequence[Gap], stored: int) -> Course:
    """Return the course of a tag in start <= t < end (int64 ns UTC).

    A value holds until the next sample; not where the station did not collect (`gaps`), nor behind `stored`, the last
    instant that is stored. Raise DatabaseError.
    """
    start, end = span
    envelope = reader.envelope([tag], start, end, STEPS * _FINER)[tag]
    step = (end - start) / STEPS
    place = np.clip((envelope.time - start) // step, 0, STEPS - 1).astype(np.intp)
    low, high, last = np.full(STEPS, np.inf), np.full(STEPS, -np.inf), np.full(STEPS, np.nan)
    good = np.isfinite(envelope.minimum)
    np.minimum.at(low, place[good], envelope.minimum[good])
    np.maximum.at(high, place[good], envelope.maximum[good])
    last[place] = np.where(envelope.status < status.BAD, envelope.last, np.nan)
    has_any = np.zeros(STEPS, np.bool_)
    has_any[place] = True
    is_silent = _silent(start, step, gaps, stored)
    before = reader.bound(tag, start)
    held = before.value if before is not None and before.status < status.BAD else math.nan
    for row in range(STEPS):
        if has_any[row]:
            held = float(last[row])
        elif is_silent[row]:
            held = math.nan
        elif math.isfinite(held):
            low[row] = high[row] = held
    return _told(low), _told(high)


def _silent(start: int, step: float, gaps: Sequence[Gap], stored: int) -> NDArray[np.bool_]:
    """Return in which steps nothing was collected at their beginning."""
    begins = start + np.arange(STEPS) * step
    found = begins > stored
    for gap in gaps:
        if gap.tag is None and gap.reason == GapReason.NOT_COLLECTING:
            found |= (begins >= gap.start) & (begins < gap.end)
    return found


def _told(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(value if math.isfinite(value) else None for value in values.tolist())
