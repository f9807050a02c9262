"""Part of `alarms`: a plain loop over every alarm of every sample, which what is quicker has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.model import status
from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.block import Block
from app.model.clock import NS_PER_S
from app.model.expression import parse_expression
from app.model.tag import TagDefinition


@dataclass(slots=True)
class _Alarm:
    """`number` turns what is known of the tags into what is compared with the limit."""

    number: Callable[[], float]
    limit: float
    back: float
    on_delay: int
    off_delay: int
    command: int = -1
    is_active: bool = False
    since: int = 0
    is_waiting: bool = False


class PlainAlarms:
    """Counts how often alarms came and went; samples come each second and delays are whole seconds."""

    def __init__(self, tags: Sequence[TagDefinition], definitions: Sequence[AlarmDefinition]) -> None:
        self.came = 0
        self.went = 0
        self._latest = [math.nan] * len(tags)
        self._alarms: list[list[_Alarm]] = [[] for _ in tags]
        handles = {tag.name: tag.handle for tag in tags}
        for entry in definitions:
            self._add(entry, handles)

    def evaluate(self, block: Block) -> None:
        """Look at every alarm of every sample."""
        latest = self._latest
        for handle, time, value, code in zip(
            block.handle.tolist(), block.time.tolist(), block.value.tolist(), block.status.tolist(), strict=True
        ):
            before = latest[handle]
            latest[handle] = value if code < status.BAD and math.isfinite(value) else math.nan
            for alarm in self._alarms[handle]:
                number = alarm.number()
                if number != number:  # noqa: PLR0124 - NaN
                    continue
                if alarm.command == handle and before != latest[handle] and not alarm.is_active:
                    alarm.is_waiting = False
                self._see(alarm, number, time)

    def _see(self, alarm: _Alarm, number: float, time: int) -> None:
        if not (number <= alarm.back if alarm.is_active else number > alarm.limit):
            if alarm.is_waiting and time - alarm.since > (alarm.off_delay if alarm.is_active else alarm.on_delay):
                self._turn(alarm)
                self._see(alarm, number, time)
                return
            alarm.is_waiting = False
            return
        if not alarm.is_waiting:
            alarm.is_waiting, alarm.since = True, time
        if time - alarm.since >= (alarm.off_delay if alarm.is_active else alarm.on_delay):
            self._turn(alarm)

    def _turn(self, alarm: _Alarm) -> None:
        alarm.is_active, alarm.is_waiting = not alarm.is_active, False
        if alarm.is_active:
            self.came += 1
        else:
            self.went += 1

    def _add(self, entry: AlarmDefinition, handles: dict[str, int]) -> None:
        latest, tag = self._latest, handles[entry.tag]
        delays = round(entry.on_delay_s * NS_PER_S), round(entry.off_delay_s * NS_PER_S)
        match entry.condition:
            case ConditionKind.HIGH:
                alarm = _Alarm(lambda: latest[tag], entry.limit, entry.limit - entry.deadband, *delays)
            case ConditionKind.LOW:
                alarm = _Alarm(lambda: -latest[tag], -entry.limit, -entry.limit - entry.deadband, *delays)
            case ConditionKind.STATE:
                states = entry.states
                alarm = _Alarm(lambda: float(latest[tag] in states), 0.5, 0.5, *delays)
            case ConditionKind.BAD_QUALITY:
                alarm = _Alarm(lambda: float(math.isnan(latest[tag])), 0.5, 0.5, *delays)
            case ConditionKind.DEVIATION:
                other = handles[str(entry.setpoint)]
                alarm = _Alarm(
                    lambda: abs(latest[tag] - latest[other]), entry.limit, entry.limit - entry.deadband, *delays
                )
                self._alarms[other].append(alarm)
            case ConditionKind.EXPRESSION:
                expression = parse_expression(entry.expression)
                places = [handles[name] for name in expression.tags]
                alarm = _Alarm(
                    lambda: expression.evaluate([latest[place] for place in places]), entry.limit, entry.limit, *delays
                )
                for place in places:
                    if place != tag:
                        self._alarms[place].append(alarm)
            case ConditionKind.MISMATCH:
                other = handles[str(entry.setpoint)]
                alarm = _Alarm(lambda: abs(latest[tag] - latest[other]), 0.5, 0.5, *delays, command=other)
                self._alarms[other].append(alarm)
            case _:
                raise AssertionError(entry.condition)
        self._alarms[tag].append(alarm)
