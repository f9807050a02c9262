"""The cooling tower: water over a fill against air near its wet bulb, a basin, a fan that holds the supply at 32 °C.

The fill cools the water by a share ε of its distance from the wet bulb; ε grows with the fan's speed and falls with the
water's flow. The approach is the distance of the supply from the wet bulb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import current

SETPOINT_C = 32.0

_BASIN_M3 = 16.0
_KW_K_PER_M3_H = 1.163
_EVAPORATION = 3600.0 / (2430.0 * 1000.0)
"""m³/h of water per kW that evaporates."""
_FAN_KW = 5.5
_FAN_RPM = 430.0
_SLOWEST = 0.05


@dataclass(slots=True)
class Tower:
    """Tower CT01. Temperatures °C, flows m³/h, `fan`: its speed 0..1, `level` %, `conductivity` µS/cm."""

    id: str = "CT01"
    setpoint: float = SETPOINT_C
    t_cold: float = SETPOINT_C
    t_hot: float = 34.0
    t_wet: float = 20.0
    t_air: float = 24.0
    fan: float = 0.45
    heat: float = 210.0
    level: float = 78.0
    filling: bool = False
    make_up: float = 0.0
    make_up_volume: float = 0.0
    conductivity: float = 1150.0
    blowing_down: bool = False
    ph: float = 8.1
    t_fan_bearing: float = 44.0
    _integral: float = 0.45

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "T_SUP": "t_cold",
            "T_RET": "t_hot",
            "T_SP": "setpoint",
            "T_WB": "t_wet",
            "T_AMB": "t_air",
            "APPR": "approach",
            "HEAT": "heat",
            "FAN": "fan_percent",
            "FAN_N": "fan_rpm",
            "FAN_KW": "fan_kw",
            "FAN_I": "fan_amps",
            "FAN_VIB": "fan_vibration",
            "FAN_T": "t_fan_bearing",
            "LEVEL": "level",
            "FILL": "filling",
            "MAKEUP": "make_up",
            "COND": "conductivity",
            "PH": "ph",
            "V_MU": "make_up_volume",
        }
    )

    def settle(self, flow: float, heat: float, t_wet: float, t_air: float) -> None:
        """Move on by one second with `flow` m³/h of water that took up `heat` kW."""
        self.t_wet, self.t_air, self.heat = t_wet, t_air, heat
        capacity = flow * _KW_K_PER_M3_H
        if flow > 2.0:
            self.t_hot += (min(self.t_cold + heat / capacity, 80.0) - self.t_hot) / 30.0
        share = min(0.85, 0.26 * self.fan**0.6 * (90.0 / max(flow, 20.0)) ** 0.3)
        rejected = capacity * share * max(0.0, self.t_hot - t_wet)
        returned = self.t_hot - share * max(0.0, self.t_hot - t_wet)
        self.t_cold += flow / 3600.0 * (returned - self.t_cold) / _BASIN_M3
        self._control()
        self._keep_level(rejected)
        self.t_fan_bearing += (t_air + 22.0 * self.fan - self.t_fan_bearing) / 600.0

    def _control(self) -> None:
        error = self.t_cold - self.setpoint
        self._integral = min(1.0, max(_SLOWEST, self._integral + 0.12 * error / 500.0))
        self.fan = min(1.0, max(_SLOWEST, self._integral + 0.12 * error))

    def _keep_level(self, rejected: float) -> None:
        lost = _EVAPORATION * max(0.0, rejected) + 0.04
        self.conductivity += self.conductivity * lost / _BASIN_M3 / 3600.0
        if self.conductivity > 1300.0:
            self.blowing_down = True
        elif self.conductivity < 1150.0:
            self.blowing_down = False
        if self.blowing_down:
            lost += 1.2
        if self.level < 72.0:
            self.filling = True
        elif self.level > 84.0:
            self.filling = False
        self.make_up += ((4.0 if self.filling else 0.0) - self.make_up) / 4.0
        self.level += 100.0 / 20.0 * (self.make_up - lost) / 3600.0
        self.conductivity += (420.0 - self.conductivity) * self.make_up / _BASIN_M3 / 3600.0
        self.make_up_volume += self.make_up / 3600.0
        self.ph = 7.6 + 0.0004 * self.conductivity

    @property
    def approach(self) -> float:
        """Return the distance of the supply from the wet bulb, K."""
        return self.t_cold - self.t_wet

    @property
    def fan_percent(self) -> float:
        """Return the fan's speed, %."""
        return 100.0 * self.fan

    @property
    def fan_rpm(self) -> float:
        """Return the fan's speed, 1/min."""
        return _FAN_RPM * self.fan

    @property
    def fan_kw(self) -> float:
        """Return the fan's power, kW, by the cube law."""
        return 0.25 + _FAN_KW * self.fan**3

    @property
    def fan_amps(self) -> float:
        """Return the fan's current, A."""
        return current(self.fan_kw, power_factor=0.8)

    @property
    def fan_vibration(self) -> float:
        """Return the fan's vibration velocity, mm/s rms."""
        return 0.6 + 1.9 * self.fan * self.fan
