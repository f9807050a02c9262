"""One heater zone of the furnace: elements behind a power controller, its thermocouples and its PI controller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import VOLTS, current

FULL_POWER_KW = 60.0
THERMOCOUPLE_DRIFT_K = -15.0
ELEMENT_LOSS = 1.0 / 3.0

_OHM = VOLTS**2 / (FULL_POWER_KW * 1000.0)
_GAIN = 0.035
"""Share of full power per kelvin."""
_RESET_S = 300.0


@dataclass(slots=True)
class Zone:
    """A heating zone, °C. `out`: its controller's output 0..1; `place_k`: by so much its second thermocouple is warmer.

    `drift`, `element_loss`: faults, 0..1. A thermocouple that drifts makes its controller hold another temperature.
    """

    number: int
    place_k: float = 0.0
    t: float = 925.0
    setpoint: float = 925.0
    out: float = 0.25
    drift: float = 0.0
    element_loss: float = 0.0
    kw: float = 15.0
    integral: float = 0.25

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "PV": "measured",
            "SP": "setpoint",
            "OUT": "out_percent",
            "KW": "kw",
            "I": "amps",
            "R": "resistance",
            "TC2": "second",
            "DTC": "disagreement",
        }
    )

    def control(self) -> None:
        """Move controller and elements on by one second."""
        error = self.setpoint - self.measured
        wanted = _GAIN * error + self.integral
        if 0.0 < wanted < 1.0 or wanted * error < 0.0 or (wanted >= 1.0 and error < 0.0):
            self.integral = min(1.0, max(0.0, self.integral + _GAIN * error / _RESET_S))
        self.out = min(1.0, max(0.0, wanted))
        self.kw = FULL_POWER_KW * (1.0 - ELEMENT_LOSS * self.element_loss) * self.out

    @property
    def measured(self) -> float:
        """Return what the control thermocouple says, °C."""
        return self.t + THERMOCOUPLE_DRIFT_K * self.drift

    @property
    def second(self) -> float:
        """Return what the second thermocouple says, °C."""
        return self.t + self.place_k

    @property
    def out_percent(self) -> float:
        """Return the controller's output, %."""
        return 100.0 * self.out

    @property
    def amps(self) -> float:
        """Return the elements' line current at full conduction times the output, A."""
        return current(self.kw, power_factor=1.0)

    @property
    def resistance(self) -> float:
        """Return the elements' resistance as the power controller sees it, ohm."""
        return _OHM / (1.0 - ELEMENT_LOSS * self.element_loss)

    @property
    def disagreement(self) -> float:
        """Return the control thermocouple's distance from the zone's second one, K."""
        return self.measured - self.second
