"""A centrifugal cooling-water pump: its curve against the system's, its suction, its bearings and its protection.

H = (n/n0)² H0 - a Q² meets H = H_s + k Q² at 90 m³/h and 32 m, where P = ρ g Q H / η = 10.9 kW reach the shaft.
The strainer in the suction is part of k: as it clogs, flow and NPSHa fall. Below NPSHr the head falls by 3 % per
missing metre; the vibration grows already from one metre above it on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import current

SHUT_OFF_HEAD_M = 40.0
DESIGN_FLOW = 90.0
DESIGN_HEAD_M = 32.0
TRIP_VIBRATION = 9.3
TRIP_FLOW = 55.0
TRIP_BEARING_C = 95.0

_SQUARED = DESIGN_FLOW**2
_CURVE = (SHUT_OFF_HEAD_M - DESIGN_HEAD_M) / _SQUARED
_STATIC_M = 12.0
_STRAINER_M = 0.4
_STRAINER = _STRAINER_M / _SQUARED
_SYSTEM = (DESIGN_HEAD_M - _STATIC_M - _STRAINER_M) / _SQUARED
_PLUGGING = 27.0
_EFFICIENCY = 0.72
_RHO_G = 9.81 / 3600.0
"""kW per (m³/h of water lifted by one metre)."""
_MOTOR_EFFICIENCY = 0.915
_SUCTION_HEIGHT_M = -1.0
_SUCTION_PIPE_M = 0.5
_ATMOSPHERE_M = 10.33
_BAR_PER_M = 0.0981


def outer_race_hz(rpm: float, balls: int = 8) -> float:
    """Return the frequency at which balls pass a defect of the outer race: BPFO ≈ 0.4 n_b f_r (78.7 Hz at 1475/min)."""
    return 0.4 * balls * rpm / 60.0


def vapour_head_m(t_water: float) -> float:
    """Return the vapour pressure of water at `t_water` °C as a head in metres (Magnus formula)."""
    return 0.6112 * math.pow(10.0, 7.591 * t_water / (240.7 + t_water)) / 9.81


@dataclass(slots=True)
class Pump:
    """One pump. Flow m³/h, heads m, temperatures °C, power kW, vibration mm/s rms.

    `plugging`, `race_damage`: faults, 0..1. `resistance`: the system's disturbance as a factor, 1 at rest.
    """

    id: str
    wanted: bool
    speed: float = 0.0
    tripped: bool = False
    trip_cause: str = ""
    plugging: float = 0.0
    race_damage: float = 0.0
    flow: float = 0.0
    head: float = 0.0
    strainer: float = 0.0
    margin: float = 4.4
    rough: float = 0.0
    shaft_kw: float = 0.0
    t_bearing_de: float = 24.0
    t_bearing_nde: float = 24.0
    t_winding: float = 24.0
    t_air: float = 24.0
    running_h: float = 0.0
    starts: float = 0.0
    seal: float = 0.0
    _running_s: float = 0.0
    _shaking_s: float = 0.0
    _starving_s: float = 0.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "RUN": "is_running",
            "TRIP": "tripped",
            "READY": "is_ready",
            "P_S": "p_suction",
            "P_D": "p_discharge",
            "DP_STR": "strainer_kpa",
            "FLOW": "flow",
            "HEAD": "head",
            "NPSH": "margin",
            "N": "rpm",
            "I": "amps",
            "KW": "kw",
            "EFF": "efficiency",
            "V_DE": "vibration_de",
            "V_NDE": "vibration_nde",
            "ENV": "envelope",
            "T_BDE": "t_bearing_de",
            "T_BNDE": "t_bearing_nde",
            "T_W": "t_winding",
            "SEAL": "seal",
            "H_RUN": "running_h",
            "N_START": "starts",
        }
    )

    def step(self, dt: float, t_water: float, resistance: float) -> None:
        """Move speed and flow on by `dt` seconds, with water of `t_water` °C in the basin."""
        aim = 1.0 if self.wanted and not self.tripped else 0.0
        if aim == 0.0 and self.speed < 0.01:
            self.speed = self.flow = self.head = self.strainer = self.shaft_kw = 0.0
            return
        self.speed += (aim - self.speed) * dt / 2.0
        squared = self.flow * self.flow
        share = squared / _SQUARED
        clogged = _STRAINER * (1.0 + _PLUGGING * self.plugging)
        self.strainer = clogged * squared
        available = _ATMOSPHERE_M - vapour_head_m(t_water) + _SUCTION_HEIGHT_M - _SUCTION_PIPE_M * share - self.strainer
        self.margin = available - (1.5 + 2.0 * share)
        missing = max(0.0, -self.margin)
        lift = self.speed * self.speed * SHUT_OFF_HEAD_M * (1.0 - 0.03 * missing)
        drive = lift - _STATIC_M
        wanted = math.sqrt(drive / (_CURVE + _SYSTEM * resistance + clogged)) if drive > 0.0 else 0.0
        self.flow += (wanted - self.flow) * dt / 1.5
        self.head = max(0.0, lift - _CURVE * squared)
        self.shaft_kw = 1.5 * self.speed**3 if self.flow < 5.0 else _RHO_G * self.flow * self.head / self.yield_now

    def settle(self, t_air: float) -> None:
        """Move bearings, hours and protection on by one second."""
        self.t_air = t_air
        near = max(0.0, 1.0 - self.margin) if self.is_running else 0.0
        self.rough = near**1.5
        self._warm()
        if not self.is_running:
            self._running_s = 0.0
            self.seal = 0.0
            return
        if self._running_s == 0.0:
            self.starts += 1.0
        self._running_s += 1.0
        self.running_h += 1.0 / 3600.0
        self.seal = 0.25 + 0.05 * self.rough
        self._protect()

    def reset(self) -> None:
        """Reset the pump's protection after a trip, so that it may start again."""
        self.tripped = False
        self.trip_cause = ""
        self._shaking_s = self._starving_s = 0.0

    def _warm(self) -> None:
        turning = 1.0 if self.is_running else 0.0
        damage = self.race_damage**4
        de = self.t_air + turning * (24.0 + 38.0 * damage + 0.6 * self.rough)
        nde = self.t_air + turning * (21.0 + 9.0 * damage)
        load = self.shaft_kw / 10.9
        self.t_bearing_de += (de - self.t_bearing_de) / 600.0
        self.t_bearing_nde += (nde - self.t_bearing_nde) / 600.0
        self.t_winding += (self.t_air + 46.0 * load * load - self.t_winding) / 900.0

    def _protect(self) -> None:
        if self.tripped:
            return
        self._shaking_s = self._shaking_s + 1.0 if self.vibration_de > TRIP_VIBRATION else 0.0
        starving = self.flow < TRIP_FLOW and self._running_s > 30.0
        self._starving_s = self._starving_s + 1.0 if starving else 0.0
        if self._shaking_s >= 10.0:
            self._trip("vibration above 9.3 mm/s for 10 s")
        elif self._starving_s >= 15.0:
            self._trip("flow below 55 m³/h for 15 s")
        elif self.t_bearing_de > TRIP_BEARING_C:
            self._trip("bearing above 95 °C")

    def _trip(self, cause: str) -> None:
        self.tripped = True
        self.trip_cause = cause

    @property
    def is_running(self) -> bool:
        """Return whether its motor is on and it turns."""
        return self.wanted and not self.tripped and self.speed > 0.3

    @property
    def is_ready(self) -> bool:
        """Return whether it stands still and may be started."""
        return not self.wanted and not self.tripped

    @property
    def yield_now(self) -> float:
        """Return the pump's efficiency at its present flow, 0..1."""
        away = (self.flow - DESIGN_FLOW) / DESIGN_FLOW
        return _EFFICIENCY * max(0.15, 1.0 - 0.8 * away * away) * (1.0 - 0.02 * min(self.rough, 6.0))

    @property
    def efficiency(self) -> float:
        """Return the pump's efficiency, %; 0 at rest."""
        return 100.0 * self.yield_now if self.flow > 5.0 else 0.0

    @property
    def kw(self) -> float:
        """Return the power that its motor takes, kW."""
        return self.shaft_kw / _MOTOR_EFFICIENCY + 0.15 * self.speed

    @property
    def amps(self) -> float:
        """Return the motor's current, A."""
        return current(self.kw, power_factor=0.85)

    @property
    def rpm(self) -> float:
        """Return its speed, 1/min; the slip grows with the load."""
        return self.speed * (1500.0 - 25.0 * self.shaft_kw / 10.9)

    @property
    def strainer_kpa(self) -> float:
        """Return the pressure drop of the strainer, kPa."""
        return self.strainer * 9.81

    @property
    def p_suction(self) -> float:
        """Return the pressure at the suction flange, bar (gauge)."""
        share = self.flow * self.flow / _SQUARED
        return _BAR_PER_M * (_SUCTION_HEIGHT_M - _SUCTION_PIPE_M * share - self.strainer)

    @property
    def p_discharge(self) -> float:
        """Return the pressure at the discharge flange, bar (gauge)."""
        return max(0.0, self.p_suction + _BAR_PER_M * self.head)

    @property
    def vibration_de(self) -> float:
        """Return the vibration velocity at the drive end, mm/s rms: unbalance, cavitation, bearing."""
        if self.speed < 0.05:
            return 0.08
        return (1.8 + 2.0 * self.rough + 8.2 * math.pow(self.race_damage, 2.2)) * self.speed * self.speed

    @property
    def vibration_nde(self) -> float:
        """Return the vibration velocity at the other end, mm/s rms."""
        if self.speed < 0.05:
            return 0.07
        return (1.5 + 1.3 * self.rough + 2.6 * math.pow(self.race_damage, 2.2)) * self.speed * self.speed

    @property
    def envelope(self) -> float:
        """Return the envelope of the drive-end acceleration at the ball pass frequency of the outer race, m/s²."""
        if self.speed < 0.05:
            return 0.05
        return (1.2 + 0.9 * self.rough + 22.0 * math.pow(self.race_damage, 0.9)) * self.speed
