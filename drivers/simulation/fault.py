"""The faults of the demo plant: what each is, how it develops along a seeded curve, and that it can be undone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.text import LocalText
from drivers.simulation.random_stream import stream

_PIECES = 16


@dataclass(frozen=True, slots=True)
class FaultDefinition:
    """One fault. `hours`: plant hours from its beginning to its full severity, while `equipment` runs."""

    number: int
    equipment: str
    cause: LocalText
    hours: float


FAULTS: dict[int, FaultDefinition] = {
    fault.number: fault
    for fault in (
        FaultDefinition(1, "AC01", LocalText("Oil cooler fouling", "油冷却器结垢"), 4.6),
        FaultDefinition(2, "PU01", LocalText("Bearing outer race damage", "轴承外圈损伤"), 6.5),
        FaultDefinition(3, "PU02", LocalText("Suction strainer clogging", "吸入滤网堵塞"), 3.55),
        FaultDefinition(4, "SQ01", LocalText("Zone 2 element loss", "2 区加热元件断相"), 0.01),
        FaultDefinition(5, "SQ01", LocalText("Zone 3 thermocouple drift", "3 区热电偶漂移"), 8.0),
        FaultDefinition(8, "AN01", LocalText("Air leak", "压缩空气泄漏"), 0.2),
    )
}


class Fault:
    """One fault as it stands: `severity` 0 while it is absent, then growing to 1 along its curve.

    The curve is seeded: a power between 1.0 and 1.25 with a rate that varies by a quarter along the way.
    """

    __slots__ = ("_age_s", "_curve", "_length_s", "definition", "is_present", "severity")

    def __init__(self, definition: FaultDefinition, seed: int) -> None:
        random = stream(seed, f"fault.{definition.number}")
        self.definition = definition
        self.is_present = False
        self.severity = 0.0
        self._curve = _curve(random)
        self._length_s = 1.0
        self._age_s = 0.0

    def begin(self, hours: float = 0.0) -> None:
        """Let the fault develop within `hours` of plant time, or its own; one that is present goes on as it was."""
        if self.is_present:
            return
        self.is_present = True
        self._age_s = 0.0
        self._length_s = 3600.0 * (hours or self.definition.hours)

    def undo(self) -> None:
        """Take the fault away."""
        self.is_present = False
        self.severity = 0.0

    def settle(self, *, is_running: bool) -> None:
        """Move on by one second; a fault waits while its equipment stands still."""
        if not self.is_present or not is_running or self.severity >= 1.0:
            return
        self._age_s += 1.0
        place = min(1.0, self._age_s / self._length_s) * _PIECES
        piece = min(int(place), _PIECES - 1)
        low, high = self._curve[piece], self._curve[piece + 1]
        self.severity = low + (high - low) * (place - piece)


def _curve(random: np.random.Generator) -> list[float]:
    """Return the severities at the `_PIECES + 1` knots of a curve from 0 to 1."""
    power = random.uniform(1.0, 1.25)
    knots = np.linspace(0.0, 1.0, _PIECES + 1) ** power
    steps = np.diff(knots) * random.uniform(0.75, 1.25, _PIECES)
    return [0.0, *(np.cumsum(steps)[:-1] / np.sum(steps)).tolist(), 1.0]
