"""Random numbers of the demo plant: one PCG64 stream per subsystem, so that no subsystem disturbs another."""

from __future__ import annotations

import math
from zlib import crc32

import numpy as np

_DRAWN_AT_ONCE = 512


def stream(seed: int, subsystem: str) -> np.random.Generator:
    """Return the stream that belongs to `seed` and the subsystem's name; raise ValueError for a negative seed."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(subsystem.encode())])))


class Wander:
    """A first-order Gauss-Markov (Ornstein-Uhlenbeck) disturbance of the process itself, in the unit of `sigma`.

    `sigma` is its standard deviation, `tau_s` its correlation time in seconds; `step` moves it on by one second.
    """

    __slots__ = ("_draws", "_keep", "_kick", "_next", "_random", "value")

    def __init__(self, random: np.random.Generator, *, sigma: float, tau_s: float) -> None:
        self._keep: float = math.exp(-1.0 / tau_s)
        self._kick: float = sigma * math.sqrt(1.0 - self._keep**2)
        self._random = random
        self._draws: list[float] = random.standard_normal(_DRAWN_AT_ONCE).tolist()
        self._next = 1
        self.value: float = sigma * self._draws[0]

    def step(self) -> float:
        """Move on by one second and return the new value."""
        if self._next == _DRAWN_AT_ONCE:
            self._draws = self._random.standard_normal(_DRAWN_AT_ONCE).tolist()
            self._next = 0
        self.value = self.value * self._keep + self._kick * self._draws[self._next]
        self._next += 1
        return self.value
