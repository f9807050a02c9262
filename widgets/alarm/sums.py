"""What stands, counted in one pass, so that a flood of ten thousand alarms costs a few milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest

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
        for (priority, state), records in sorted(kinds.items(), key=lambda kind: kind[0][0]):
            all_of[priority] += len(records)
            if state.needs_acknowledge:
                waiting[priority] += len(records)
                urgent += nsmallest(most, records, key=lambda record: (-record.raised, record.alarm))
        return cls(
            waiting,
            all_of,
            Counter(record.priority for record in hidden),
            {priority: worst_state(state for of, state in kinds if of is priority) for priority in Priority},
            order_of_urgency(urgent)[:most],
        )
