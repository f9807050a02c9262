"""The figures of alarm performance once more, by plain loops over occurrences, straight from the definitions."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.clock import NS_PER_S
from app.model.text import LocalText

MINUTE = 60 * NS_PER_S


@dataclass(frozen=True)
class Plain:
    """One occurrence; times ns, None where it has not happened yet."""

    alarm: str
    priority: int
    raised: int
    returned: int | None
    acknowledged: int | None

    def changes(self) -> list[tuple[int, AlarmRecord]]:
        """Return the lines that the journal has of it, with their instants."""
        record = AlarmRecord(
            alarm=self.alarm,
            tag=self.alarm.removesuffix(".H"),
            equipment=self.alarm[:2],
            state=AlarmState.UNACKNOWLEDGED,
            priority=Priority(self.priority),
            condition=ConditionKind.HIGH,
            message=LocalText(self.alarm),
            raised=self.raised,
            value=1.0,
            limit=0.5,
        )
        lines = [(self.raised, record)]
        if self.returned is not None and (self.acknowledged is None or self.returned <= self.acknowledged):
            record = structs.replace(record, state=AlarmState.RETURNED, returned=self.returned)
            lines.append((self.returned, record))
        if self.acknowledged is not None:
            state = AlarmState.NORMAL if record.state is AlarmState.RETURNED else AlarmState.ACKNOWLEDGED
            record = structs.replace(record, state=state, acknowledged=self.acknowledged)
            lines.append((self.acknowledged, record))
            if self.returned is not None and state is AlarmState.ACKNOWLEDGED:
                lines.append((self.returned, structs.replace(record, state=AlarmState.NORMAL, returned=self.returned)))
        return lines


def plain_figures(occurrences: list[Plain], start: int, end: int) -> dict[str, Any]:
    """Return the figures of start <= t < end as the definitions say them."""
    came = sorted((each for each in occurrences if start <= each.raised < end), key=lambda each: each.raised)
    periods = range(start, end, 10 * MINUTE)
    chatter = _chattering(came)
    answers = [
        each.acknowledged - each.raised for each in came if each.acknowledged is not None and each.acknowledged < end
    ]
    active = [
        (each, max(each.raised, start), min(each.returned or end, end)) for each in occurrences if each.raised < end
    ]
    active = [(each, first, last) for each, first, last in active if last > first]
    return {
        "per_period": [sum(t <= each.raised < t + 10 * MINUTE for each in came) for t in periods],
        "standing": [sum(first <= t < last for _, first, last in active) for t in periods],
        "by_priority": [sum(each.priority == priority for each in came) for priority in (1, 2, 3, 4)],
        "stale_per_day": [
            sum(max(each.raised + 1440 * MINUTE, t) < min(last, t + 1440 * MINUTE) for each, _, last in active)
            for t in range(start, end, 1440 * MINUTE)
        ],
        "floods": _floods([each.raised for each in came], end),
        "activations": Counter(each.alarm for each in came),
        "chattering": Counter(each.alarm for each in came if id(each) in chatter),
        "fleeting": Counter(
            each.alarm
            for each in came
            if each.returned is not None
            and each.returned < end
            and each.returned - each.raised < 10 * NS_PER_S
            and id(each) not in chatter
        ),
        "stale": {each.alarm for each, _, last in active if last == end and end - each.raised > 1440 * MINUTE},
        "active_ns": _sums(active),
        "answers": len(answers),
        "median": statistics.median(answer // NS_PER_S for answer in answers),
        "longest": max(answers) / NS_PER_S,
    }


def _chattering(came: list[Plain]) -> set[int]:
    found: set[int] = set()
    for alarm in {each.alarm for each in came}:
        own = [each for each in came if each.alarm == alarm]
        for first in own:
            run = [each for each in own if first.raised <= each.raised <= first.raised + MINUTE]
            if len(run) >= 3:
                found.update(id(each) for each in run)
    return found


def _floods(times: list[int], end: int) -> list[tuple[int, int]]:
    """Walk through every instant at which the rate changes."""
    floods, begun = [], None
    for instant in sorted({*times, *(time + 10 * MINUTE for time in times)}):
        if instant >= end:
            break
        rate = bisect_right(times, instant) - bisect_right(times, instant - 10 * MINUTE)
        if begun is None and rate > 10:
            begun = instant
        elif begun is not None and rate < 5:
            floods.append((begun, instant))
            begun = None
    return floods if begun is None else [*floods, (begun, end)]


def _sums(active: list[tuple[Plain, int, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for each, first, last in active:
        sums[each.alarm] += last - first
    return dict(sums)
