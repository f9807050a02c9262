"""A model as data: what it is of, what it has learned from, how it did when it was tried, and whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class ModelKind(StrEnum):
    """What a model is for."""

    EQUIPMENT = "equipment"
    """Whether the tags of one Equipment together depart from their healthy past."""
    DIAGNOSIS = "diagnosis"
    """Which known fault of a class of Equipment it is."""
    REMAINING_LIFE = "remaining_life"
    """How long a machine of a class will live."""


class ModelState(StrEnum):
    """Where a model stands; of each kind and subject one is ACTIVE at the most."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ModelScore:
    """One figure of a trial, `value` over `count` cases, rows or machines; 0 where there were too few.

    `bound`: what it has to reach, whatever it is compared with; None: nothing.
    """

    name: str
    value: float
    count: int
    is_less_better: bool = False
    bound: float | None = None

    @property
    def misses(self) -> bool:
        """Return whether it does not reach its bound."""
        if self.bound is None or self.count == 0:
            return False
        return self.value > self.bound if self.is_less_better else self.value < self.bound


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One model for good. `subject`: an Equipment's id, or of a class of Equipment its name (`is_class`).

    `number`: rises with each model of the plant, from 1; 0 before it is stored. `made`, `data_begin`, `data_end`: int64
    ns UTC, data_begin <= t < data_end; 0 where it came from elsewhere. `data_digest`: SHA-256 of what was learned from.
    `tags`, `units`: roles of the signals in the order of a row, with their units; `period_s`: from row to row.
    `modes`: roles of the discrete tags whose values tell one mode of operation from another, none where it knows one.
    `parameters`: arrays with a checksum, in which nothing can be executed. `source`: where it came from, "" if it was
    learned here.
    """

    number: int
    kind: ModelKind
    subject: str
    is_class: bool
    made: int
    author: str
    data_begin: int
    data_end: int
    data_digest: str
    code_version: str
    tags: tuple[str, ...]
    units: tuple[str, ...]
    period_s: float
    parameters: bytes
    source: str = ""
    modes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the parameters."""
        return sha256(self.parameters).hexdigest()


@dataclass(frozen=True, slots=True)
class ModelTrial:
    """A model on recorded rows that are later than what it has learned from, beside the active one on the same rows.

    `beside`: the active model's number, 0 where there was none; `begin` <= t < `end`: int64 ns UTC.
    """

    model: int
    beside: int
    made: int
    begin: int
    end: int
    scores: tuple[ModelScore, ...]
    beside_scores: tuple[ModelScore, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelStep:
    """A model has come to another state at `time` (int64 ns UTC), by whom and why."""

    model: int
    time: int
    state: ModelState
    by: str
    reason: str
