"""How many requests are on their way to a device at once: one, a fixed number, or as many as do good."""

from __future__ import annotations

LARGEST = 16
_QUEUE_NS = 50_000_000
"""How long a write may wait for the answers to what is on its way already."""


class Window:
    """The number of requests that may be on their way; `size` is at least 1.

    A window that adapts grows by one whenever a whole window of answers came soon while more waited, and halves when
    one did not come (additive increase, multiplicative decrease, as TCP does). Soon is within 50 ms and a quarter of
    the time-out, since a device that answers one after the other gains little from a queue, which holds up writes; or
    nearly as quickly as ever, since over a long way (a mobile network) many requests take as long as one. Never more
    than half the time-out: a queue must not run into it.
    """

    def __init__(self, size: int, *, limit: int, patience: int) -> None:
        """Begin with `size` and grow up to `limit`; `patience`: the time-out, ns."""
        self.size = size
        self.limit = limit
        self._patience = patience
        self._least = patience
        self._good = 0

    def answered(self, took: int, *, more_wait: bool) -> None:
        """Learn that an answer came after `took` ns."""
        if self.size >= self.limit:
            return
        self._least = min(self._least, took)
        if took > self._soon or not more_wait:
            self._good = 0
            return
        self._good += 1
        if self._good >= self.size:
            self._good = 0
            self.size += 1

    def missed(self) -> None:
        """Learn that an answer did not come in time."""
        self._good = 0
        if self.limit > 1:
            self.size = max(1, self.size // 2)

    def fix(self, size: int) -> None:
        """Keep `size` requests under way, whatever comes: the line carries no more."""
        self.size = self.limit = size

    @property
    def _soon(self) -> int:
        """Return the longest time that an answer may take for the window to grow, ns."""
        return min(max(min(self._patience // 4, _QUEUE_NS), self._least * 3 // 2), self._patience // 2)
