"""The sealed quench furnace: three zones, a load that is carburised by recipe, and its way into the oil.

C_z dT/dt = P_z - UA_w (T - T_a) - UA_l (T - T_l) - k_door (T - T_a), m c dT_l/dt = Σ UA_l (T - T_l). The walls lose
45 W/K (39 kW at 900 °C); one tonne to 900 °C takes 158 kWh.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.atmosphere import Atmosphere, case_growth, oxygen_mv
from drivers.simulation.random_stream import Wander, stream
from drivers.simulation.recipe import Sequence, Step
from drivers.simulation.zone import Zone

WALL_KW_K = 0.045
LOAD_HEAT_KJ_KG_K = 0.646

_ZONE_MASS_KJ_K = 500.0
_TO_LOAD_KW_K = 0.09
_BETWEEN_KW_K = 0.05
_DOOR_KW_K = 0.05
_FLAP = 2.6
_WASHED_C = 60.0
_FAN_KW = 5.5
_PRESSURE_PA = 180.0


@dataclass(slots=True)
class Furnace:
    """Furnace SQ01. Temperatures °C, power kW, `mass` of the charge kg, `depth_squared`: case depth², mm².

    `trim`: by so many K the zones are held warmer than the recipe says.
    """

    pressure_noise: Wander
    mass_spread: Wander
    id: str = "SQ01"
    zones: tuple[Zone, Zone, Zone] = field(default_factory=lambda: (Zone(1, 0.8), Zone(2, -0.5), Zone(3, 1.1)))
    gas: Atmosphere = field(default_factory=Atmosphere)
    sequence: Sequence = field(default_factory=Sequence)
    mass: float = 700.0
    t_load: float = 922.0
    door_open: bool = False
    pressure: float = _PRESSURE_PA
    t_vestibule: float = 78.0
    depth_squared: float = 0.0
    last_depth: float = 1.31
    energy_kwh: float = 0.0
    last_specific: float = 520.0
    quench_kw: float = 0.0
    door_cycles: float = 0.0
    trim: float = 0.0
    _charge_kwh: float = 120.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "T_LOAD": "t_load",
            "M_LOAD": "mass",
            "DOOR": "door_open",
            "STEP": "step_number",
            "SOAK": "is_soaking",
            "T_STEP": "minutes",
            "CP": "carbon",
            "CP_SP": "carbon_setpoint",
            "O2": "oxygen",
            "ENR": "enrichment",
            "ENDO": "carrier",
            "FAN_I": "fan_amps",
            "FAN_VIB": "fan_vibration",
            "P": "pressure",
            "T_VEST": "t_vestibule",
            "UNIF": "spread",
            "DEV": "deviation",
            "DEPTH": "depth",
            "DEPTH_L": "last_depth",
            "KW": "kw",
            "SEC": "last_specific",
            "N_CHG": "charges",
            "N_DOOR": "door_cycles",
            "T_TRIM": "trim",
        }
    )

    def settle(self, t_air: float, t_oil: float) -> None:
        """Move on by one second; `quench_kw` is then what goes into oil of `t_oil`."""
        self._follow_recipe()
        self._heat(t_air)
        is_hot = self.zones[1].t > 800.0 and not self.door_open
        self.gas.settle(is_hot=is_hot)
        self._carburise()
        self._quench(t_oil)
        aim = 25.0 if self.door_open else _PRESSURE_PA
        self.pressure += (aim - self.pressure) / 6.0 + 0.3 * self.pressure_noise.step()
        self.t_vestibule += (self._vestibule_aim(t_air) - self.t_vestibule) / 300.0

    def _follow_recipe(self) -> None:
        if self.sequence.advance(self.t_load):
            self._begin(self.sequence.present.step)
        definition = self.sequence.present
        opened = self.sequence.elapsed_s < definition.door_s
        if opened and not self.door_open:
            self.door_cycles += 1.0
        self.door_open = opened
        self.gas.setpoint = definition.carbon
        for zone in self.zones:
            zone.setpoint += min(0.25, max(-0.25, definition.t + self.trim - zone.setpoint))

    def _begin(self, step: Step) -> None:
        if step is Step.LOAD:
            self.mass = round(700.0 + min(90.0, max(-90.0, self.mass_spread.value)))
            self.mass_spread.step()
            self.t_load = _WASHED_C
            self.depth_squared = 0.0
            self._charge_kwh = 0.0
        elif step is Step.QUENCH:
            self.last_depth = self.depth
        elif step is Step.UNLOAD:
            self.last_specific = 1000.0 * self._charge_kwh / self.mass
            self.sequence.charges += 1.0

    def _heat(self, t_air: float) -> None:
        is_inside = self.sequence.present.step not in {Step.QUENCH, Step.UNLOAD}
        walls = WALL_KW_K / 3.0 * (_FLAP if self.sequence.present.step is Step.DROP else 1.0)
        door = _DOOR_KW_K if self.door_open else 0.0
        first, middle, last = (zone.t for zone in self.zones)
        neighbours = (middle - first, first + last - 2.0 * middle, middle - last)
        into_load = 0.0
        power = 0.0
        for zone, pull in zip(self.zones, neighbours, strict=True):
            zone.control()
            power += zone.kw
            flow = _TO_LOAD_KW_K * (zone.t - self.t_load) if is_inside else 0.0
            into_load += flow
            lost = (walls + door) * (zone.t - t_air)
            zone.t += (zone.kw - lost - flow + _BETWEEN_KW_K * pull) / _ZONE_MASS_KJ_K
        if is_inside:
            self.t_load += into_load / (self.mass * LOAD_HEAT_KJ_KG_K)
        self.energy_kwh += power / 3600.0
        self._charge_kwh += power / 3600.0

    def _carburise(self) -> None:
        if self.gas.carbon > 0.6 and self.t_load > 800.0 and self.sequence.present.step in {Step.BOOST, Step.DIFFUSE}:
            self.depth_squared += case_growth(self.t_load) / 3600.0

    def _quench(self, t_oil: float) -> None:
        self.quench_kw = 0.0
        if self.sequence.present.step is not Step.QUENCH or self.door_open:
            return
        capacity = self.mass * LOAD_HEAT_KJ_KG_K
        fall = (self.t_load - t_oil) / 120.0
        self.t_load -= fall
        self.quench_kw = fall * capacity

    def _vestibule_aim(self, t_air: float) -> float:
        return 190.0 if self.door_open else t_air + 54.0

    @property
    def step_number(self) -> float:
        """Return the number of the present step."""
        return float(self.sequence.present.step)

    @property
    def is_soaking(self) -> bool:
        """Return whether the zones shall hold one temperature."""
        return self.sequence.is_soaking

    @property
    def minutes(self) -> float:
        """Return how long the step lasts already, min."""
        return self.sequence.elapsed_s / 60.0

    @property
    def charges(self) -> float:
        """Return the number of charges since commissioning."""
        return self.sequence.charges

    @property
    def carbon(self) -> float:
        """Return the carbon potential, %."""
        return self.gas.carbon

    @property
    def carbon_setpoint(self) -> float:
        """Return the carbon potential's set point, %."""
        return self.gas.setpoint

    @property
    def enrichment(self) -> float:
        """Return the enriching gas's flow, m³/h."""
        return self.gas.enrichment

    @property
    def carrier(self) -> float:
        """Return the endothermic gas's flow, m³/h."""
        return self.gas.carrier

    @property
    def oxygen(self) -> float:
        """Return the oxygen probe's voltage, mV."""
        return oxygen_mv(self.gas.carbon, self.zones[1].t)

    @property
    def depth(self) -> float:
        """Return the case depth of the present charge, mm."""
        return math.sqrt(self.depth_squared)

    @property
    def kw(self) -> float:
        """Return the furnace's power with its fan, kW."""
        first, middle, last = self.zones
        return first.kw + middle.kw + last.kw + self._fan_kw

    @property
    def spread(self) -> float:
        """Return the distance between the hottest and the coldest second thermocouple, K."""
        first, middle, last = (zone.second for zone in self.zones)
        return max(first, middle, last) - min(first, middle, last)

    @property
    def deviation(self) -> float:
        """Return the largest distance of a zone from its set point while soaking, K; 0 in other steps."""
        if not self.is_soaking:
            return 0.0
        return max(abs(zone.measured - zone.setpoint) for zone in self.zones)

    @property
    def _fan_kw(self) -> float:
        return _FAN_KW * 1198.0 / (self.zones[1].t + 273.0)

    @property
    def fan_amps(self) -> float:
        """Return the circulation fan's current, A: hot gas is thin."""
        return 11.0 * 1198.0 / (self.zones[1].t + 273.0)

    @property
    def fan_vibration(self) -> float:
        """Return the circulation fan's vibration velocity, mm/s rms."""
        return 1.6 + 0.0004 * abs(925.0 - self.zones[1].t)


def furnace(seed: int) -> Furnace:
    """Return the furnace that belongs to `seed`, in the first hour of its boost step."""
    return Furnace(
        pressure_noise=Wander(stream(seed, "SQ01.pressure"), sigma=2.0, tau_s=10.0),
        mass_spread=Wander(stream(seed, "SQ01.mass"), sigma=45.0, tau_s=1.0),
    )
