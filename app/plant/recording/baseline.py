"""How a signal behaves while its machine is still healthy: robust statistics of the first tenth of a recording.

Scale by the median absolute deviation, times 1.4826 to estimate a normal distribution's sigma (Rousseeuw and Croux,
1993); drift by the median of the slopes between all pairs of block medians (Theil 1950, Sen 1968), where nearly all of
them point the same way (Kendall's tau). Neither is moved by a few wild values, so that a fault in the first tenth does
not hide the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.block import TimeArray, ValueArray

SHARE = 0.1
FEWEST = 50
_BLOCKS = 20
_TAIL = 0.005
_CLEAR_TREND = 0.6
_ROWS_OF_A_SLOPE = 4
_WINDOWS_OF_A_SLOPE = 5


@dataclass(frozen=True, slots=True)
class Baseline:
    """Statistics of one signal, in its unit; times in ns.

    `lowest`, `highest`: the values that one in 200 passes. `drift`: how far a clear trend went during the baseline,
    else 0. `steepest`: the change per ns, up or down, that one in 200 windows passes; NaN where there are too few of
    them. `longest_run`: the longest time without any change; `longest_gap`: the longest time between two values.
    """

    median: float
    scale: float
    lowest: float
    highest: float
    drift: float
    steepest: float
    longest_run: int
    longest_gap: int


def baseline_of(time: TimeArray, values: ValueArray, *, slope_window: int) -> Baseline | None:
    """Return the statistics of the first tenth of a signal, of 50 rows at least; None for fewer than 4 values.

    `time`: int64 ns, never falling, `values`: float64 with NaN where there is none; shape (n,). `slope_window`: ns over
    which a change is measured.
    """
    count = min(len(values), max(FEWEST, int(len(values) * SHARE)))
    is_known = ~np.isnan(values[:count])
    time, values = time[:count][is_known], values[:count][is_known]
    if len(values) < 4:
        return None
    lowest, median, highest = (float(level) for level in np.quantile(values, [_TAIL, 0.5, 1 - _TAIL]))
    return Baseline(
        median=median,
        scale=_scale(values, median),
        lowest=lowest,
        highest=highest,
        drift=_drift(time, values),
        steepest=_steepest(time, values, slope_window),
        longest_run=_longest_run(time, values),
        longest_gap=int(np.max(np.diff(time))),
    )


def _scale(values: ValueArray, median: float) -> float:
    """Return the robust sigma; where most values are alike, the mean deviation's, else a thousandth of the median."""
    deviation = np.abs(values - median)
    return (
        1.4826 * float(np.median(deviation))
        or 1.2533 * float(np.mean(deviation))
        or abs(median) / 1000.0
        or 1.0 / 1000.0
    )


def _drift(time: TimeArray, values: ValueArray) -> float:
    blocks = min(_BLOCKS, len(values))
    moments = np.array([np.mean(part - time[0]) for part in np.array_split(time, blocks)])
    levels = np.array([np.median(part) for part in np.array_split(values, blocks)])
    first, second = np.triu_indices(blocks, k=1)
    steps, rises = moments[second] - moments[first], levels[second] - levels[first]
    is_trend = abs(float(np.mean(np.sign(rises)))) >= _CLEAR_TREND and bool(np.all(steps > 0))
    return float(np.median(rises / steps)) * float(time[-1] - time[0]) if is_trend else 0.0


def _steepest(time: TimeArray, values: ValueArray, window: int) -> float:
    """Return the slope by ordinary least squares that few windows pass, taking the rows as evenly spaced."""
    interval = float(time[-1] - time[0]) / (len(time) - 1)
    rows = int(window / interval) if interval else 0
    is_short = rows < _ROWS_OF_A_SLOPE or rows * _WINDOWS_OF_A_SLOPE > len(values)
    if is_short or values.min() == values.max():
        return float("nan")
    centred = np.arange(rows) - (rows - 1) / 2
    slopes = np.convolve(values, centred[::-1], "valid") / float(centred @ centred)
    return float(np.quantile(np.abs(slopes), 1 - _TAIL)) / interval


def _longest_run(time: TimeArray, values: ValueArray) -> int:
    changes = np.flatnonzero(np.diff(values) != 0)
    bounds = np.concatenate([[0], changes + 1, [len(values) - 1]])
    return int(np.max(np.diff(time[bounds])))
