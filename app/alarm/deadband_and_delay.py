"""Whether a condition holds, with its dead band and delays in source time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.clock import NS_PER_S


@dataclass(frozen=True, slots=True)
class Turn:
    """The condition came (`is_active`) or went at `time` (ns UTC); `value`: what the tag had then."""

    time: int
    is_active: bool
    value: float


class DelayedCondition:
    """Follows one number, which is abnormal above `limit` and normal again at or below `back`.

    A value holds until the next sample says otherwise, so a delay that began at t runs out at t + delay if nothing
    contrary was sampled up to then: that instant, not the one of the sample that shows it, is told. While no usable
    value is there nothing runs out; a delay that would have done so meanwhile runs out with the first usable sample
    that still agrees.
    """

    def __init__(
        self,
        limit: float,
        deadband: float,
        *,
        on_delay_s: float = 0.0,
        off_delay_s: float = 0.0,
        first_delay_s: float = 0.0,
        is_active: bool,
    ) -> None:
        """Begin in one of both states; delays in seconds, `first_delay_s` is added until it was normal once."""
        self.is_active = is_active
        self.is_waiting = False
        self.is_blind = True
        self.back = limit - deadband
        self.held = math.nan
        self.seen_received = 0
        self._limit = limit
        self._on_delay = round(on_delay_s * NS_PER_S)
        self._off_delay = round(off_delay_s * NS_PER_S)
        self._first_delay = round(first_delay_s * NS_PER_S)
        self._start = 0
        self._seen = 0

    @property
    def is_first(self) -> bool:
        """Return whether the first delay is still the longer one: no sample has been normal yet."""
        return self._first_delay > 0

    @property
    def seen(self) -> int:
        """Return the source time of the newest usable sample, ns UTC."""
        return self._seen

    @property
    def due(self) -> int | None:
        """Return when a delay that runs ends by our clock, ns UTC, if no sample comes; None where none does."""
        if not self.is_waiting or self.is_blind:
            return None
        return self.seen_received + self._deadline - self._seen

    def see(self, number: float, value: float, *, time: int, received: int, is_anew: bool = False) -> list[Turn]:
        """Take the number of a usable sample; return the turns that follow, in order.

        `is_anew`: a delay that runs begins again with this sample, which still is of the same kind as those before.
        """
        turns = self._run_out(time)
        if number <= self._limit:
            self._first_delay = 0
        if not (number <= self.back if self.is_active else number > self._limit):
            self.is_waiting = False
        elif not self.is_waiting or time < self._start or is_anew:
            self.is_waiting, self._start = True, time
        if self.is_waiting and self._deadline <= time:
            turns.append(self._turn(time if self.is_blind else self._deadline, value))
        self.held, self.is_blind = value, False
        self._seen, self.seen_received = time, received
        return turns

    def lose(self, time: int) -> list[Turn]:
        """Note that from `time` on no usable value is there; return the turn that came before, if any."""
        turns = self._run_out(time)
        self.is_blind = True
        return turns

    def pass_time(self, now: int) -> list[Turn]:
        """Let our clock reach `now` (ns UTC) without a sample; return the turn that follows, if any.

        The source's clock may be wrong: what it shows now is calculated from its newest sample.
        """
        return self._run_out(self._seen + now - self.seen_received)

    def end(self, time: int) -> list[Turn]:
        """End the condition because it is not watched any more."""
        return [self._turn(time, math.nan)] if self.is_active else []

    @property
    def _deadline(self) -> int:
        return self._start + (self._off_delay if self.is_active else self._on_delay + self._first_delay)

    def _run_out(self, time: int) -> list[Turn]:
        if not self.is_waiting or self.is_blind or self._deadline >= time:
            return []
        return [self._turn(self._deadline, self.held)]

    def _turn(self, time: int, value: float) -> Turn:
        self.is_waiting = False
        self._first_delay = 0
        self.is_active = not self.is_active
        return Turn(time, self.is_active, value)
