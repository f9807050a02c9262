"""How many requests are on their way to a device at once: one, a fixed number, or as many as it was found to bear."""

from __future__ import annotations

LARGEST = 16


class Window:
    """The number of requests that may be on their way; `size` is at least 1.

    A window that adapts grows by one whenever a whole window of answers came well in time (a quarter of the time-out)
    while more waited, and halves when one did not come (additive increase, multiplicative decrease, as TCP does):
    a device that answers one after the other gains nothing from a queue, and a queue must never run into the time-out.
    """

    def __init__(self, size: int, *, limit: int, patience: int) -> None:
        """Begin with `size` and grow up to `limit`; `patience`: the time-out, ns."""
        self.size = size
        self.limit = limit
        self._soon = patience // 4
        self._good = 0

    def answered(self, took: int, *, more_wait: bool) -> None:
        """Learn that an answer came after `took` ns."""
        if self.size >= self.limit:
            return
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
        """Stay at `size`."""
        self.size = self.limit = size
