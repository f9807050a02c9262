"""The order in which an operator should turn to alarms: a few that change are moved, not all sorted anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
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
    """Ids of listed alarms, the most urgent first. Of alarms that are not listed the urgency is kept as well."""

    def __init__(self) -> None:
        self._urgency: dict[str, Urgency] = {}
        self._judged: dict[str, AlarmRecord] = {}  # those of which `_urgency` tells
        self._alarms: list[str] = []
        self._stands: dict[str, Urgency | None] = {}  # what moves: by what it stands in `_alarms`, if it does
        self._is_known = True

    def __getitem__(self, alarm: str) -> Urgency:
        """Return the urgency of an alarm that was judged."""
        return self._urgency[alarm]

    def judge(self, record: AlarmRecord) -> bool:
        """Take an alarm that is listed already; return whether it moves."""
        if self._judged.get(record.alarm) is record:
            return False
        former, key = self._urgency.get(record.alarm), urgency(record)
        self._judged[record.alarm] = record
        if key == former:
            return False
        self._stands.setdefault(record.alarm, former)
        self._urgency[record.alarm] = key
        return True

    def enter(self, record: AlarmRecord) -> None:
        """Take an alarm that is listed from now on."""
        self._stands.setdefault(record.alarm, None)
        self._urgency[record.alarm], self._judged[record.alarm] = urgency(record), record

    def leave(self, alarm: str) -> None:
        """Have an alarm that is listed no more leave."""
        self._stands.setdefault(alarm, self._urgency[alarm])

    def renew(self, records: Sequence[AlarmRecord]) -> None:
        """Take alarms of a list that is another as a whole."""
        self._is_known = False
        known = map(self._judged.get, [record.alarm for record in records])
        for record in [each for each, judged in zip(records, known, strict=True) if judged is not each]:
            self._judged[record.alarm], self._urgency[record.alarm] = record, urgency(record)

    def forget(self, alarms: Iterable[str]) -> None:
        """Forget alarms that neither stand nor are listed."""
        for alarm in alarms:
            self._urgency.pop(alarm, None)
            self._judged.pop(alarm, None)

    def shift(self, listed: Collection[str]) -> Shift | None:
        """Bring the alarms that moved to their places; None where there are so many that all are sorted anew.

        `listed`: the alarms that are listed by now.
        """
        if not self._is_known or len(self._stands) > FEW:
            self._is_known = False
            return None
        alarms, key = self._alarms, self._urgency.__getitem__
        stood = {alarm: former for alarm, former in self._stands.items() if former is not None}
        wanted = [alarm for alarm in self._stands if alarm in listed]
        former = {alarm: bisect_left(alarms, each, key=self._standing) for alarm, each in stood.items()}
        for place in sorted(former.values(), reverse=True):
            del alarms[place]
        self._stands = {}
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

    def alarms(self, listed: Collection[str]) -> list[str]:
        """Return `listed` in their order: nearly in order since the last time, they are soon in order."""
        if self._stands:
            self.shift(listed)
        if not self._is_known:
            kept = [alarm for alarm in self._alarms if alarm in listed]
            if len(kept) < len(listed):
                known = set(kept)
                kept += [alarm for alarm in listed if alarm not in known]
            self._alarms = sorted(kept, key=self._urgency.__getitem__)
            self._stands = {}
            self._is_known = True
        return self._alarms

    def _standing(self, alarm: str) -> Urgency:
        return self._stands.get(alarm) or self._urgency[alarm]
