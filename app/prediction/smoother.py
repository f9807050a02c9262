"""Takes the noise out of an Equipment's signals, and widens a single signal to what can be seen in it alone."""

from __future__ import annotations

import numpy as np

from app.model.block import ValueArray

_PACE = 0.5
_SLOW_PACE = 0.05


class Smoother:
    """Exponentially weighted means of `signals` columns: half of every row is new.

    One signal alone has no correlations to watch, so it becomes three: its level, its slow level and its jump from the
    one to the other row.
    """

    def __init__(self, signals: int) -> None:
        """Begin without a past."""
        self.is_single = signals == 1
        self.width = 3 if self.is_single else signals
        self.level: ValueArray = np.full(self.width, np.nan)
        self._pace = np.array([_PACE, _SLOW_PACE, 1.0]) if self.is_single else np.full(signals, _PACE)

    def forget(self) -> None:
        """Begin anew: what comes has nothing to do with what was."""
        self.level[:] = np.nan

    def take(self, signals: ValueArray) -> ValueArray:
        """Take a row (NaN: none); return the smoothed one, shape (width,), NaN where a signal is missing now."""
        target = signals
        if self.is_single:
            jump = signals[0] - self.level[0]
            target = np.array([signals[0], signals[0], 0.0 if np.isnan(jump) else jump])
        is_missing = np.isnan(target)
        step = np.where(is_missing, 0.0, self._pace * (target - self.level))
        self.level = np.where(np.isnan(self.level), target, self.level + step)
        return np.where(is_missing, np.nan, self.level)
