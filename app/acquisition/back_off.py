"""How long to wait before the next attempt at a device that did not answer.

Full jitter: each wait is drawn evenly from 0 to a cap, so that a hundred clients of one restarted gateway do not come
back in step (Brooker, "Exponential Backoff and Jitter", 2015). The cap is a share of the outage so far: it grows with
the outage as a doubling one does, but a device that was away for two seconds is found again half a second later,
however many attempts its refusals took.
"""

from __future__ import annotations

import random

from app.model import clock

FIRST_S = 0.25
LONGEST_S = 10.0
SHARE = 0.25


class BackOff:
    """The waits of one connection, in seconds: at most `first_s`, then a quarter of the outage, up to `longest_s`."""

    def __init__(self, *, first_s: float = FIRST_S, longest_s: float = LONGEST_S, seed: int | None = None) -> None:
        """Begin with no outage."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._failing_since: int | None = None
        self._random = random.Random(seed)  # noqa: S311 - spreads attempts in time, keeps no secret

    def next_s(self) -> float:
        """Return the wait after a failure."""
        now = clock.monotonic_ns()
        if self._failing_since is None:
            self._failing_since = now
        outage_s = (now - self._failing_since) / clock.NS_PER_S
        return self._random.uniform(0.0, min(self._longest_s, max(self._first_s, SHARE * outage_s)))

    def reset(self) -> None:
        """Forget the outage: the device was reached."""
        self._failing_since = None
