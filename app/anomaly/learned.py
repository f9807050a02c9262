"""The healthy state of one Equipment in one mode of operation, as its multivariate model knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.anomaly.covariance import Array, drift_of, ledoit_wolf
from app.anomaly.feature import features, settling
from app.anomaly.limit import Budget, limit_of

FEWEST_ROWS, FEWEST_SETTLED = 60, 30
_TINY = 1e-9
_ONE_A_MONTH = Budget()
_FARTHEST = 1e6
_MOST_MISSING = 0.5
_EXPLAINED = 0.9
_LEAST_LEFT = 0.02


class Measure(StrEnum):
    """How a departure is measured."""

    DISTANCE = "distance"
    """Mahalanobis: how unusual the signals are together."""
    RESIDUAL = "residual"
    """What the principal components do not explain (Q): how far a usual relation is broken."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a model is made of; the same for every Equipment.

    `paces`: of the smoothing; `lags`: how many rows before count too. `measures`: taken at every pace. `energy_pace`:
    of the smoothing of what is measured. `folds`: blocks of time of the cross-validation. `drift_widening`: a signal
    that drifts while it is learned may go on that many times as far. `baseline_rows`: within so many rows the baseline
    follows; `freeze`: so many times slower in alarm. `release`: an alarm ends below this share of the limit.
    `fewest_rows`: before the first try to learn; `mature_rows`: up to there it is learned anew with every doubling.
    """

    paces: tuple[float, ...] = (0.3, 0.1)
    lags: int = 2
    measures: tuple[Measure, ...] = (Measure.DISTANCE, Measure.RESIDUAL)
    energy_pace: float = 0.15
    folds: int = 8
    drift_widening: float = 3.0
    baseline_rows: float = 1_000.0
    freeze: float = 5.0
    release: float = 0.8
    fewest_rows: int = 200
    mature_rows: int = 4_096
    budget: Budget = _ONE_A_MONTH

    @property
    def look_rows(self) -> float:
        """Return after how many rows the smoothed measure is a new one."""
        return 2.0 / self.energy_pace - 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One measure at one pace: |whitening (x - mean)|², with `mean` of shape (f,) and `whitening` of shape (f, f).

    The squares of the rows of a symmetric whitening belong to one feature each: of all exact ways to split a
    Mahalanobis distance the one most closely bound to single signals (Garthwaite and Koch 2016). `limit`, `usual`: of
    the smoothed square, and its healthy median.
    """

    pace: float
    mean: Array
    whitening: Array
    limit: float
    usual: float

    def squares(self, feature: Array) -> Array:
        """Return what each feature adds, all >= 0, shape (f,)."""
        white: Array = self.whitening @ (feature - self.mean)
        return white * white


@dataclass(frozen=True, slots=True)
class Learned:
    """`mean`, `scale` of the signals in their units, shape (tags,); scale 0: left out, missing or constant.

    `precision`: inverse covariance of the standardised signals themselves, shape (tags, tags), for what is missing.
    `parts`: the measures. `drift`: how far each signal moved while it was learned, in scales; `rows`: how many.
    """

    mean: Array
    scale: Array
    precision: Array
    parts: tuple[Part, ...]
    drift: Array
    rows: int

    def standard(self, row: Array) -> Array:
        """Return a row (tag units, NaN: missing) in scales; a missing signal is where the others tell it to be."""
        with np.errstate(invalid="ignore", divide="ignore"):
            standard: Array = np.where(self.scale > 0.0, (row - self.mean) / self.scale, 0.0)
        is_missing = np.isnan(standard)
        np.clip(standard, -_FARTHEST, _FARTHEST, out=standard)
        if is_missing.any():
            known = np.where(is_missing, 0.0, standard)
            told = self.precision[is_missing] @ known
            standard[is_missing] = -np.linalg.solve(self.precision[np.ix_(is_missing, is_missing)], told)
        return standard


