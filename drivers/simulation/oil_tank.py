"""The quench oil tank: 8 m³ (14.6 MJ/K), an agitator, a heater and a cooler of 2.8 kW/K to the cooling water.

One quenched tonne warms it by 32 K; the cooler needs about an hour to take that away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import current

HEAT_KJ_K = 14_600.0
COOLER_KW_K = 2.8

_HEATER_KW = 24.0
_HEAT_BELOW_C = 59.0
_HEAT_UNTIL_C = 60.5
_COOL_FROM_C = 61.5
_COOL_FULLY_C = 63.5
_LOSS_KW_K = 0.09
_AGITATOR_RPM = 720.0
_WATER_M3_H = 22.0
_KW_K_PER_M3_H = 1.163


@dataclass(slots=True)
class OilTank:
    """Tank OT01. Temperatures °C, power kW, `valve`: the cooler's valve 0..1, `dp_filter` bar, `level` %."""

    id: str = "OT01"
    t: float = 60.2
    heating: bool = False
    valve: float = 0.0
    cooling_kw: float = 0.0
    agitating: bool = True
    is_quenching: bool = False
    rpm: float = 480.0
    level: float = 82.0
    dp_filter: float = 0.42
    t_water_in: float = 32.0
    t_water_out: float = 32.0
    spread: float = 1.2
    _share: float = 1.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "T": "t",
            "T_TOP": "t_top",
            "T_BOT": "t_bottom",
            "LEVEL": "level_now",
            "HEAT": "heating",
            "AGI_N": "rpm",
            "AGI_I": "agitator_amps",
            "VALVE": "valve_percent",
            "T_CWI": "t_water_in",
            "T_CWO": "t_water_out",
            "Q_COOL": "cooling_kw",
            "DP_FLT": "dp_filter",
            "KW": "kw",
        }
    )

    def settle(self, quench_kw: float, t_water: float, water_share: float, t_air: float) -> None:
        """Move on by one second while `quench_kw` comes from the load."""
        self.is_quenching = quench_kw > 20.0
        self._share = water_share
        if self.t < _HEAT_BELOW_C:
            self.heating = True
        elif self.t > _HEAT_UNTIL_C:
            self.heating = False
        aim = min(1.0, max(0.0, (self.t - _COOL_FROM_C) / (_COOL_FULLY_C - _COOL_FROM_C)))
        self.valve += (aim - self.valve) / 20.0
        self.t_water_in += (t_water - self.t_water_in) / 20.0
        self.cooling_kw = COOLER_KW_K * self.valve * max(0.0, water_share) ** 0.3 * (self.t - self.t_water_in)
        heater = _HEATER_KW if self.heating else 0.0
        self.t += (quench_kw + heater + 0.8 - self.cooling_kw - _LOSS_KW_K * (self.t - t_air)) / HEAT_KJ_K
        water = _WATER_M3_H * self.valve * water_share
        rise = self.cooling_kw / (_KW_K_PER_M3_H * water) if water > 0.5 else 0.0
        self.t_water_out += (self.t_water_in + rise - self.t_water_out) / 30.0
        self.rpm += ((_AGITATOR_RPM if self.is_quenching else 480.0) - self.rpm) / 4.0
        self.spread += ((1.2 + 0.012 * quench_kw) * 480.0 / max(self.rpm, 100.0) - self.spread) / 60.0
        self.dp_filter += 2.0e-8

    @property
    def t_top(self) -> float:
        """Return the temperature below the surface, °C."""
        return self.t + 0.5 * self.spread

    @property
    def t_bottom(self) -> float:
        """Return the temperature above the bottom, °C."""
        return self.t - 0.5 * self.spread

    @property
    def level_now(self) -> float:
        """Return the level, %: oil expands by 0.07 % per kelvin."""
        return self.level * (1.0 + 0.0007 * (self.t - 60.0))

    @property
    def valve_percent(self) -> float:
        """Return the opening of the cooler's valve, %."""
        return 100.0 * self.valve

    @property
    def agitator_kw(self) -> float:
        """Return the agitators' power, kW, by the cube law."""
        return 0.4 + 6.6 * (self.rpm / _AGITATOR_RPM) ** 3

    @property
    def agitator_amps(self) -> float:
        """Return the agitators' current, A."""
        return current(self.agitator_kw, power_factor=0.8)

    @property
    def kw(self) -> float:
        """Return the tank's power with its circulation pump, kW."""
        return self.agitator_kw + (_HEATER_KW if self.heating else 0.0) + 1.8
