"""What stands, counted in one pass, so that a flood of ten thousand alarms costs a few milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets.alarm.wording import order_of_urgency, worst_state


@dataclass(frozen=True, slots=True)
class AlarmSums:
    """Of each priority: how many wait for an acknowledgement, stand, are hidden, and the state that matters most.

    `urgent`: the most urgent ones that wait.
    """

    waiting: Mapping[Priority, int]
    standing: Mapping[Priority, int]
    hidden: Mapping[Priority, int]
    state: Mapping[Priority, AlarmState]
    urgent: list[AlarmRecord]

    @classmethod
    def of(cls, standing: Iterable[AlarmRecord], hidden: Iterable[AlarmRecord], *, most: int) -> AlarmSums:
        """Count alarms that stand and hidden ones; `most`: how many urgent ones are wanted."""
        kinds: dict[tuple[Priority, AlarmState], list[AlarmRecord]] = {}
        for record in standing:
            kinds.setdefault((record.priority, record.state), []).append(record)
        waiting, all_of = Counter[Priority](), Counter[Priority]()
        urgent: list[AlarmRecord] = []
        for (priority, state), records in kinds.items():
            all_of[priority] += len(records)
            waiting[priority] += len(records) if state.needs_acknowledge else 0
        for priority in sorted(waiting):
            if len(urgent) < most:  # what is less urgent than enough others need not be put in order
                calling = (kinds.get((priority, state), ()) for state in AlarmState if state.needs_acknowledge)
                urgent += nsmallest(most, chain(*calling), key=lambda record: (-record.raised, record.alarm))
        return cls(
            waiting,
            all_of,
            Counter(record.priority for record in hidden),
            {priority: worst_state(state for of, state in kinds if of is priority) for priority in Priority},
            order_of_urgency(urgent)[:most],
        )
