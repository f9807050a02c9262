"""Which units of a bus answer. One that does not is left alone, so that its neighbours keep their pace.

It is asked for one value every `demote_s`, and always again, as a maintainer may have put it back at any time; but all
such trials together take no more than one part in 25 of the bus. When no unit answers any more, it is the link that is
lost: all that are polled have missed, or three that did answer before.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum, auto

from app.model import clock, status
from drivers.modbus.settings import ModbusSettings

log = logging.getLogger(__name__)

UNREACHABLE = frozenset({10, 11})
"""The Modbus exceptions with which a gateway says that a unit does not answer."""
_SHARE = 25
_WITNESSES = 3


class Turnout(Enum):
    """What is to be done about a unit: ask it, leave it alone, or see with one value whether it is back."""

    ASK = auto()
    LEAVE = auto()
    TRY = auto()


@dataclass(slots=True)
class _Leave:
    status: int
    until: int


class Units:
    """The units behind one link."""

    def __init__(self, settings: ModbusSettings) -> None:
        """Know of no unit yet."""
        self._url = settings.url
        self._after = settings.demote_after
        self._leave_ns = settings.demote_s * clock.NS_PER_S
        self._least_misses = 1 + settings.retries
        self._polled: dict[object, frozenset[int]] = {}
        self._heard: set[int] = set()
        self._misses: dict[int, int] = {}
        self._left: dict[int, _Leave] = {}
        self._silent: set[int] = set()
        self._in_a_row = 0
        self._no_trial_before = 0

    def poll(self, who: object, units: frozenset[int]) -> None:
        """Learn which units a connection polls; none when it ends."""
        self._polled.pop(who, None)
        if units:
            self._polled[who] = units

    def answered(self, unit: int) -> None:
        """Learn that a unit is there."""
        if unit not in self._heard:
            self._heard.add(unit)
        if self._in_a_row or self._misses:
            self._in_a_row = 0
            self._silent.clear()
            self._misses.pop(unit, None)
            if self._left.pop(unit, None) is not None:
                log.info("modbus.unit.back", extra={"url": self._url, "unit": unit})

    def missed(self, unit: int, took: int) -> None:
        """Learn that a unit has not answered, which took `took` ns."""
        if self._is_polled(unit):
            self._in_a_row += 1
            self._silent.add(unit)
            self._count(unit, took, status.BAD_OUT_OF_SERVICE)

    def unreachable(self, unit: int, took: int) -> None:
        """Learn from the gateway that a unit does not answer, which took `took` ns."""
        self._in_a_row = 0
        self._silent.clear()
        if self._is_polled(unit):
            self._count(unit, took, status.BAD_NO_COMMUNICATION)

    @property
    def are_silent(self) -> bool:
        """Return whether it must be the link that is lost."""
        if self._in_a_row < self._least_misses:
            return False
        polled = frozenset().union(*self._polled.values())
        if not polled:
            return False
        return polled <= self._silent | self._left.keys() or len(self._silent & self._heard) >= _WITNESSES

    def turnout(self, unit: int) -> Turnout:
        """Return what is to be done about a unit now; with TRY, nobody else is told so for a while."""
        left = self._left.get(unit)
        if left is None:
            return Turnout.ASK
        now = clock.monotonic_ns()
        if now < left.until or now < self._no_trial_before:
            return Turnout.LEAVE
        left.until = now + self._leave_ns
        return Turnout.TRY

    def status_of(self, unit: int) -> int:
        """Return the StatusCode of the tags of a unit that is left alone, else GOOD."""
        left = self._left.get(unit)
        return status.GOOD if left is None else left.status

    @property
    def left_alone(self) -> list[int]:
        """Return the units that are left alone."""
        return sorted(self._left)

    def _is_polled(self, unit: int) -> bool:
        return any(unit in units for units in self._polled.values())

    def _count(self, unit: int, took: int, code: int) -> None:
        self._misses[unit] = self._misses.get(unit, 0) + 1
        if self._misses[unit] < self._after:
            return
        now = clock.monotonic_ns()
        leave = self._leave_ns
        if unit in self._left:
            # So long that each of those left alone has its trial before this one has another.
            self._no_trial_before = now + _SHARE * took
            leave = max(leave, _SHARE * took * len(self._left))
        else:
            log.warning("modbus.unit.silent", extra={"url": self._url, "unit": unit})
        self._left[unit] = _Leave(code, now + leave)
