"""Operating regimes: a machine that runs at a few set points is compared with itself at the same one.

In each condition the values fall into groups where they have gaps far wider than those between neighbours; a regime is
a combination of groups. Signals become distances from the regime's mean in its standard deviations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.remaining_life.history import Fleet, FloatArray, LifeError, MachineHistory

WIDEST_SHARE = 0.05
"""A gap that parts two groups is wider than this share of all values' span,"""
TIMES_NEIGHBOURS = 20.0
"""and than so many times the usual distance of neighbours."""
MOST_SET_POINTS = 8
"""So few different values, each seen often, are set points as they stand; a coarse sensor has more, or rare ones."""
FEWEST_ROWS = 30
"""A regime that was seen less often is taken together with the nearest one."""
_STILL = 1e-9


@dataclass(frozen=True, slots=True)
class Regimes:
    """`centres`: shape (r, c), the mean conditions; `span`: shape (c,), by which distances between them are weighed.

    `mean`, `deviation`: shape (r, k), of the kept signals. `kept`: the signals that change at all within a regime.
    """

    centres: FloatArray
    span: FloatArray
    mean: FloatArray
    deviation: FloatArray
    kept: NDArray[np.int64]

    def normalised(self, machine: MachineHistory) -> FloatArray:
        """Return the kept signals, shape (n, k), as distances from what is usual at the regime of each row."""
        regime = nearest(machine.conditions, self.centres, self.span)
        signals = machine.signals[:, self.kept]
        scaled: FloatArray = (signals - self.mean[regime]) / self.deviation[regime]
        return scaled


def find_regimes(fleet: Fleet) -> Regimes:
    """Return the regimes of a fleet; raise LifeError where no signal ever changes."""
    conditions = np.vstack([machine.conditions for machine in fleet.machines])
    signals = np.vstack([machine.signals for machine in fleet.machines])
    span = np.maximum(np.ptp(conditions, axis=0), _STILL)
    groups = (
        np.column_stack([_groups(column) for column in conditions.T])
        if conditions.size
        else np.zeros((len(signals), 0))
    )
    combinations, members = np.unique(groups, axis=0, return_inverse=True)
    members = members.reshape(-1)
    often = [number for number in range(len(combinations)) if (members == number).sum() >= FEWEST_ROWS]
    centres = np.array([conditions[members == number].mean(axis=0) for number in often or range(len(combinations))])
    regime = nearest(conditions, centres, span)
    parts = [signals[regime == number] for number in range(len(centres))]
    deviation = np.array([part.std(axis=0) for part in parts])
    size = np.maximum(np.abs(signals).max(axis=0), 1.0)
    kept = np.flatnonzero((deviation > _STILL * size).any(axis=0))
    if not kept.size:
        raise LifeError("no signal of this fleet ever changes: nothing can be learned from it")
    mean = np.array([part.mean(axis=0) for part in parts])
    return Regimes(centres, span, mean[:, kept], np.maximum(deviation[:, kept], _STILL), kept)


def nearest(conditions: FloatArray, centres: FloatArray, span: FloatArray) -> NDArray[np.intp]:
    """Return for each row the nearest centre, distances weighed by the span of each condition."""
    if len(centres) == 1 or not conditions.shape[1]:
        return np.zeros(len(conditions), np.intp)
    place: NDArray[np.intp] = np.argmin(
        [(((conditions - centre) / span) ** 2).sum(axis=1) for centre in centres], axis=0
    )
    return place


def _groups(values: FloatArray) -> NDArray[np.int64]:
    """Return the number of the group of each value."""
    levels, counts = np.unique(values, return_counts=True)
    gaps = np.diff(levels)
    if not gaps.size:
        return np.zeros(len(values), np.int64)
    is_set = len(levels) <= MOST_SET_POINTS and counts.min() >= FEWEST_ROWS
    neighbours = 0.0 if is_set else float(np.median(gaps))
    wide = (gaps > WIDEST_SHARE * np.ptp(levels)) & (gaps > TIMES_NEIGHBOURS * neighbours)
    edges: Sequence[float] = (levels[:-1] + gaps / 2)[wide].tolist()
    return np.searchsorted(np.asarray(edges), values).astype(np.int64)
