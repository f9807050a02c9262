"""What tells one fault from another: where the signals stand, how far they swing and how fast, beside health."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

QUICK, SLOW, SPREAD = 0.3, 0.05, 0.01
"""How much of each smoothed level and of the smoothed squares is new with a row."""
SETTLING = 60
"""Rows after which a fault shows in all features; what was seen before it is not learned from."""
PER_TAG = 4
_FARTHEST, _LARGEST_FEATURE = 100.0, 10.0
_LEAST_SHARE = 0.05
_CHANGE_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Reference:
    """The healthy state: `mean`, `scale` of each signal, and `change`: its mean squared step in scales; shape (tags,).

    A scale of 0: the signal never moved and is left out.
    """

    mean: Array
    scale: Array
    change: Array

    def standard(self, rows: Array) -> Array:
        """Return rows in scales from the mean, NaN where a value is missing or the signal is left out."""
        known = np.where(np.abs(rows) < 1e100, rows, np.nan)
        scaled = (known - self.mean) / np.where(self.scale > 0.0, self.scale, np.nan)
        far: Array = np.clip(scaled, -_FARTHEST, _FARTHEST)
        return far


def reference_of(healthy: Array) -> Reference:
    """Return the healthy state that `healthy` rows show (shape (n, tags), NaN: missing), in rising time."""
    present = ~np.isnan(healthy)
    count = np.maximum(present.sum(axis=0), 1)
    mean = np.nansum(healthy, axis=0) / count
    scale = np.sqrt(np.nansum((healthy - mean) ** 2, axis=0) / count)
    scale = np.where(scale > 1e-9 * (1.0 + np.abs(mean)), scale, 0.0)
    steps = np.diff(healthy, axis=0) / np.where(scale > 0.0, scale, 1.0)
    change = np.nansum(steps**2, axis=0) / np.maximum((~np.isnan(steps)).sum(axis=0), 1)
    return Reference(mean, scale, np.maximum(change, _CHANGE_FLOOR))


class FaultFeatures:
    """The features of one stream of rows; four of each signal, before the first row those of the healthy state.

    Two levels, smoothed quickly and slowly, in scales; the logarithms of the smoothed squares of the distance from the
    slow level and of the steps from row to row, beside what they are in health: 0 is as in health, and twice as far
    counts the same from wherever it begins.
    """

    def __init__(self, reference: Reference) -> None:
        """Begin in health."""
        tags = len(reference.mean)
        self._reference = reference
        self.levels: Array = np.zeros((2, tags))
        self.squares: Array = np.ones((2, tags))
        self.last: Array = np.zeros(tags)

    def take(self, row: Array) -> None:
        """Take a row in tag units, NaN where a value is missing: such a signal is left as it is."""
        standard = self._reference.standard(row)
        known = ~np.isnan(standard)
        value = np.where(known, standard, self.last)
        paces = np.array([[QUICK], [SLOW]])
        self.levels += np.where(known, paces * (value - self.levels), 0.0)
        distance = (value - self.levels[1]) ** 2
        step = (value - self.last) ** 2 / self._reference.change
        self.squares += np.where(known, SPREAD * (np.stack([distance, step]) - self.squares), 0.0)
        self.last = value

    def told(self) -> Array:
        """Return the features, shape (4 * tags,)."""
        swings = 2.0 * np.log((self.squares + _LEAST_SHARE) / (1.0 + _LEAST_SHARE))
        whole = np.clip(np.concatenate([self.levels, swings]), -_LARGEST_FEATURE, _LARGEST_FEATURE)
        whole[:, self._reference.scale <= 0.0] = 0.0
        flat: Array = whole.reshape(-1)
        return flat

    def forget(self) -> None:
        """Begin anew in health."""
        self.levels[:], self.squares[:], self.last[:] = 0.0, 1.0, 0.0


def features(rows: Array, reference: Reference) -> Array:
    """Return what `FaultFeatures` makes of rows (shape (n, tags)) that begin in health, shape (n, 4 * tags)."""
    stream = FaultFeatures(reference)
    out = np.empty((len(rows), PER_TAG * rows.shape[1]))
    for place, row in enumerate(rows):
        stream.take(row)
        out[place] = stream.told()
    return out
