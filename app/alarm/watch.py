"""One watched condition, and the record that its alarm is in."""

from __future__ import annotations

import math
from dataclasses import replace

from app.alarm import life
from app.alarm.delay import DelayedCondition, Turn
from app.alarm.measure import NOTHING_CALM, Interval, Measure
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState


class Watch:
    """Follows the measure of one alarm definition through its delays, and keeps the record."""

    def __init__(
        self, definition: AlarmDefinition, measure: Measure, *, equipment: str, record: AlarmRecord | None
    ) -> None:
        """Begin with `record`, in the normal state where there is none."""
        self.measure = measure
        self.definition = definition
        self.record = record or _normal(definition, equipment)
        self._condition = DelayedCondition(
            measure.limit,
            definition.deadband,
            on_delay_s=definition.on_delay_s,
            off_delay_s=definition.off_delay_s,
            is_active=self.record.course.is_active,
        )

    @property
    def is_waiting(self) -> bool:
        """Return whether a delay runs."""
        return self._condition.is_waiting

    @property
    def is_active(self) -> bool:
        """Return whether the condition holds, whatever hides the alarm."""
        return self._condition.is_active

    @property
    def calm(self) -> Interval:
        """Return an interval of tag values, ends included, that change nothing; NOTHING_CALM where none is known."""
        condition = self._condition
        return (
            NOTHING_CALM if condition.is_waiting else self.measure.calm(condition.back, is_active=condition.is_active)
        )

    def see(self, number: float, value: float, *, time: int, received: int) -> list[AlarmRecord]:
        """Take what the measure makes of a usable sample; return the changes of the record that follow, in order."""
        return self._take(self._condition.see(number, value, time=time, received=received))

    def lose(self, time: int) -> list[AlarmRecord]:
        """Note that from `time` on no usable value is there; return the changes that came before."""
        return self._take(self._condition.lose(time))

    def pass_time(self, now: int) -> list[AlarmRecord]:
        """Let our clock reach `now` (ns UTC) without a sample; return the changes that follow."""
        return self._take(self._condition.pass_time(now))

    def come_to_rest(self, now: int, window: int) -> list[AlarmRecord]:
        """Take a rate as zero after `window` ns up to `now` without a sample: what does not change is not reported."""
        condition = self._condition
        is_resting = not condition.is_active and not condition.is_waiting
        if is_resting or condition.is_blind or now - condition.seen_received <= window:
            return []
        time, received = condition.seen + window, condition.seen_received + window
        return self.see(0.0, condition.held, time=time, received=received)

    def withdraw(self, time: int) -> list[AlarmRecord]:
        """End the condition because it is not watched any more."""
        return self._take(self._condition.end(time))

    def _take(self, turns: list[Turn]) -> list[AlarmRecord]:
        return [change for turn in turns for change in self._apply(turn)] if turns else []

    def _apply(self, turn: Turn) -> list[AlarmRecord]:
        if turn.is_active:
            changes = [life.raised(self._defined(), turn.time, turn.value)]
        else:
            changes = life.cleared(self.record, turn.time, turn.value)
        self.record = changes[-1]
        return changes

    def _defined(self) -> AlarmRecord:
        """Return the record with what the definition says: it may have been changed since the last occurrence."""
        definition = self.definition
        return replace(
            self.record,
            priority=definition.priority,
            condition=definition.condition,
            message=definition.message,
            limit=definition.limit,
            is_latching=definition.latch,
        )


def _normal(definition: AlarmDefinition, equipment: str) -> AlarmRecord:
    return AlarmRecord(
        alarm=definition.id,
        tag=definition.tag,
        equipment=equipment,
        state=AlarmState.NORMAL,
        priority=definition.priority,
        condition=definition.condition,
        message=definition.message,
        raised=0,
        value=math.nan,
        limit=definition.limit,
        occurrences=0,
        is_latching=definition.latch,
    )
