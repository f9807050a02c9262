"""How the signals of a healthy Equipment go together, estimated from few rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MOST_MEMORY = 0.98
_CHANCE = 2.0


def ledoit_wolf(rows: Array) -> Array:
    """Return the covariance of `rows` (shape (n, d)), shrunk towards a multiple of the identity, shape (d, d).

    The share of the identity is the one of Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional
    covariance matrices", formula 14: it is best in the mean square and leaves the matrix invertible for any n.
    """
    count, width = rows.shape
    centred = rows - rows.mean(axis=0)
    sample: Array = centred.T @ centred / count
    level = float(np.trace(sample)) / width
    distance = float(np.sum(sample**2)) - width * level**2
    squares = centred**2
    error = (float(np.sum(squares.sum(axis=1) ** 2)) / count - float(np.sum(sample**2))) / count
    share = min(max(error, 0.0), distance) / distance if distance > 0 else 1.0
    shrunk: Array = (1.0 - share) * sample
    shrunk.flat[:: width + 1] += share * level
    return shrunk


def drift_of(rows: Array) -> Array:
    """Return how far each signal has moved from the first to the last third of `rows`, beyond what chance explains.

    Chance is two standard errors of a difference of means, with neighbouring rows resembling one another as much as
    they do (the first autocorrelation within the thirds). Shape (d,), in the unit of the rows.
    """
    thirds = np.array_split(rows, 3)
    inside = [third - third.mean(axis=0) for third in thirds]
    power = np.array([np.sum(part**2, axis=0) for part in inside])
    common = np.array([np.sum(part[1:] * part[:-1], axis=0) for part in inside]).sum(axis=0)
    memory = np.clip(common / np.maximum(power.sum(axis=0), 1e-300), 0.0, _MOST_MEMORY)
    noise = np.sqrt(power.sum(axis=0) / len(rows))
    alike = (1.0 + memory) / (1.0 - memory)
    chance = _CHANCE * noise * np.sqrt(2.0 * alike / len(thirds[0]))
    moved = thirds[-1].mean(axis=0) - thirds[0].mean(axis=0)
    drift: Array = np.sign(moved) * np.maximum(np.abs(moved) - chance, 0.0)
    return drift
