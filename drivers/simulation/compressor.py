"""A screw compressor with oil injection: load and unload on the receiver's pressure, oil circuit, cooler, motor.

At full load 86 kW go in, of which Q = 70 kW reach the oil. With the oil's heat flow m c = 3.2 kW/K and the cooler's
UA = 1.75 kW/K the oil's mean temperature settles at T_m = T_cw + Q / UA and the discharge at T_d = T_m + Q / (2 m c):
83 °C for cooling water of 32 °C, 93 °C at 0.8 UA, and the protection's 110 °C at 0.6 UA.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import current

FULL_FLOW = 13.0
"""Delivery at full load, m³/min at intake conditions."""
FULL_POWER_KW = 86.0
OIL_SHARE = 70.0 / FULL_POWER_KW
"""The share of the motor's power that heats the oil."""
OIL_FLOW_KW_K = 3.2
COOLER_UA_KW_K = 1.75
TRIP_DISCHARGE_C = 110.0
TRIP_WINDING_C = 155.0

_UNLOADED_POWER = 0.28
_POWER_PER_BAR = 0.07
_OIL_MASS_KJ_K = 420.0
_STOPPED_LOSS_KW_K = 0.15
_FOULING = 0.45
_AFTERCOOLER = 0.12
_IDLE_STOP_S = 600.0
_START_S = 8.0
_WATER_M3_H = 6.0
_KW_K_PER_M3_H = 1.163


