"""What a model sees of a machine at one moment of its life: only the past, but all of it.

A short window (20 to 30 cycles is usual in the literature) costs a third of the accuracy: the healthy beginning of the
same machine, its slow drifts and its age tell most.
"""

from __future__ import annotations

import numpy as np

from app.remaining_life.history import FloatArray

MEANS = (5, 10, 20)
SMOOTHINGS = (0.1, 0.03)
SLOPES = (20, 50)
HEALTHY = 15
"""The first units of life, which stand for the machine's own healthy state."""
LONG_MEAN = 60
SPREAD = 30
PER_SIGNAL = len(MEANS) + len(SMOOTHINGS) + len(SLOPES) + 3


def features(signals: FloatArray) -> FloatArray:
    """Return shape (n, PER_SIGNAL * k + 2) for normalised signals of shape (n, k), one row per unit of life.

    Row i uses the rows up to i alone. Per signal: means over 5, 10 and 20 rows, two exponential means, the mean over 10
    less that of the healthy beginning, the mean over 20 less that over 60, slopes over 20 and 50, the deviation over
    30; then the age and its logarithm.
    """
    total, squares = _running(signals), _running(signals * signals)
    means = {length: _mean(total, length) for length in (*MEANS, LONG_MEAN, SPREAD)}
    spread = np.sqrt(np.maximum(_mean(squares, SPREAD) - means[SPREAD] ** 2, 0.0))
    age = np.arange(1.0, len(signals) + 1.0)[:, None]
    return np.hstack(
        [
            *(means[length] for length in MEANS),
            *(_smoothed(signals, share) for share in SMOOTHINGS),
            means[10] - _healthy(total),
            means[20] - means[LONG_MEAN],
            *(_slope(signals, total, length) for length in SLOPES),
            spread,
            age,
            np.log(age),
        ]
    )


def _running(values: FloatArray) -> FloatArray:
    return np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])


def _mean(total: FloatArray, length: int) -> FloatArray:
    """Return the mean of the last `length` rows, of fewer at the beginning."""
    end = np.arange(1, len(total))
    begin = np.maximum(0, end - length)
    mean: FloatArray = (total[end] - total[begin]) / (end - begin)[:, None]
    return mean


def _healthy(total: FloatArray) -> FloatArray:
    mean = _mean(total, HEALTHY)
    mean[HEALTHY:] = mean[min(HEALTHY, len(mean)) - 1]
    return mean


def _smoothed(values: FloatArray, share: float) -> FloatArray:
    """Return the exponential mean, weighed so that the first rows are not drawn to zero."""
    out = np.empty_like(values)
    level, weight = np.zeros(values.shape[1]), 0.0
    for row, value in enumerate(values):
        level = level * (1.0 - share) + share * value
        weight = weight * (1.0 - share) + share
        out[row] = level / weight
    return out


def _slope(values: FloatArray, total: FloatArray, length: int) -> FloatArray:
    """Return the least-squares slope per row over the last `length` rows; 0 for the first."""
    time = np.arange(float(len(values)))[:, None]
    products, times, squares = _running(time * values), _running(time), _running(time * time)
    end = np.arange(1, len(values) + 1)
    begin = np.maximum(0, end - length)
    count = (end - begin)[:, None].astype(np.float64)

    def over(sums: FloatArray) -> FloatArray:
        part: FloatArray = sums[end] - sums[begin]
        return part

    spread = count * over(squares) - over(times) ** 2
    slope: FloatArray = (count * over(products) - over(times) * over(total)) / np.where(spread > 0, spread, 1.0)
    return slope
