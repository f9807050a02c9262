"""The order in which an operator should turn to alarms: a few that change are moved, not all sorted anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.model.alarm import AlarmRecord
from widgets.model.alarm_column import Urgency, urgency

FEW = 128
"""So many alarms are sooner moved one by one than all sorted anew."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From one order to the next: which places are left, and then which are taken; ascending.

    `left`: places in the order before, `came`: in the one after it. Between them those that stay change places
    from `first` to `last` at most; none do where `last` is less.
    """

    left: tuple[int, ...]
    came: tuple[int, ...]
    first: int
    last: int


class UrgencyOrder:
    """Ids of listed alarms, the most urgent first, as long as few of them move between two looks at it."""

    def __init__(self) -> None:
        self.alarms: list[str] = []
        self._stood: dict[str, Urgency | None] = {}  # what moves: by what it stands in `alarms`, if it does
        self._is_known = False

    def begin(self, alarms: Sequence[str]) -> None:
        """Take an order that was made from all of them."""
        self.alarms, self._is_known = list(alarms), True
        self._stood.clear()

    def end(self) -> None:
        """Have the order forgotten: the list is another as a whole."""
        self.alarms, self._is_known = [], False
        self._stood.clear()

    def judge(self, former: AlarmRecord, record: AlarmRecord) -> bool:
        """Take another record of an alarm that is listed already; return whether it moves."""
        before = urgency(former)
        if before == urgency(record):
            return False
        self._note(record.alarm, before)
        return True

    def enter(self, alarm: str) -> None:
        """Take an alarm that is listed from now on."""
        self._note(alarm, None)

    def leave(self, former: AlarmRecord) -> None:
        """Have an alarm that is listed no more leave."""
        self._note(former.alarm, urgency(former))

    def shift(self, listed: Mapping[str, AlarmRecord]) -> Shift | None:
        """Bring the alarms that moved to their places; None where there are so many that all are sorted anew.

        `listed`: the alarms that are listed by now.
        """
        if len(self._stood) > FEW:
            self.end()
        if not self._is_known:
            return None

        def key(alarm: str) -> Urgency:
            return urgency(listed[alarm])

        def standing(alarm: str) -> Urgency:
            return self._stood.get(alarm) or key(alarm)

        alarms = self.alarms
        stood = {alarm: former for alarm, former in self._stood.items() if former is not None}
        wanted = [alarm for alarm in self._stood if alarm in listed]
        former = {alarm: bisect_left(alarms, each, key=standing) for alarm, each in stood.items()}
        for place in sorted(former.values(), reverse=True):
            del alarms[place]
        self._stood = {}
        for alarm in wanted:
            alarms.insert(bisect_left(alarms, key(alarm), key=key), alarm)
        present = {alarm: bisect_left(alarms, key(alarm), key=key) for alarm in wanted}
        every = [*former.values(), *present.values()]
        moves = any(alarm in former for alarm in present)
        return Shift(
            tuple(sorted(place for alarm, place in former.items() if alarm not in present)),
            tuple(sorted(place for alarm, place in present.items() if alarm not in former)),
            min(every) if moves else 0,
            max(every) if moves else -1,
        )

    def _note(self, alarm: str, stood: Urgency | None) -> None:
        if self._is_known and len(self._stood) <= FEW:
            self._stood.setdefault(alarm, stood)
