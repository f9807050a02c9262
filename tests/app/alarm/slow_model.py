"""A plain, slow model of one alarm, walked through instant by instant; what the evaluation must agree with."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from app.model.alarm import AlarmDefinition, ConditionKind


def distance(definition: AlarmDefinition) -> Callable[[float], float]:
    """Return how far a value is beyond the limit of a high, low or deviation definition."""
    match definition.condition:
        case ConditionKind.HIGH:
            return lambda value: value - definition.limit
        case ConditionKind.LOW:
            return lambda value: definition.limit - value
        case _:
            setpoint = float(definition.setpoint)
            return lambda value: abs(value - setpoint) - definition.limit


@dataclass
class SlowAlarm:
    """Steps of one instant; the instants are small integers, the delays in the same unit."""

    definition: AlarmDefinition
    on_delay: int
    off_delay: int
    state: str = "normal"
    is_active: bool = False
    since: int | None = None
    value: float = math.nan
    told: list[tuple[str, int, float]] = field(default_factory=list)

    def sample(self, instant: int, value: float | None) -> None:
        """Take a sample at this instant, None for a bad one."""
        self.value = math.nan if value is None else value
        if value is not None:
            beyond = distance(self.definition)(value)
            contrary = beyond <= -self.definition.deadband if self.is_active else beyond > 0
            if not contrary:
                self.since = None
            elif self.since is None:
                self.since = instant
        self.end_of_delay(instant)

    def end_of_delay(self, instant: int) -> None:
        """Turn the condition where it has held for its delay and is known to hold now."""
        if self.since is None or math.isnan(self.value):
            return
        if instant - self.since < (self.off_delay if self.is_active else self.on_delay):
            return
        self.is_active, self.since = not self.is_active, None
        if self.is_active:
            self.state = "unacknowledged"
        else:
            self.state = "normal" if self.state == "acknowledged" else "returned"
        self.told.append((self.state, instant, self.value))

    def acknowledge(self, instant: int) -> bool:
        """Acknowledge if there is something to; return whether there was."""
        if self.state not in {"unacknowledged", "returned"}:
            return False
        self.state = "acknowledged" if self.state == "unacknowledged" else "normal"
        self.told.append((self.state, instant, math.nan))
        return True
