"""Learns what faults look like from the few times that they were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.anomaly.covariance import ledoit_wolf
from app.diagnosis.fault_model import DiagnosisError, FaultModel, probabilities, squared_distances
from app.diagnosis.feature import SETTLING, Array, features, reference_of

FOLDS = 4
FEWEST_HEALTHY, FEWEST_ROWS = 60, 2 * FOLDS
_WEIGHT_OF_KNOWN = 3.0
"""A known fault that is told as unknown is that many times as bad as an unknown one that is told as known."""
_WIDEST_GAP = 1.5
"""Where the causes lie far apart, the next stranger need not: so many times the known squared distances is far."""
_TEMPERATURES = np.geomspace(1.0, 300.0, 40)


@dataclass(frozen=True, slots=True)
class _Lessons:
    """Rows of features, which cause each shows, and in which fold it is left out."""

    rows: Array
    cause: NDArray[np.intp]
    fold: NDArray[np.intp]


def learn(
    healthy: Array,
    episodes: Mapping[str, Sequence[Array]],
    *,
    tags: Sequence[str],
    units: Sequence[str] | None = None,
) -> FaultModel:
    """Return a model of the causes in `episodes`: for each the rows of the times that it was there, begun in health.

    All rows have shape (n, tags), in tag units, NaN where a value is missing; their period is that of the rows that are
    asked about later. Limit and temperature come from rows left out: whole episodes where a cause has enough of them,
    blocks of time otherwise. The limit also comes from causes left out, each in turn as one that nobody knows. Raise
    DiagnosisError where there is too little.
    """
    _check(healthy, episodes, len(tags))
    reference = reference_of(healthy)
    causes = tuple(episodes)
    parts = [_lesson(number, [features(each, reference) for each in episodes[name]]) for number, name in
             enumerate(causes)]  # fmt: skip
    lessons = _Lessons(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    squares = _left_out(lessons, len(causes))
    means, whitening = _fitted(lessons.rows, lessons.cause, len(causes))
    return FaultModel(
        tags=tuple(tags),
        units=tuple(units or [""] * len(tags)),
        causes=causes,
        episodes=np.array([len(episodes[name]) for name in causes], np.int64),
        reference=reference,
        means=means,
        whitening=whitening,
        limit=_limit(squares.min(axis=1), _as_strangers(lessons, len(causes)), lessons.cause),
        temperature=_temperature(squares, lessons.cause),
    )


def _check(healthy: Array, episodes: Mapping[str, Sequence[Array]], tags: int) -> None:
    if len(healthy) < FEWEST_HEALTHY:
        raise DiagnosisError(f"{len(healthy)} healthy rows, {FEWEST_HEALTHY} are needed: choose a longer healthy time")
    if len(episodes) < 2:
        raise DiagnosisError("one cause cannot be told from others: confirm cases of at least two causes first")
    for name, runs in episodes.items():
        if not runs or any(len(run) < SETTLING + FEWEST_ROWS for run in runs):
            raise DiagnosisError(
                f"{name}: each time that it was there must have {SETTLING + FEWEST_ROWS} rows at least: "
                "leave the shorter ones out, or take rows more often"
            )
    if any(run.ndim != 2 or run.shape[1] != tags for runs in episodes.values() for run in (*runs, healthy)):
        raise DiagnosisError(f"some rows do not have {tags} values, one for each tag")


def _lesson(cause: int, runs: Sequence[Array]) -> tuple[Array, NDArray[np.intp], NDArray[np.intp]]:
    kept = [run[SETTLING:] for run in runs]
    if len(kept) >= FOLDS:
        fold = np.concatenate([np.full(len(run), place % FOLDS, np.intp) for place, run in enumerate(kept)])
    else:
        fold = np.concatenate([np.arange(len(run), dtype=np.intp) * FOLDS // len(run) for run in kept])
    return np.concatenate(kept), np.full(len(fold), cause, np.intp), fold


def _fitted(rows: Array, cause: NDArray[np.intp], count: int) -> tuple[Array, Array]:
    """Return the whitened means (k, f) and the whitening (f, f)."""
    means = np.array([rows[cause == number].mean(axis=0) for number in range(count)])
    within = rows - means[cause]
    spread = np.maximum(within.std(axis=0), 1e-3)
    covariance = ledoit_wolf(within / spread)
    covariance.flat[:: len(covariance) + 1] += 1e-6
    whitening: Array = np.linalg.inv(np.linalg.cholesky(covariance)) / spread
    return means @ whitening.T, whitening


def _left_out(lessons: _Lessons, count: int) -> Array:
    """Return squared distances of every row from every cause, by models that have not seen its fold, shape (n, k)."""
    out = np.empty((len(lessons.rows), count))
    for number in range(FOLDS):
        asked = lessons.fold == number
        means, whitening = _fitted(lessons.rows[~asked], lessons.cause[~asked], count)
        out[asked] = squared_distances(lessons.rows[asked] @ whitening.T, means)
    return out


def _as_strangers(lessons: _Lessons, count: int) -> Array:
    """Return the squared distance of every row from the nearest cause but its own, by models without it, shape (n,)."""
    out = np.empty(len(lessons.rows))
    for stranger in range(count):
        asked = lessons.cause == stranger
        others = lessons.cause[~asked]
        means, whitening = _fitted(lessons.rows[~asked], others - (others > stranger), count - 1)
        out[asked] = squared_distances(lessons.rows[asked] @ whitening.T, means).min(axis=1)
    return out


def _limit(known: Array, strange: Array, cause: NDArray[np.intp]) -> float:
    """Return the squared distance at which known faults and strangers are told apart best, each cause alike."""
    share = 1.0 / np.bincount(cause)[cause]
    place = np.argsort(np.concatenate([known, strange]), kind="stable")
    gain = np.concatenate([_WEIGHT_OF_KNOWN * share, -share])[place]
    best = int(np.argmax(np.cumsum(gain)))
    edges = np.concatenate([known, strange])[place]
    between = 0.5 * (edges[best] + edges[min(best + 1, len(edges) - 1)])
    return float(max(min(between, _WIDEST_GAP * edges[best]), 1e-9))


def _temperature(squares: Array, cause: NDArray[np.intp]) -> float:
    """Return the one at which rows left out are told with the least loss (Guo et al. 2017, "On calibration").

    Neighbouring rows resemble one another, so that untempered probabilities would be near 0 and 1 only.
    """
    place = np.arange(len(squares))

    def loss(temperature: float) -> float:
        told = probabilities(squares, temperature)[place, cause]
        return float(-np.mean(np.log(np.maximum(told, 1e-12))))

    return float(min(_TEMPERATURES, key=loss))
