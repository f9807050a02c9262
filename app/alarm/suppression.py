"""What suppresses alarms by design: an expression over the plant's state, or alarms that explain others."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.alarm.deadband_and_delay import DelayedCondition
from app.alarm.measure import Interval
from app.alarm.measure_state import ExpressionMeasure


class StateSuppression:
    """An expression that suppresses some alarms while it is true, and for a while after it.

    While it is not known whether it is true, nothing is suppressed: an alarm that is missed is worse than one too many.
    """

    def __init__(self, text: str, measure: ExpressionMeasure, *, after_s: float, is_active: bool) -> None:
        """Begin as `is_active` says, until the first sample; `after_s`: seconds for which it holds on."""
        self.text = text
        self.measure = measure
        self.name = f"suppression {after_s:g} {text}"
        self.alarms: list[str] = []
        self._condition = DelayedCondition(0.5, 0.0, off_delay_s=after_s, is_active=is_active)

    @property
    def is_active(self) -> bool:
        """Return whether it suppresses now."""
        return self._condition.is_active

    @property
    def due(self) -> int | None:
        """Return when it ends by our clock if nothing comes, ns UTC."""
        return self._condition.due

    @property
    def is_bad_calm(self) -> bool:
        """Return no: what is not known suppresses nothing."""
        return False

    def calm(self, handle: int) -> Interval:
        """Return the values of a tag that change nothing."""
        return self.measure.calm(handle, 0.0, is_active=self.is_active)

    def take(self, handle: int, value: float, *, time: int, received: int) -> list[int]:
        """Take a usable sample of a tag; return the instants at which it turned, ns UTC."""
        return self._see(self.measure.take(handle, time, value)[0], time=time, received=received)

    def lose(self, handle: int, *, time: int, received: int) -> list[int]:
        """Take a sample without a usable value; return the instants at which it turned."""
        return self._see(self.measure.lose(handle), time=time, received=received)

    def pass_time(self, now: int) -> list[int]:
        """Let our clock reach `now`; return the instants at which it turned."""
        return [turn.time for turn in self._condition.pass_time(now)]

    def _see(self, number: float, *, time: int, received: int) -> list[int]:
        known = 0.0 if math.isnan(number) else float(number != 0.0)
        return [turn.time for turn in self._condition.see(known, known, time=time, received=received)]


class CauseSuppression:
    """Suppresses one alarm while another stands that explains it, and for a while after that."""

    def __init__(self, alarm: str, *, after_s: float, causes: Sequence[str]) -> None:
        """Begin suppressed by `causes` (ids of alarms), which stood when the last collector ended."""
        self.alarm = alarm
        self.name = f"causes of {alarm}"
        self.causes = tuple(causes)
        self._condition = DelayedCondition(0.5, 0.0, off_delay_s=after_s, is_active=bool(causes))

    @property
    def is_active(self) -> bool:
        """Return whether it suppresses now."""
        return self._condition.is_active

    @property
    def due(self) -> int | None:
        """Return when it ends by our clock if nothing comes, ns UTC."""
        return self._condition.due

    def see(self, causes: tuple[str, ...], *, time: int, received: int) -> list[int]:
        """Take which causes stand; return the instants at which what suppresses the alarm became another."""
        is_other = bool(causes) and causes != self.causes
        if causes:
            self.causes = causes
        turns = self._condition.see(float(bool(causes)), 0.0, time=time, received=received)
        return [turn.time for turn in turns] or ([time] if is_other else [])

    def pass_time(self, now: int) -> list[int]:
        """Let our clock reach `now`; return the instants at which it turned."""
        return [turn.time for turn in self._condition.pass_time(now)]
