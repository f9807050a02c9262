"""One watched condition, and the record that its alarm is in."""

from __future__ import annotations

import math
from dataclasses import replace

from app.alarm import life
from app.alarm.deadband_and_delay import DelayedCondition, Turn
from app.alarm.measure import NOTHING_CALM, Interval, Measure
from app.alarm.measure_state import QualityMeasure, StuckMeasure
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState
from app.model.connection import FIRST_VALUE_S


class Watch:
    """Follows the measure of one alarm definition through its delays, and keeps the record."""

    def __init__(
        self, definition: AlarmDefinition, measure: Measure, *, equipment: str, record: AlarmRecord | None
    ) -> None:
        """Begin with `record`, in the normal state where there is none."""
        self.measure = measure
        self.definition = definition
        self.record = record or _normal(definition, equipment)
        self.name = self.record.alarm
        self.relate = _alone
        self._defined = {
            "priority": definition.priority,
            "condition": definition.condition,
            "message": definition.message,
            "limit": definition.limit,
            "is_latching": definition.latch,
            "group": definition.group,
        }
        # What no value has come of since the start is yet to be connected, and a connection that stays away tells so.
        first_delay_s = FIRST_VALUE_S if isinstance(measure, QualityMeasure) else 0.0
        self._condition = self._begun(is_active=self.record.course.is_active, first_delay_s=first_delay_s)

    @property
    def is_waiting(self) -> bool:
        """Return whether a delay runs."""
        return self._condition.is_waiting

    @property
    def due(self) -> int | None:
        """Return when a delay that runs ends by our clock, ns UTC, if no sample comes; None where none does."""
        return self._condition.due

    @property
    def is_active(self) -> bool:
        """Return whether the condition holds, whatever hides the alarm."""
        return self._condition.is_active

    @property
    def is_bad_calm(self) -> bool:
        """Return whether a sample without a usable value changes nothing."""
        return not self.is_waiting and self.measure.is_bad_calm(is_active=self.is_active)

    def calm(self, handle: int) -> Interval:
        """Return an interval of values of a tag, ends included, that change nothing; NOTHING_CALM where none is known.

        While a delay runs every sample counts, but for one of a standstill, which a sample near the last one prolongs.
        """
        condition = self._condition
        is_delayed = condition.is_waiting and (condition.is_blind or not isinstance(self.measure, StuckMeasure))
        if condition.is_first or is_delayed:
            return NOTHING_CALM
        return self.measure.calm(handle, condition.back, is_active=condition.is_active)

    def take(self, handle: int, value: float, *, time: int, received: int) -> list[AlarmRecord]:
        """Take a usable sample of a tag; return the changes of the record that follow, in order."""
        measure = self.measure
        number, told = measure.take(handle, time, value)
        if math.isnan(number):
            return self._take(self._condition.lose(time))
        if not measure.is_anew:
            return self.see(number, told, time=time, received=received)
        first = number if self._condition.is_active else 0.0
        changes = self.see(first, told, time=time, received=received)
        is_abnormal = number > measure.limit or isinstance(measure, StuckMeasure)
        return [*changes, *(self.see(math.inf, told, time=time, received=received) if is_abnormal else [])]

    def lose(self, handle: int, *, time: int, received: int) -> list[AlarmRecord]:
        """Take a sample of a tag without a usable value; return the changes that follow, in order."""
        number = self.measure.lose(handle)
        if math.isnan(number):
            return self._take(self._condition.lose(time))
        return self.see(number, math.nan, time=time, received=received)

    def see(self, number: float, value: float, *, time: int, received: int) -> list[AlarmRecord]:
        """Take what is compared with the limit, NaN where it cannot be said; return the changes that follow."""
        if math.isnan(number):
            return self._take(self._condition.lose(time))
        return self._take(self._condition.see(number, value, time=time, received=received))

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

    def revise(self, definition: AlarmDefinition) -> None:
        """Follow the dead band and the delays of another definition; what else it says counts from a new start on."""
        self.definition = replace(
            self.definition,
            deadband=definition.deadband,
            on_delay_s=definition.on_delay_s,
            off_delay_s=definition.off_delay_s,
        )
        self._condition = self._begun(is_active=self._condition.is_active)

    def withdraw(self, time: int) -> list[AlarmRecord]:
        """End the condition because it is not watched any more."""
        return self._take(self._condition.end(time))

    def _begun(self, *, is_active: bool, first_delay_s: float = 0.0) -> DelayedCondition:
        definition = self.definition
        return DelayedCondition(
            self.measure.limit,
            definition.deadband,
            on_delay_s=definition.on_delay_s,
            off_delay_s=definition.off_delay_s,
            first_delay_s=first_delay_s,
            is_active=is_active,
        )

    def _take(self, turns: list[Turn]) -> list[AlarmRecord]:
        return [change for turn in turns for change in self._apply(turn)] if turns else []

    def _apply(self, turn: Turn) -> list[AlarmRecord]:
        if turn.is_active:
            causes, is_first = self.relate(self, turn.time)
            changes = [
                life.raised(self.record, turn.time, turn.value, causes=causes, is_first_out=is_first, **self._defined)
            ]
        else:
            changes = life.cleared(self.record, turn.time, turn.value)
        self.record = changes[-1]
        return changes


def _alone(watch: Watch, time: int) -> tuple[tuple[str, ...], bool]:  # noqa: ARG001 - in place of its relations
    """Return that no alarm explains it, and that it is the first of none."""
    return (), False


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
        group=definition.group,
        is_latching=definition.latch,
    )
