"""The recipe of a charge: which step follows which, what each holds, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Step(IntEnum):
    """The steps of a case-hardening recipe, as the furnace's controller numbers them."""

    LOAD = 1
    HEAT = 2
    BOOST = 3
    DIFFUSE = 4
    DROP = 5
    QUENCH = 6
    UNLOAD = 7


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """What a step holds. `t`: °C of the zones; `carbon`: carbon potential, %; `least_s`, `most_s`: its duration.

    Between the two a step ends when the load has reached `t` (within 8 K, from below or above); equal, it is timed.
    `door_s`: for how long the door to the vestibule stands open at its beginning.
    """

    step: Step
    t: float
    carbon: float
    least_s: float
    most_s: float
    door_s: float = 0.0


RECIPE: tuple[StepDefinition, ...] = (
    StepDefinition(Step.LOAD, 900.0, 0.0, 240.0, 240.0, door_s=150.0),
    StepDefinition(Step.HEAT, 925.0, 0.0, 1200.0, 14_400.0),
    StepDefinition(Step.BOOST, 925.0, 1.05, 10_800.0, 10_800.0),
    StepDefinition(Step.DIFFUSE, 925.0, 0.80, 4500.0, 4500.0),
    StepDefinition(Step.DROP, 840.0, 0.80, 900.0, 5400.0),
    StepDefinition(Step.QUENCH, 860.0, 0.0, 1200.0, 1200.0, door_s=90.0),
    StepDefinition(Step.UNLOAD, 880.0, 0.0, 600.0, 600.0),
)


@dataclass(slots=True)
class Sequence:
    """Where the furnace is in its recipe."""

    index: int = 2
    elapsed_s: float = 0.0
    charges: float = 0.0

    @property
    def present(self) -> StepDefinition:
        """Return the present step."""
        return RECIPE[self.index]

    @property
    def is_soaking(self) -> bool:
        """Return whether the zones shall hold one temperature."""
        return self.present.step in {Step.BOOST, Step.DIFFUSE}

    def advance(self, t_load: float) -> bool:
        """Move on by one second; return whether a new step begins."""
        self.elapsed_s += 1.0
        step = self.present
        reached = abs(t_load - step.t) <= 8.0
        if self.elapsed_s < step.least_s or (self.elapsed_s < step.most_s and not reached):
            return False
        self.index = (self.index + 1) % len(RECIPE)
        self.elapsed_s = 0.0
        return True