def learn(pieces: Sequence[Array], settings: Settings, *, period_s: float, floor: Array) -> Learned | None:
    """Return the model of healthy rows, None where no signal can be used or there are too few rows.

    `pieces`: uninterrupted stretches in rising time, each of shape (n, tags), NaN: missing. `floor`: the least spread
    to believe of each signal, in its unit. Signals that are missing in most rows, or never move, are left out. At least
    60 rows are needed, 30 of which follow so many others without a gap that the smoothing has settled.
    """
    rows = np.vstack(pieces)
    present = np.isfinite(rows)
    counts = present.sum(axis=0)
    known = np.where(present, rows, 0.0)
    mean = known.sum(axis=0) / np.maximum(counts, 1)
    spread: Array = np.sqrt(np.where(present, (rows - mean) ** 2, 0.0).sum(axis=0) / np.maximum(counts, 1))
    is_used = (counts > (1.0 - _MOST_MISSING) * len(rows)) & (spread > _TINY * (1.0 + np.abs(mean)))
    burn = max(settling(pace, settings.lags) for pace in settings.paces)
    settled = sum(max(0, len(piece) - burn) for piece in pieces)
    if len(rows) < FEWEST_ROWS or settled < FEWEST_SETTLED or not is_used.any():
        return None
    scale: Array = np.where(is_used, np.maximum(spread, floor), 0.0)
    standard = [_filled(piece, mean, scale) for piece in pieces]
    whole = np.vstack(standard)
    share = settings.budget.share_per_look(period_s=period_s, look_rows=settings.look_rows)
    share /= len(settings.paces) * len(settings.measures)
    parts = [
        part for pace in settings.paces for part in _parts(standard, settings, pace=pace, is_used=is_used, share=share)
    ]
    precision = np.asarray(np.linalg.inv(_covariance(whole, is_used)), np.float64)
    return Learned(mean, scale, precision, tuple(parts), drift_of(whole), len(rows))


def _filled(piece: Array, mean: Array, scale: Array) -> Array:
    """Return rows in scales, each missing value as the last one before it, or the mean."""
    with np.errstate(invalid="ignore", divide="ignore"):
        standard = np.where(scale > 0.0, (piece - mean) / scale, 0.0)
    is_known = np.isfinite(standard)
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(piece))[:, None], 0), axis=0)
    held = np.take_along_axis(standard, last, axis=0)
    return np.where(np.isfinite(held), held, 0.0)


def _parts(
    standard: list[Array], settings: Settings, *, pace: float, is_used: NDArray[np.bool_], share: float
) -> Iterator[Part]:
    burn = settling(pace, settings.lags)
    kept = [features(piece, pace=pace, lags=settings.lags)[burn:] for piece in standard if len(piece) > burn]
    rows = np.vstack(kept)
    margin = min(burn, len(rows) // settings.folds)
    used = np.tile(is_used, settings.lags + 1)
    blocks = np.array_split(np.arange(len(rows)), settings.folds)
    others = [np.delete(rows, _with_margin(block, margin, len(rows)), axis=0) for block in blocks]
    for measure in settings.measures:
        squares = np.empty(len(rows))
        for block, rest in zip(blocks, others, strict=True):
            trial = _part(rest, settings, pace=pace, used=used, measure=measure)
            squares[block] = np.sum(((rows[block] - trial.mean) @ trial.whitening.T) ** 2, axis=1)
        usual = float(np.median(squares))
        smoothed = _smoothed(squares, settings.energy_pace, usual)
        part = _part(rows, settings, pace=pace, used=used, measure=measure)
        yield Part(pace, part.mean, part.whitening, max(limit_of(smoothed, share), _TINY), usual)


def _with_margin(block: NDArray[np.intp], margin: int, count: int) -> NDArray[np.intp]:
    """Return a block and its neighbours, which resemble it too much to be learned from beside it."""
    return np.arange(max(0, int(block[0]) - margin), min(count, int(block[-1]) + margin + 1))


def _part(rows: Array, settings: Settings, *, pace: float, used: NDArray[np.bool_], measure: Measure) -> Part:
    drift = settings.drift_widening * drift_of(rows)
    covariance = _covariance(rows, used) + np.outer(drift, drift)
    values, vectors = np.linalg.eigh(covariance)
    if measure is Measure.DISTANCE:
        whitening = (vectors / np.sqrt(values)) @ vectors.T
    else:
        shares = np.cumsum(values[::-1]) / values.sum()
        left = min(max(len(values) - 1 - int(np.searchsorted(shares, _EXPLAINED)), 1), len(values))
        residual = vectors[:, :left]
        whitening = residual @ residual.T / np.sqrt(max(float(values[:left].sum()), _LEAST_LEFT))
    whitening[~used] = 0.0
    whitening[:, ~used] = 0.0
    return Part(pace, rows.mean(axis=0), whitening, 1.0, 1.0)


def _covariance(rows: Array, used: NDArray[np.bool_]) -> Array:
    """Return the shrunk covariance; signals that are left out stand alone with a spread of 1."""
    covariance = np.eye(rows.shape[1])
    covariance[np.ix_(used, used)] = ledoit_wolf(rows[:, used]) + _TINY * np.eye(int(used.sum()))
    return covariance


def _smoothed(values: Array, pace: float, start: float) -> Array:
    out, level = np.empty(len(values)), start
    for place, value in enumerate(values.tolist()):
        level += pace * (value - level)
        out[place] = level
    return out
