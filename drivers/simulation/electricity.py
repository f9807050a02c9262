"""Three-phase electricity at 400 V."""

from __future__ import annotations

import math

VOLTS = 400.0


def current(kw: float, *, power_factor: float, volts: float = VOLTS) -> float:
    """Return the line current (A) of a balanced three-phase load: I = P / (√3 U cos φ)."""
    return kw * 1000.0 / (math.sqrt(3.0) * volts * power_factor)


def reactive(kw: float, *, power_factor: float) -> float:
    """Return the reactive power (kvar) of a load with that power factor."""
    return kw * math.sqrt(1.0 / power_factor**2 - 1.0)
