"""What an Equipment is like when it is healthy: its signals' usual levels, spreads, correlations, and its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.prediction.order_statistic import median, quantile

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST_ROWS = 24
_MARGIN = 2.0
_SMALL_SAMPLE = 12.0
_FAR_TOGETHER, _FAR_ALONE = 1.6, 3.0
"""Normal noise of unit spread: 99 % of distances are below 1 + 1.6 / sqrt(d), 99 % of single parts below 3."""
_YOUNG = 2.0
_QUANTILE = 0.99
_FOLDS = 4
_DRIFT_WIDENING = 3.0
_STILL = 1.0
_LIKE_NEIGHBOURS = 3.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """The healthy state of one mode of operation; arrays of shape (d,) over the signals.

    `mean`, `scale`: level and spread; `is_used`: whether the signal counts; `is_constant`: whether it never moved;
    `is_still`: whether it does not drift. `whitening`: shape (d, d), the inverse square root of the signals'
    correlation.
    `limits`: of the two distances; `typical`: the median healthy score. `rows`: how many it was learned from.
    """

    mean: Array
    scale: Array
    is_used: Mask
    is_constant: Mask
    whitening: Array
    limits: tuple[float, float]
    typical: float
    is_still: Mask
    rows: int

    @property
    def still(self) -> float:
        """Return the share of the used signals that do not drift."""
        return float(np.mean(self.is_still[self.is_used]))

    def applies(self, signals: Array) -> bool:
        """Return whether the signals that never moved still stand: a moved setpoint is another mode, not a fault."""
        moved = np.abs(signals - self.mean) > self.scale
        return not bool(np.any(moved & self.is_constant))

    def parts(self, signals: Array, shift: Array) -> Array:
        """Return what each signal adds to the squared distance, shape (d,), all >= 0.

        They are the squares of R^(-1/2) r for standardised residuals r with the correlation R: of all ways to split a
        Mahalanobis distance the one whose parts belong most closely to one signal each (Garthwaite and Koch 2016).
        `shift`: how far the level has moved since it was learned. A signal without a value adds nothing.
        """
        residuals = (signals - self.mean - shift) / self.scale
        residuals[np.isnan(residuals) | ~self.is_used] = 0.0
        white: Array = self.whitening @ residuals
        return white * white

    def score(self, parts: Array) -> float:
        """Return the distance in units of its limit: the larger of the overall one and the most distant signal's."""
        return max(
            math.sqrt(float(parts.sum()) / max(1, int(self.is_used.sum()))) / self.limits[0],
            math.sqrt(float(parts.max())) / self.limits[1],
        )


def learn(rows: Array, floor: Array, *, hours: float) -> Baseline | None:
    """Return the baseline of healthy `rows` in rising time (shape (n, d), NaN: none), None where no signal can be used.

    `floor`: the least spread to believe of each signal, in its unit. Signals that are mostly missing or constant are
    left out. One that drifts gets a spread that holds three times its drift, more while fewer `hours` of the plant's
    life are known: it counts little until its range is known. The correlation is shrunk towards none (Ledoit and Wolf
    2004). The limits are the 99 % quantile of the distances in a cross-validation over four blocks of time, or that of
    normal noise if it is larger, doubled, and wider for few rows.
    """
    count = len(rows)
    present = ~np.isnan(rows)
    shares = present.mean(axis=0)
    mean = np.where(shares > 0, np.nansum(rows, axis=0) / np.maximum(present.sum(axis=0), 1), 0.0)
    filled = np.where(present, rows, mean)
    is_constant = (np.ptp(filled, axis=0) <= 1e-9 * (1.0 + np.abs(mean))) & (shares > 0)
    is_used = (shares > 0.5) & ~is_constant
    if not is_used.any():
        return None
    noise, drift = _noise_and_drift(filled)
    scale = np.maximum(np.hypot(noise, _DRIFT_WIDENING * (1.0 + _YOUNG / math.sqrt(hours)) * drift), floor)
    standard = np.where(is_used, (filled - mean) / scale, 0.0)
    whole, most = _cross_validated(standard, is_used)
    widening = _MARGIN * (1.0 + _SMALL_SAMPLE / count)
    usual = (1.0 + _FAR_TOGETHER / math.sqrt(int(is_used.sum())), _FAR_ALONE)
    limits = (
        widening * max(quantile(whole, _QUANTILE), usual[0]),
        widening * max(quantile(most, _QUANTILE), usual[1]),
    )
    return Baseline(
        mean=mean,
        scale=scale,
        is_used=is_used,
        is_constant=is_constant,
        whitening=_whitening(standard),
        limits=limits,
        typical=median(np.maximum(whole / limits[0], most / limits[1])),
        is_still=drift <= _STILL * noise,
        rows=count,
    )


def _noise_and_drift(rows: Array) -> tuple[Array, Array]:
    """Return the spread within thirds of time, and how far apart the thirds' means are beyond what chance explains."""
    thirds = np.array_split(rows, 3)
    noise = np.sqrt(np.mean([third.var(axis=0, ddof=1) for third in thirds], axis=0))
    means = np.array([third.mean(axis=0) for third in thirds])
    chance = 2.0 * noise * math.sqrt(2.0 * _LIKE_NEIGHBOURS / len(thirds[0]))
    return noise, np.maximum(np.ptp(means, axis=0) - chance, 0.0)


def _cross_validated(rows: Array, is_used: Mask) -> tuple[Array, Array]:
    whole, most = np.empty(len(rows)), np.empty(len(rows))
    for block in np.array_split(np.arange(len(rows)), _FOLDS):
        others = np.delete(rows, block, axis=0)
        squares = ((rows[block] - others.mean(axis=0)) @ _whitening(others)) ** 2
        whole[block] = np.sqrt(squares.sum(axis=1) / is_used.sum())
        most[block] = np.sqrt(squares.max(axis=1))
    return whole, most


def _whitening(rows: Array) -> Array:
    """Return the symmetric inverse square root of the rows' shrunk correlation matrix, shape (d, d)."""
    centred = rows - rows.mean(axis=0)
    spread = centred.std(axis=0)
    centred = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    values, vectors = np.linalg.eigh(shrunk_correlation(centred))
    whitening: Array = (vectors / np.sqrt(values)) @ vectors.T
    return whitening


def shrunk_correlation(rows: Array) -> Array:
    """Return the Ledoit-Wolf estimate of the correlation of standardised `rows` (shape (n, d)), shape (d, d).

    The share of the identity is the expected squared error of the sample correlations over their squared size, with
    the rows counted as a third of what they are: neighbouring smoothed rows are not independent.
    """
    count, width = rows.shape
    sample = rows.T @ rows / count
    np.fill_diagonal(sample, 1.0)
    off = sample - np.eye(width)
    size = float(np.sum(off**2))
    squares = (rows**2).T @ rows**2 / count
    error = float(np.sum(squares - sample**2) - np.trace(squares - sample**2)) * _LIKE_NEIGHBOURS / count
    share = min(1.0, max(error / size, 0.01)) if size > 0 else 1.0
    correlation: Array = (1.0 - share) * sample + share * np.eye(width)
    return correlation
