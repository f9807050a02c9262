"""When delays run out: a few due ones are found among very many without looking at each."""

from __future__ import annotations

import heapq
from collections.abc import Iterator


class Timers:
    """The next due time of each of some names, ns of our clock.

    Delays begin anew all the time and seldom run out. So there is one entry for each, which stays when its time is put
    off and is looked at once more when it comes up.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._heap: list[tuple[int, str]] = []
        self._due: dict[str, int] = {}

    def note(self, name: str, due: int | None) -> None:
        """Look at `name` at `due` at the latest; None changes nothing."""
        if due is not None and due < self._due.get(name, due + 1):
            self._due[name] = due
            heapq.heappush(self._heap, (due, name))

    def passed(self, now: int) -> Iterator[tuple[int, str]]:
        """Yield times before `now` with their names, in the order of the times; they are noted no more.

        What is noted meanwhile comes in its place too.
        """
        while self._heap and self._heap[0][0] < now:
            due, name = heapq.heappop(self._heap)
            if self._due.get(name) == due:
                del self._due[name]
                yield due, name
