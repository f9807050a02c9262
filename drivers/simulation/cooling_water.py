"""The cooling-water station: two pumps, one on duty and one in reserve, on one header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.pump import DESIGN_FLOW, Pump
from drivers.simulation.random_stream import Wander, stream

_TAKE_OVER_S = 5.0


@dataclass(slots=True)
class CoolingWater:
    """Two pumps on one header; `duty` is the one that shall run. Flow m³/h, pressure bar (gauge)."""

    turbulence: Wander
    pumps: tuple[Pump, Pump] = field(default_factory=lambda: (Pump("PU01", wanted=False), Pump("PU02", wanted=True)))
    id: str = "CW01"
    duty: int = 1
    flow: float = DESIGN_FLOW
    header: float = 3.0
    change_overs: float = 0.0
    _missing_s: float = 0.0
    _resistance: float = 1.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"FLOW": "flow", "P_SUP": "header", "DUTY": "duty_number", "N_CHG": "change_overs"}
    )

    def step(self, dt: float, t_water: float) -> None:
        """Move both pumps on by `dt` seconds with water of `t_water` °C in the basin."""
        first, second = self.pumps
        resistance = self._resistance
        first.step(dt, t_water, resistance)
        second.step(dt, t_water, resistance)
        self.flow = first.flow + second.flow
        self.header = max(first.p_discharge if first.flow else 0.0, second.p_discharge if second.flow else 0.0)

    def settle(self, t_air: float) -> None:
        """Move bearings, protection and change-over on by one second."""
        self._resistance = 1.0 + self.turbulence.step()
        for pump in self.pumps:
            pump.settle(t_air)
        on_duty, reserve = self.pumps[self.duty], self.pumps[1 - self.duty]
        if not on_duty.tripped or reserve.tripped:
            self._missing_s = 0.0
            return
        self._missing_s += 1.0
        if self._missing_s >= _TAKE_OVER_S:
            self.switch_duty()

    def switch_duty(self) -> None:
        """Let the other pump take over, unless its protection has tripped."""
        reserve = self.pumps[1 - self.duty]
        if reserve.tripped:
            return
        self.pumps[self.duty].wanted = False
        reserve.wanted = True
        self.duty = 1 - self.duty
        self.change_overs += 1.0
        self._missing_s = 0.0

    def release(self, pump: Pump) -> None:
        """Take `pump` off duty, so that it can be worked on."""
        if self.pumps[self.duty] is pump:
            self.switch_duty()

    @property
    def share(self) -> float:
        """Return the flow as a share of the design flow."""
        return self.flow / DESIGN_FLOW

    @property
    def duty_number(self) -> float:
        """Return which pump is on duty, 1 or 2."""
        return self.duty + 1.0


def cooling_water(seed: int) -> CoolingWater:
    """Return the station that belongs to `seed`, PU02 on duty and warm."""
    station = CoolingWater(turbulence=Wander(stream(seed, "CW01.turbulence"), sigma=0.006, tau_s=25.0))
    pump = station.pumps[station.duty]
    pump.speed, pump.flow = 1.0, DESIGN_FLOW
    pump.t_bearing_de, pump.t_bearing_nde, pump.t_winding = 48.0, 45.0, 70.0
    return station
