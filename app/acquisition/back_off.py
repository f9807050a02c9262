"""How long to wait before the next attempt at a device that cannot be reached, or will not have us.

Where nobody answers, an attempt costs a few packets on the plant's own network, and a device that is back shall be seen
at once: the waits never exceed a second, however long the outage. They are drawn evenly from 0 to their limit, so that
a hundred clients of one restarted gateway do not come back in step (Brooker, "Exponential Backoff and Jitter", 2015);
the limit is a share of the outage so far, so that a break of a moment is over in a moment.

A device that answers and refuses us has the work of every attempt, and may lock the account: those waits double, with
half of each drawn by chance.
"""

from __future__ import annotations

import random

from app.model import clock

FIRST_S = 0.25
LONGEST_S = 1.0
SHARE = 0.25
FIRST_REFUSED_S = 2.0
LONGEST_REFUSED_S = 30.0


class BackOff:
    """The waits of one connection, in seconds; at most `longest_s`, after refusals LONGEST_REFUSED_S."""

    def __init__(self, *, first_s: float = FIRST_S, longest_s: float = LONGEST_S, seed: int | None = None) -> None:
        """Begin with no outage."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._failing_since: int | None = None
        self._refusals = 0
        self._random = random.Random(seed)  # noqa: S311 - spreads attempts in time, keeps no secret

    def next_s(self, *, is_refused: bool = False) -> float:
        """Return the wait after a failure; `is_refused`: the device has answered that it will not have us."""
        now = clock.monotonic_ns()
        if self._failing_since is None:
            self._failing_since = now
        if is_refused:
            limit_s = min(LONGEST_REFUSED_S, FIRST_REFUSED_S * 2.0**self._refusals)
            self._refusals = min(self._refusals + 1, 10)
            return self._random.uniform(0.5 * limit_s, limit_s)
        self._refusals = 0
        outage_s = (now - self._failing_since) / clock.NS_PER_S
        return self._random.uniform(0.0, min(self._longest_s, max(self._first_s, SHARE * outage_s)))

    def reset(self) -> None:
        """Forget the outage: the device was reached."""
        self._failing_since = None
        self._refusals = 0
