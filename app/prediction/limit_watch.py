"""Which set limits the signals of an Equipment have passed, where nothing of its healthy state is known yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.forecast import Contribution
from app.model.tag import TagDefinition
from app.prediction.set_limit import SetLimits

Array = NDArray[np.float64]

_MOST_MODES = 16


@dataclass(frozen=True, slots=True)
class LimitState:
    """The usual levels of each mode, and how far the signals are now; arrays of shape (d,)."""

    usual: dict[bytes, Array]
    nearness: Array
    moved: Array


class LimitWatch:
    """Follows the signals towards the limits that people have set, without a baseline: from the first hour on.

    What is usual is where a signal first stood within its limits in a mode of operation. One that has stood beyond
    since the mode began says nothing: so a machine stands that was switched off. Of 16 modes the one that is longest
    not seen makes room.
    """

    def __init__(self, signals: list[TagDefinition], limits: SetLimits) -> None:
        """Begin without a past; `limits`: of `signals`, in their order."""
        self._signals, self._limits = signals, limits
        self._usual: dict[bytes, Array] = {}
        self._nearness = np.zeros(len(signals))
        self._moved = np.zeros(len(signals))

    @property
    def score(self) -> float:
        """Return how far the farthest signal is: 0 at its usual level, 1 at its limit."""
        return float(self._nearness.max(initial=0.0))

    @property
    def is_beyond(self) -> bool:
        """Return whether a signal has passed its limit."""
        return self.score >= 1.0

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """Return the signals beyond their limits, farthest first; the change is that from the usual level."""
        squares = np.where(self._nearness >= 1.0, self._nearness**2, 0.0)
        total = max(float(squares.sum()), 1.0)
        return tuple(
            Contribution(self._signals[place].name, float(squares[place] / total), float(self._moved[place]))
            for place in np.argsort(-squares, kind="stable").tolist()
            if squares[place] > 0.0
        )

    def take(self, mode: bytes, levels: Array) -> None:
        """Take the smoothed signals of a row of a mode, shape (d,), NaN where one is missing."""
        usual = self._usual.pop(mode, None)
        if usual is None:
            if len(self._usual) >= _MOST_MODES:
                del self._usual[next(iter(self._usual))]
            usual = np.full(len(levels), np.nan)
        with np.errstate(invalid="ignore"):
            is_within = (levels > self._limits.low) & (levels < self._limits.high)
        self._usual[mode] = usual = np.where(np.isnan(usual) & is_within, levels, usual)
        self._nearness = self._limits.nearness(levels, usual)
        self._moved = np.nan_to_num(levels - usual)

    def forget(self) -> None:
        """Note that what comes is compared with a baseline: nothing is beyond for want of one."""
        self._nearness[:] = 0.0

    @property
    def state(self) -> LimitState:
        """Return all that is known, from which `restore` goes on."""
        return LimitState(self._usual, self._nearness, self._moved)

    def restore(self, state: LimitState) -> None:
        """Go on where a state was taken."""
        self._usual, self._nearness, self._moved = state.usual, state.nearness, state.moved
