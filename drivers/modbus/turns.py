"""Whose turn it is on a bus: writes, then reads of operators, then scans, the fast ones first; units share its time.

Within a priority the unit goes next that has used the bus least, counted in time: a slow or silent unit cannot take
from its neighbours more than its share. A unit that was idle begins where the others are: rest is not saved up.
Of four scans one is of a slower class when such a one waits: a bus too slow for its fast scans starves nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from drivers.modbus.traits import NEVER

WRITE = -2
OPERATOR = -1
_FASTER_IN_A_ROW = 3


@dataclass(slots=True, eq=False)
class Ask:
    """A request that waits for its turn, and what becomes of it.

    `priority`: WRITE, OPERATOR, or the period of a scan, ms. `expires`: after which it is not sent any more, `sent`,
    `received`: monotonic ns.
    """

    unit: int
    pdu: bytes
    priority: int
    answer: asyncio.Future[bytes]
    expires: int = NEVER
    sent: int = 0
    received: int = 0


class Turns:
    """All requests that wait for a bus."""

    def __init__(self) -> None:
        """Begin with none."""
        self._levels: dict[int, dict[int, deque[Ask]]] = {}
        self._order: list[int] = []
        self._used: dict[int, int] = {}
        self._line = 0
        self._faster_in_a_row = 0
        self._slower_turn = 0

    def __bool__(self) -> bool:
        """Return whether any request waits."""
        return bool(self._order)

    def add(self, ask: Ask) -> None:
        """Let a request wait behind those of its unit and priority."""
        level = self._levels.get(ask.priority)
        if level is None:
            level = self._levels[ask.priority] = {}
            self._order = sorted(self._levels)
        waiting = level.get(ask.unit)
        if waiting is None:
            waiting = level[ask.unit] = deque()
            if self._used.get(ask.unit, 0) < self._line:
                self._used[ask.unit] = self._line
        waiting.append(ask)

    def take(self) -> Ask:
        """Return the request whose turn it is, which waits no more; raise IndexError where none waits."""
        priority = self._order[0] if len(self._order) == 1 else self._priority()
        level = self._levels[priority]
        unit = next(iter(level)) if len(level) == 1 else min(level, key=self._use)
        self._line = self._used.get(unit, 0)
        waiting = level[unit]
        ask = waiting.popleft()
        if not waiting:
            del level[unit]
            if not level:
                del self._levels[priority]
                self._order.remove(priority)
        elif len(level) > 1:
            # To the end, so that units that have used as much take turns.
            level[unit] = level.pop(unit)
        return ask

    def charge(self, unit: int, used: int) -> None:
        """Count `used` ns of the bus for a unit."""
        self._used[unit] = self._used.get(unit, 0) + used

    def clear(self) -> list[Ask]:
        """Return all that waits, which waits no more."""
        waiting = [ask for level in self._levels.values() for asks in level.values() for ask in asks]
        self._levels, self._order = {}, []
        return waiting

    def _use(self, unit: int) -> int:
        return self._used.get(unit, 0)

    def _priority(self) -> int:
        first = self._order[0]
        if first < 0:
            return first
        if self._faster_in_a_row < _FASTER_IN_A_ROW:
            self._faster_in_a_row += 1
            return first
        self._faster_in_a_row = 0
        self._slower_turn += 1
        return self._order[1 + self._slower_turn % (len(self._order) - 1)]
