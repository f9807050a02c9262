"""One watched condition: its delays in source time, and the record that its alarm is in."""

from __future__ import annotations

import math
from dataclasses import replace

from app.alarm.condition import TRANSITIONS, AlarmEvent, next_state
from app.alarm.measure import NOTHING_CALM, Interval, Measure
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState
from app.model.clock import NS_PER_S


class Watch:
    """Follows the measure of one alarm definition.

    A value holds until the next sample says otherwise, so a delay that began at t runs out at t + delay if nothing
    contrary was sampled up to then: that instant, not the one of the sample that shows it, is told. While no usable
    value is there nothing runs out; a delay that would have done so meanwhile runs out with the first usable sample
    that still agrees.
    """

    def __init__(
        self, definition: AlarmDefinition, measure: Measure, *, equipment: str, record: AlarmRecord | None
    ) -> None:
        """Begin with `record`, in the normal state where there is none."""
        self.measure = measure
        self.record = record or _normal(definition, equipment)
        self.is_waiting = False
        self._definition = definition
        self._is_active = self.record.state.is_active
        self._back = measure.limit - definition.deadband
        self._on_delay = round(definition.on_delay_s * NS_PER_S)
        self._off_delay = round(definition.off_delay_s * NS_PER_S)
        self._start = 0
        self._is_blind = True
        self._held = math.nan
        self._seen = 0
        self._seen_received = 0

    @property
    def calm(self) -> Interval:
        """Return an interval of tag values, ends included, that change nothing; NOTHING_CALM where none is known."""
        return NOTHING_CALM if self.is_waiting else self.measure.calm(self._back, is_active=self._is_active)

    def see(self, number: float, value: float, *, time: int, received: int) -> list[AlarmRecord]:
        """Take what the measure makes of a usable sample; return the changes of state that follow, in order."""
        changes = self._run_out(time)
        if not (number <= self._back if self._is_active else number > self.measure.limit):
            self.is_waiting = False
        elif not self.is_waiting or time < self._start:
            self.is_waiting, self._start = True, time
        if self.is_waiting and self._deadline <= time:
            changes.append(self._turn(time if self._is_blind else self._deadline, value))
        self._held, self._is_blind = value, False
        self._seen, self._seen_received = time, received
        return changes

    def lose(self, time: int) -> list[AlarmRecord]:
        """Note that from `time` on no usable value is there; return the change that came before, if any."""
        changes = self._run_out(time)
        self._is_blind = True
        return changes

    def pass_time(self, now: int) -> list[AlarmRecord]:
        """Let our clock reach `now` (ns UTC) without a sample; return the change that follows, if any.

        The source's clock may be wrong: what it shows now is reckoned from its newest sample.
        """
        return self._run_out(self._seen + now - self._seen_received)

    def come_to_rest(self, now: int, window: int) -> list[AlarmRecord]:
        """Take a rate as zero after `window` ns up to `now` without a sample: what does not change is not reported."""
        is_resting = not self._is_active and not self.is_waiting
        if is_resting or self._is_blind or now - self._seen_received <= window:
            return []
        return self.see(0.0, self._held, time=self._seen + window, received=self._seen_received + window)

    def withdraw(self, time: int) -> list[AlarmRecord]:
        """End the condition because it is not watched any more."""
        return [self._turn(time, math.nan)] if self._is_active else []

    def acknowledge(self, *, operator: str, comment: str, now: int) -> AlarmRecord | None:
        """Return the record after an operator's acknowledgement, None where there is nothing to acknowledge."""
        state = next_state(self.record.state, AlarmEvent.ACKNOWLEDGE)
        if state is None:
            return None
        self.record = replace(self.record, state=state, acknowledged=now, acknowledged_by=operator, comment=comment)
        return self.record

    @property
    def _deadline(self) -> int:
        return self._start + (self._off_delay if self._is_active else self._on_delay)

    def _run_out(self, time: int) -> list[AlarmRecord]:
        if not self.is_waiting or self._is_blind or self._deadline >= time:
            return []
        return [self._turn(self._deadline, self._held)]

    def _turn(self, time: int, value: float) -> AlarmRecord:
        self.is_waiting = False
        self._is_active = not self._is_active
        self.record = self._raised(time, value) if self._is_active else self._cleared(time, value)
        return self.record

    def _raised(self, time: int, value: float) -> AlarmRecord:
        before = self.record
        return replace(
            _normal(self._definition, before.equipment),
            state=TRANSITIONS[before.state, AlarmEvent.RAISE],
            raised=time,
            value=value,
            occurrences=1 if before.state is AlarmState.NORMAL else before.occurrences + 1,
        )

    def _cleared(self, time: int, value: float) -> AlarmRecord:
        state = TRANSITIONS[self.record.state, AlarmEvent.CLEAR]
        return replace(self.record, state=state, returned=max(time, self.record.raised), value=value)


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
    )
