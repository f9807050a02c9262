"""The rows of `hourly`: an hour of a tag in plain numbers for people, and its last sample, which is the key frame.

Of an hour whose samples are all good three more are kept, so that a month is told without them: when its first sample
was, the area under the line through its samples (its unit times ns), and how often the value fell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.history.layout import tag_key
from app.history.samples import Samples, converted
from app.history.seal import plain_value
from app.model import status
from app.model.block import TimeArray, ValueArray

HourlyRow = tuple[object, ...]
SUMS = 3
"""So many columns, the last ones, are NULL where a sample is not good, and in rows of former versions."""

_NO_SUMS: HourlyRow = (None,) * SUMS


def hourly_row(hour: int, tag: int, samples: Samples) -> HourlyRow:
    """Return the row of `hourly` for the samples of an hour of a tag."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _hourly_row(hour, tag, samples)


def hourly_rows(hour: int, samples: Samples, parts: Sequence[tuple[int, slice]]) -> list[HourlyRow]:
    """Return what `hourly_row` would for each of `parts`: the tags of `samples`, and the rows of each."""
    if not parts:
        return []
    begins = np.array([rows.start for _, rows in parts], np.intp)
    number = converted(samples.value, "f")
    is_usable = status.usable_mask(samples.status) & ~np.isnan(number)
    is_plain = np.logical_and.reduceat(is_usable, begins).tolist()
    with np.errstate(over="ignore", invalid="ignore"):
        lowest, highest = np.minimum.reduceat(number, begins).tolist(), np.maximum.reduceat(number, begins).tolist()
        worst = np.maximum.reduceat(samples.status, begins).tolist()
        rows: list[HourlyRow] = []
        for place, (tag, part) in enumerate(parts):
            if not is_plain[place]:
                rows.append(_hourly_row(hour, tag, samples.rows(part)))
                continue
            values, last = number[part], part.stop - 1
            sums = _sums(samples.time[part], values, worst[place])
            rows.append(
                (
                    tag_key(tag, hour),
                    tag,
                    hour,
                    lowest[place],
                    highest[place],
                    _mean(values),
                    values.item(0),
                    values.item(-1),
                    len(values),
                    len(values),
                    worst[place],
                    samples.time.item(last),
                    samples.value.item(last),
                    samples.status.item(last),
                    *sums,
                )
            )
    return rows


def _hourly_row(hour: int, tag: int, samples: Samples) -> tuple[object, ...]:
    number = converted(samples.value, "f")
    worst = int(np.maximum.reduce(samples.status))
    usable = number
    if worst or np.isnan(number).any():
        usable = number[status.usable_mask(samples.status) & ~np.isnan(number)]
    has_any = bool(len(usable))
    is_whole = len(usable) == len(samples)
    return (
        tag_key(tag, hour),
        tag,
        hour,
        float(np.minimum.reduce(usable)) if has_any else None,
        float(np.maximum.reduce(usable)) if has_any else None,
        _mean(usable),
        float(usable[0]) if has_any else None,
        float(usable[-1]) if has_any else None,
        len(samples),
        len(usable),
        worst,
        int(samples.time[-1]),
        plain_value(samples),
        int(samples.status[-1]),
        *(_sums(samples.time, number, worst) if is_whole else _NO_SUMS),
    )


def _sums(time: TimeArray, value: ValueArray, worst: int) -> HourlyRow:
    """Return the last columns of a row, of samples that all have a number."""
    if worst >= status.UNCERTAIN:
        return _NO_SUMS
    early, late = value[:-1], value[1:]
    areas = early + late  # of a tag at a time, so that all of it stays in the processor's cache
    areas *= np.diff(time).astype(np.float64)
    area = float(np.add.reduce(areas)) * 0.5
    return (time.item(0), area, int(np.count_nonzero(late < early))) if math.isfinite(area) else _NO_SUMS


def _mean(values: NDArray[np.float64]) -> float | None:
    """Return the mean, None where there is none: of nothing, or of both infinities."""
    if not len(values):
        return None
    mean = float(np.add.reduce(values) / len(values))
    return None if mean != mean else mean  # noqa: PLR0124 - only NaN differs
