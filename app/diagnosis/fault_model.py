"""Faults of a class of Equipment as a model that is data: what each looks like, and beyond what it is none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.anomaly.state import AnomalyError, pack, unpack
from app.diagnosis.feature import PER_TAG, Array, Reference

KIND = "diagnosis"
_SPLIT = "\n"


class DiagnosisError(Exception):
    """Faults cannot be learned or told; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class RankedFault:
    """A known fault and its `probability`, 0..1, if it is one of those that are known; `episodes`: how often seen."""

    cause: str
    probability: float
    episodes: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Known faults, the most probable first; `distance`: from the nearest of them, 1 at the farthest one believed."""

    causes: tuple[RankedFault, ...]
    distance: float

    @property
    def is_unknown(self) -> bool:
        """Return whether it resembles none of the known faults."""
        return not self.distance <= 1.0


@dataclass(frozen=True, slots=True)
class FaultModel:
    """Normal distributions with one common spread: linear discriminant analysis (Fisher 1936), shrunk.

    `tags`: roles of the signals in the order of a row, `units`: theirs. `causes`: k names, `episodes`: how often each
    was seen, shape (k,). `means`: of the features, whitened, shape (k, f); `whitening`: shape (f, f), so that the
    length of a whitened difference is a Mahalanobis distance. `limit`: of the squared distance from the nearest cause.
    `temperature`: by how much squared distances count less than normal independent rows would.
    """

    tags: tuple[str, ...]
    units: tuple[str, ...]
    causes: tuple[str, ...]
    episodes: NDArray[np.int64]
    reference: Reference
    means: Array
    whitening: Array
    limit: float
    temperature: float

    def squares(self, rows: Array) -> Array:
        """Return the squared distance of rows of features (shape (n, f)) from each cause, shape (n, k)."""
        white = rows @ self.whitening.T
        return squared_distances(white, self.means)

    def diagnosis(self, feature: Array) -> Diagnosis:
        """Return what can be said of one row of features, shape (f,)."""
        squares = self.squares(feature[None])[0]
        probability = probabilities(squares[None], self.temperature)[0]
        order = np.argsort(squares, kind="stable").tolist()
        causes = tuple(
            RankedFault(self.causes[place], float(probability[place]), int(self.episodes[place])) for place in order
        )
        return Diagnosis(causes, float(np.sqrt(squares.min() / self.limit)))

    def to_bytes(self) -> bytes:
        """Return the model as plain numbers with a checksum, in which nothing can be executed."""
        return pack(
            KIND,
            {
                "tags": _text(self.tags),
                "units": _text(self.units),
                "causes": _text(self.causes),
                "episodes": self.episodes,
                "mean": self.reference.mean,
                "scale": self.reference.scale,
                "change": self.reference.change,
                "means": self.means,
                "whitening": self.whitening,
                "numbers": np.array([self.limit, self.temperature]),
            },
        )


def from_bytes(data: bytes) -> FaultModel:
    """Return the model that `to_bytes` wrote; raise DiagnosisError for anything else."""
    try:
        state = unpack(KIND, data)
        model = FaultModel(
            tags=_words(state["tags"]),
            units=_words(state["units"]),
            causes=_words(state["causes"]),
            episodes=state["episodes"],
            reference=Reference(state["mean"], state["scale"], state["change"]),
            means=state["means"],
            whitening=state["whitening"],
            limit=float(state["numbers"][0]),
            temperature=float(state["numbers"][1]),
        )
    except (AnomalyError, KeyError, ValueError, IndexError, OverflowError) as error:
        raise DiagnosisError(f"not a whole model of faults: {error}") from error
    _check(model)
    return model


def _check(model: FaultModel) -> None:
    tags, causes, width = len(model.tags), len(model.causes), PER_TAG * len(model.tags)
    shapes: list[tuple[NDArray[Any], tuple[int, ...]]] = [
        (model.episodes, (causes,)),
        (model.reference.mean, (tags,)),
        (model.reference.scale, (tags,)),
        (model.reference.change, (tags,)),
        (model.means, (causes, width)),
        (model.whitening, (width, width)),
    ]
    is_whole = len(model.units) == tags and causes > 0 and 0.0 < min(model.temperature, model.limit) < np.inf
    if not is_whole or any(array.shape != shape or not np.isfinite(array).all() for array, shape in shapes):
        raise DiagnosisError("not a whole model of faults: its parts do not belong together")


def squared_distances(white: Array, means: Array) -> Array:
    """Return squared distances of whitened rows (n, f) from whitened means (k, f), shape (n, k)."""
    out: Array = np.stack([np.sum((white - mean) ** 2, axis=1) for mean in means], axis=1)
    return out


def probabilities(squares: Array, temperature: float) -> Array:
    """Return the probability of each cause, all alike before, from squared distances of shape (n, k)."""
    nearer = -0.5 / temperature * (squares - squares.min(axis=1, keepdims=True))
    weight = np.exp(np.maximum(nearer, -700.0))
    out: Array = weight / weight.sum(axis=1, keepdims=True)
    return out


def _text(words: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([ord(letter) for letter in _SPLIT.join(words)], np.int64)


def _words(letters: NDArray[Any]) -> tuple[str, ...]:
    return tuple("".join(chr(letter) for letter in letters.tolist()).split(_SPLIT))
