"""How long to wait before the next attempt at a device that did not answer.

Full jitter: each wait is drawn evenly from 0 to a cap that doubles with every failure, so that a hundred clients of one
restarted gateway do not come back in step (Brooker, "Exponential Backoff and Jitter", 2015).
"""

from __future__ import annotations

import random

FIRST_S = 0.25
LONGEST_S = 10.0


class BackOff:
    """The waits of one connection."""

    def __init__(self, *, first_s: float = FIRST_S, longest_s: float = LONGEST_S, seed: int | None = None) -> None:
        """Begin with a wait of at most `first_s`, never longer than `longest_s`."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._cap_s = first_s
        self._random = random.Random(seed)  # noqa: S311 - spreads attempts in time, keeps no secret

    def next_s(self) -> float:
        """Return the next wait in seconds."""
        wait = self._random.uniform(0.0, self._cap_s)
        self._cap_s = min(self._cap_s * 2.0, self._longest_s)
        return wait

    def reset(self) -> None:
        """Forget the failures: the device was reached."""
        self._cap_s = self._first_s
