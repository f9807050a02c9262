"""How long equipment has run, counted from the history of a tag: a counter of hours, or a state that tells it runs.

A counter that rolls over or is replaced counts on: its total never falls. Where samples are bad or missing nothing is
counted for a state; a counter knows by itself what passed meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.model import status as status_code
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.tag import TagDefinition, TagKind

HOURS_PER = {"h": 1.0, "min": 1 / 60, "s": 1 / 3_600, "d": 24.0}
"""UCUM units of time; a counter in any other unit counts what it counts, such as starts."""
_NS_PER_HOUR = 3_600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class MeterReading:
    """The `total` of a meter (hours, or what it counts) at `time` (ns UTC), after which nothing is counted yet.

    `raw`: the tag's last good value, None where there is none.
    """

    time: int
    total: float
    raw: float | None


def begun(tag: TagDefinition, series: Series) -> MeterReading | None:
    """Return the first reading of a meter, at its first good sample; None where there is none yet.

    A counter begins with what it shows, a state with nothing.
    """
    good = _good(series)
    if not len(good):
        return None
    raw = float(good.value[0])
    return MeterReading(int(good.time[0]), raw * _unit(tag) if tag.kind is TagKind.COUNTER else 0.0, raw)


def advanced(
    tag: TagDefinition,
    before: MeterReading,
    series: Series,
    *,
    time_scale: float = 1.0,
    lost: Sequence[int] = (),
    until: int = 0,
) -> MeterReading:
    """Return the reading after the samples of `series`, of which those up to `before.time` count no more.

    `time_scale`: of the plant, whose hours a state counts (a counter counts them itself). `lost`: instants (ns UTC)
    from which on nothing was collected: a state holds no longer than that. `until`: up to then (ns UTC) the samples are
    complete, so that a state which did not change holds.
    """
    is_new = series.time > before.time
    fresh = Series(series.time[is_new], series.value[is_new], series.status[is_new])
    if tag.kind is TagKind.COUNTER:
        return _counted(tag, before, _good(fresh))
    after = _run(before, _ended(fresh, [instant for instant in lost if instant > before.time]), time_scale)
    if until <= after.time:
        return after
    held = (until - after.time) * time_scale / _NS_PER_HOUR if after.raw else 0.0
    return MeterReading(until, after.total + held, after.raw)


def _counted(tag: TagDefinition, before: MeterReading, good: Series) -> MeterReading:
    if not len(good):
        return before
    values = good.value if before.raw is None else np.concatenate([[before.raw], good.value])
    steps = np.diff(values)
    falls = steps < 0
    width = 2.0**tag.width_bits * abs(tag.gain) if tag.width_bits else math.inf
    around = steps + width
    # a step of less than half the range around its end is a rollover; else it began again at 0, as a new counter does
    steps = np.where(falls, np.where(around < width / 2, around, values[1:]), steps)
    total = before.total + float(np.maximum(steps, 0.0).sum()) * _unit(tag)
    return MeterReading(int(good.time[-1]), total, float(good.value[-1]))


def _run(before: MeterReading, fresh: Series, time_scale: float) -> MeterReading:
    """Return the reading of a state: each good sample holds until the next one, a bad one holds nothing."""
    if not len(fresh):
        return before
    is_good = status_code.good_mask(fresh.status) & np.isfinite(fresh.value)
    states = np.where(is_good, fresh.value != 0, False)  # noqa: FBT003 - a value for numpy
    held = np.concatenate([[bool(before.raw)], states[:-1]])
    spans = np.diff(np.concatenate([[before.time], fresh.time]))
    hours = float(spans[held].sum()) * time_scale / _NS_PER_HOUR
    raw = float(fresh.value[-1]) if is_good[-1] else None
    return MeterReading(int(fresh.time[-1]), before.total + hours, raw)


def _ended(series: Series, lost: Sequence[int]) -> Series:
    """Return a series with a sample without a value wherever the knowledge of it ends."""
    places = np.searchsorted(series.time, np.array(lost, np.int64), side="left")
    return Series(
        np.insert(series.time, places, lost),
        np.insert(series.value, places, math.nan),
        np.insert(series.status, places, np.uint32(status_code.BAD_NO_DATA)),
    )


def _good(series: Series) -> Series:
    keep = status_code.good_mask(series.status) & np.isfinite(series.value)
    return Series(series.time[keep], series.value[keep], series.status[keep])


def _unit(tag: TagDefinition) -> float:
    return HOURS_PER.get(tag.unit, 1.0)


def daily_rate(first: MeterReading, last: MeterReading, *, time_scale: float = 1.0) -> float:
    """Return how much a meter counts a day of the plant's time between two readings, NaN where that is not known."""
    days = (last.time - first.time) * time_scale / (24 * _NS_PER_HOUR)
    return (last.total - first.total) / days if days > 0 else math.nan