@dataclass(slots=True)
class Compressor:
    """One compressor. Temperatures °C, pressures bar (gauge), flows m³/min, power kW; `fouling` is a fault's 0..1.

    `load_bar`, `unload_bar`: the receiver's pressures at which it loads and unloads.
    """

    id: str
    load_bar: float
    unload_bar: float
    running: bool = True
    loaded: bool = True
    tripped: bool = False
    trip_cause: str = ""
    fouling: float = 0.0
    vibration_offset: float = 0.0
    flow: float = FULL_FLOW
    kw: float = FULL_POWER_KW
    p_net: float = 7.0
    t_mean: float = 72.0
    t_d: float = 83.0
    t_oil: float = 61.0
    t_water_in: float = 32.0
    t_water_out: float = 42.0
    t_winding: float = 88.0
    t_bearing: float = 62.0
    t_air: float = 24.0
    q_cooler: float = 70.0
    q_water: float = 80.0
    water: float = _WATER_M3_H
    duty: float = 100.0
    ua: float = COOLER_UA_KW_K
    dp_filter: float = 12.0
    dp_separator: float = 0.22
    running_h: float = 0.0
    loaded_h: float = 0.0
    load_cycles: float = 0.0
    _idle_s: float = 0.0
    _start_s: float = 0.0
    _hot_s: float = 0.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "RUN": "running",
            "LOAD": "loaded",
            "TRIP": "tripped",
            "T_D": "t_d",
            "T_OIL": "t_oil",
            "T_W": "t_winding",
            "T_BRG": "t_bearing",
            "T_CWI": "t_water_in",
            "T_CWO": "t_water_out",
            "Q_CW": "water",
            "P_D": "p_discharge",
            "P_OIL": "p_oil",
            "DP_SEP": "dp_separator_now",
            "DP_FLT": "dp_filter_now",
            "FLOW": "flow",
            "KW": "kw",
            "I": "amps",
            "SPC": "specific_power",
            "DUTY": "duty",
            "UA": "ua",
            "VIB": "vibration",
            "H_RUN": "running_h",
            "H_LOAD": "loaded_h",
            "N_LOAD": "load_cycles",
            "P_LD": "load_setpoint",
        }
    )

    def step(self, dt: float, p_net: float) -> None:
        """Load, unload, start and stop on the receiver's pressure; `dt` in seconds."""
        self.p_net = p_net
        if self.running:
            if self.loaded:
                if p_net >= self.unload_bar:
                    self.loaded = False
            elif p_net <= self.load_bar:
                self.loaded = True
                self.load_cycles += 1.0
                self._idle_s = 0.0
            else:
                self._idle_s += dt
                if self._idle_s >= _IDLE_STOP_S:
                    self._stop()
        elif p_net <= self.load_bar and not self.tripped:
            self._start_s += dt
            if self._start_s >= _START_S:
                self.running = self.loaded = True
                self.load_cycles += 1.0
        if self.loaded:
            self.flow = FULL_FLOW * (1.0 - 0.0006 * (self.t_d - 83.0))
            wanted = FULL_POWER_KW * (1.0 + _POWER_PER_BAR * (p_net - 7.0))
        else:
            self.flow = 0.0
            wanted = FULL_POWER_KW * _UNLOADED_POWER if self.running else 0.0
        self.kw += (wanted - self.kw) * dt / (3.0 if self.running else 0.5)

    @property
    def load_setpoint(self) -> float:
        """Return the pressure at which it loads, bar; the one at which it unloads moves with it."""
        return self.load_bar

    @load_setpoint.setter
    def load_setpoint(self, bar: float) -> None:
        self.unload_bar += bar - self.load_bar
        self.load_bar = bar

    def settle(self, t_water: float, water_share: float, t_air: float) -> None:
        """Move heat, hours and protection on by one second.

        `water_share`: cooling-water flow as a share of its nominal flow.
        """
        self.t_air = t_air
        self.t_water_in += (t_water - self.t_water_in) / 20.0
        self._exchange_heat(water_share)
        self._warm_motor()
        self._count()
        self._protect()

    def reset(self) -> None:
        """Acknowledge the protection and let the machine start again."""
        self.tripped = False
        self.trip_cause = ""
        self._hot_s = 0.0
        self._start_s = 0.0

    def _stop(self) -> None:
        self.running = self.loaded = False
        self._idle_s = self._start_s = 0.0

    def _exchange_heat(self, water_share: float) -> None:
        heat = OIL_SHARE * self.kw
        if self.running:
            self.ua = COOLER_UA_KW_K * (1.0 - _FOULING * self.fouling) * max(0.02, water_share) ** 0.35
            self.q_cooler = self.ua * (self.t_mean - self.t_water_in)
            self.water = _WATER_M3_H * water_share
        else:
            self.q_cooler = 0.0
            self.water = 0.0
        lost = 0.0 if self.running else _STOPPED_LOSS_KW_K * (self.t_mean - self.t_air)
        self.t_mean += (heat - self.q_cooler - lost) / _OIL_MASS_KJ_K
        self.t_d += (self.t_mean + heat / (2.0 * OIL_FLOW_KW_K) - self.t_d) / 12.0
        self.t_oil += (self.t_mean - heat / (2.0 * OIL_FLOW_KW_K) - self.t_oil) / 60.0
        self.q_water = self.q_cooler + (_AFTERCOOLER * self.kw if self.loaded else 0.0)
        rise = self.q_cooler / (_KW_K_PER_M3_H * self.water) if self.water > 0.3 else 0.0
        self.t_water_out += (self.t_water_in + min(rise, 60.0) - self.t_water_out) / 20.0

    def _warm_motor(self) -> None:
        load = self.kw / FULL_POWER_KW
        self.t_winding += (self.t_air + 64.0 * load * load - self.t_winding) / 900.0
        wanted = self.t_air + (26.0 + 0.2 * (self.t_d - 24.0) if self.running else 0.0)
        self.t_bearing += (wanted - self.t_bearing) / 700.0

    def _count(self) -> None:
        if self.running:
            self.running_h += 1.0 / 3600.0
            self.dp_filter += 1.1e-5
        if self.loaded:
            self.loaded_h += 1.0 / 3600.0
            self.dp_separator += 6.0e-9
        self.duty += ((100.0 if self.loaded else 0.0) - self.duty) / 900.0

    def _protect(self) -> None:
        if self.tripped or not self.running:
            return
        self._hot_s = self._hot_s + 1.0 if self.t_d >= TRIP_DISCHARGE_C else 0.0
        if self._hot_s >= 3.0:
            self._trip("discharge temperature at 110 °C")
        elif self.t_winding >= TRIP_WINDING_C:
            self._trip("motor winding at 155 °C")

    def _trip(self, cause: str) -> None:
        self.tripped = True
        self.trip_cause = cause
        self._stop()

    @property
    def p_discharge(self) -> float:
        """Return the pressure behind the screw, before the separator, bar."""
        if self.loaded:
            return self.p_net + self.dp_separator_now
        return 1.5 if self.running else 0.0

    @property
    def p_oil(self) -> float:
        """Return the oil's injection pressure, bar."""
        return 0.72 * self.p_discharge + (0.4 if self.running else 0.0)

    @property
    def dp_separator_now(self) -> float:
        """Return the pressure drop of the oil separator, bar."""
        return self.dp_separator if self.loaded else 0.0

    @property
    def dp_filter_now(self) -> float:
        """Return the pressure drop of the intake filter, mbar."""
        return self.dp_filter if self.loaded else 0.3 * self.dp_filter if self.running else 0.0

    @property
    def amps(self) -> float:
        """Return the motor's current, A."""
        return current(self.kw, power_factor=0.87 if self.loaded else 0.6)

    @property
    def specific_power(self) -> float:
        """Return the power per delivered flow, kW/(m³/min); 0 while nothing is delivered."""
        return self.kw / self.flow if self.flow > 0.0 else 0.0

    @property
    def vibration(self) -> float:
        """Return the vibration velocity of the screw's drive end, mm/s rms."""
        if not self.running:
            return 0.1
        return 1.7 + 0.7 * math.sqrt(self.kw / FULL_POWER_KW) + self.vibration_offset
