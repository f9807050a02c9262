"""The demo plant "Huangdao Heat-Treat": all equipment, stepped together by 0.25 s of its own time.

Whatever switches within seconds (pressure, load, flow) moves every step; whatever is heat, energy or wear moves once a
second. Nothing reads a clock, and each subsystem draws from its own stream, so that the same seed, script and commands
give the same values bit for bit.
"""

from __future__ import annotations

from operator import attrgetter

import numpy as np

from drivers.simulation.atmosphere import PURGE_FLOW
from drivers.simulation.compressor import Compressor
from drivers.simulation.cooling_water import cooling_water
from drivers.simulation.dryer import Dryer
from drivers.simulation.electricity import reactive
from drivers.simulation.fault import FAULTS, Fault
from drivers.simulation.furnace import furnace
from drivers.simulation.maintenance import ACTIONS
from drivers.simulation.meter import Meter
from drivers.simulation.oil_tank import OilTank
from drivers.simulation.pump import Pump
from drivers.simulation.random_stream import Wander, stream
from drivers.simulation.receiver import air_net
from drivers.simulation.script import Entry, Script
from drivers.simulation.sensor import Instruments, Values
from drivers.simulation.surroundings import surroundings
from drivers.simulation.tables.setpoints import SETPOINTS
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.tower import Tower
from drivers.simulation.transformer import transformer
from drivers.simulation.truth import Event, EventKind

STEP_S = 0.25

_STEPS_PER_S = 4
_WARM_UP_S = 1800
_SEALS_KW = 18.0
"""What the furnace's seals and bearings give to the cooling water."""
_AUXILIARY_KW = 42.0


class DemoPlant:
    """The whole plant; its time 0 is 09:00, after half an hour of warming up.

    `events`: what happened since the beginning (faults, trips, actions), to be read by whoever records the truth.
    """

    def __init__(self, *, seed: int = 1, script: Script | None = None, scan_s: float = 30.0) -> None:
        """Build the plant in its healthy, warm state; raise ValueError for a negative seed.

        `scan_s`: plant seconds between two readings of a collector, by which defects of instruments are timed.
        """
        self.surroundings = surroundings(seed)
        self.ac01 = Compressor("AC01", load_bar=6.8, unload_bar=7.6)
        self.ac02 = Compressor("AC02", load_bar=6.6, unload_bar=7.4)
        self.air = air_net(seed)
        self.dryer = Dryer()
        self.water = cooling_water(seed)
        self.tower = Tower()
        self.furnace = furnace(seed)
        self.oil = OilTank()
        self.transformer = transformer(seed)
        self.meters = (
            Meter("EM01", 0.86),
            Meter("EM02", 0.84),
            Meter("EM03", 0.98),
            Meter("EM04", 0.88),
            Meter("EM05", 0.93),
        )
        self.faults = {number: Fault(definition, seed) for number, definition in FAULTS.items()}
        self.events: list[Event] = []
        self._auxiliary = Wander(stream(seed, "EM05.load"), sigma=2.5, tau_s=400.0)
        self._roughness = (
            Wander(stream(seed, "AC01.vibration"), sigma=0.06, tau_s=40.0),
            Wander(stream(seed, "AC02.vibration"), sigma=0.06, tau_s=40.0),
        )
        self._script = script or Script()
        self._place = 0
        self._next: Entry | None = None
        self._reported: set[str] = set()
        signals = self.signals()
        self._measured = [(attrgetter(signals[tag.name][1]), signals[tag.name][0]) for tag in TAGS]
        self._instruments = Instruments(TAGS, seed, scan_s=scan_s)
        self._step = -_WARM_UP_S * _STEPS_PER_S
        self.run_until(0.0)
        self._next = self._script.at(0)

    @property
    def time_s(self) -> float:
        """Return the plant's time, s."""
        return self._step * STEP_S

    def signals(self) -> dict[str, tuple[object, str]]:
        """Return, for every tag's name, the object and the attribute of it that the tag's instrument measures."""
        units = (self.ac01, self.ac02, self.dryer, self.air, *self.water.pumps, self.water, self.tower, self.furnace)
        found: dict[str, tuple[object, str]] = {}
        for unit in (*units, self.oil, self.transformer, *self.meters):
            found |= {f"{unit.id}.{suffix}": (unit, attribute) for suffix, attribute in unit.SIGNALS.items()}
        for zone in self.furnace.zones:
            prefix = f"{self.furnace.id}.Z{zone.number}_"
            found |= {prefix + suffix: (zone, attribute) for suffix, attribute in zone.SIGNALS.items()}
        return found

    def measure(self) -> Values:
        """Return what the instruments show now: float64, one value per tag in the order of TAGS."""
        true_values = np.array([get(unit) for get, unit in self._measured], dtype=np.float64)
        return self._instruments.measure(self.time_s, true_values)

    def run_until(self, time_s: float) -> None:
        """Step until the plant's time has reached `time_s`."""
        step, last = self.step, int(time_s / STEP_S)
        while self._step < last:
            step()

    def step(self) -> None:
        """Move on by 0.25 s."""
        self._step += 1
        air = self.air
        p = air.p
        self.ac01.step(STEP_S, p)
        self.ac02.step(STEP_S, p)
        air.step(STEP_S, self.ac01.flow + self.ac02.flow)
        self.water.step(STEP_S, self.tower.t_cold)
        if self._step % _STEPS_PER_S == 0:
            self._settle()

    def act(self, name: str) -> None:
        """Do what the Action of that name says; raise KeyError where there is none."""
        action = next((action for action in ACTIONS if action.name == name), None)
        if action is None:
            raise KeyError(name)
        self.events.append(Event(self.time_s, EventKind.ACTION, action.equipment, detail=name))
        if action.fault:
            self._undo(action.fault)
        elif name.startswith("ChangeOver."):
            self.water.switch_duty()
        else:
            self._reset(action.equipment)

    def purge(self, minutes: float) -> float:
        """Let nitrogen flow through SQ01 for so long from now on; return how much that will be, m³."""
        self.events.append(Event(self.time_s, EventKind.ACTION, self.furnace.id, detail=f"Purge {minutes:g} min"))
        self.furnace.gas.purge_s = minutes * 60.0
        return PURGE_FLOW * minutes / 60.0

    def set_point(self, name: str, value: float) -> None:
        """Take a set point that a client has written, as the PLC does: within its limits; raise KeyError for others."""
        rule = SETPOINTS[name]
        unit, attribute = self.signals()[name]
        setattr(unit, attribute, min(rule.high, max(rule.low, value)))

    def _settle(self) -> None:
        """Move all that is slow on by one second."""
        around = self.surroundings
        around.settle(self.time_s)
        self._follow_script()
        self._settle_faults()
        self._settle_air()
        self._settle_water()
        self._settle_heat_treatment()
        self._settle_power()
        self._report_trips()
        self._instruments.watch(self.time_s, self._true_value)

    def _true_value(self, place: int) -> float:
        get, unit = self._measured[place]
        return float(get(unit))

    def _settle_air(self) -> None:
        t_air, t_water, share = self.surroundings.t_air, self.tower.t_cold, self.water.share
        for compressor, roughness in zip((self.ac01, self.ac02), self._roughness, strict=True):
            compressor.settle(t_water, share, t_air)
            compressor.vibration_offset = roughness.step()
        self.dryer.settle(self.air.flow, t_water, self.ac01.t_d)
        self.air.settle(self.surroundings.share, self.ac01.kw + self.ac02.kw + self.dryer.kw, self.dryer.t_out + 8.0)

    def _settle_water(self) -> None:
        around = self.surroundings
        self.water.settle(around.t_air)
        heat = self.ac01.q_water + self.ac02.q_water + self.oil.cooling_kw + _SEALS_KW
        self.tower.settle(self.water.flow, heat, around.t_wet, around.t_air)

    def _settle_heat_treatment(self) -> None:
        t_air = self.surroundings.t_air
        self.furnace.settle(t_air, self.oil.t)
        self.oil.settle(self.furnace.quench_kw, self.tower.t_cold, self.water.share, t_air)

    def _settle_power(self) -> None:
        first, second = self.water.pumps
        auxiliary = _AUXILIARY_KW * (0.4 + 0.6 * self.surroundings.share) + self._auxiliary.step()
        loads = (
            self.ac01.kw + self.ac02.kw + self.dryer.kw,
            first.kw + second.kw + self.tower.fan_kw,
            self.furnace.kw,
            self.oil.kw,
            auxiliary,
        )
        kw = kvar = 0.0
        for meter, load in zip(self.meters, loads, strict=True):
            meter.settle(load)
            kw += load
            kvar += reactive(load, power_factor=meter.power_factor)
        self.transformer.settle(kw, kvar, self.surroundings.t_air)

    def _settle_faults(self) -> None:
        for fault in self.faults.values():
            if fault.is_present:
                fault.settle(is_running=self._is_running(fault.definition.equipment))
        self._apply()

    def _apply(self) -> None:
        """Bring the severities to where they act."""
        faults = self.faults
        first, second = self.water.pumps
        self.ac01.fouling = faults[1].severity
        first.race_damage = faults[2].severity
        second.plugging = faults[3].severity
        self.furnace.zones[1].element_loss = 1.0 if faults[4].severity > 0.5 else 0.0
        self.furnace.zones[2].drift = faults[5].severity
        self.air.leak_fault = faults[8].severity

    def _is_running(self, equipment: str) -> bool:
        machine = self._machine(equipment)
        if isinstance(machine, Compressor):
            return machine.running
        return machine.is_running if machine is not None else True

    def _machine(self, equipment: str) -> Compressor | Pump | None:
        for machine in (self.ac01, self.ac02, *self.water.pumps):
            if machine.id == equipment:
                return machine
        return None

    def _follow_script(self) -> None:
        while self._next is not None and self._next.time_s <= self.time_s:
            entry = self._next
            self._place += 1
            self._next = self._script.at(self._place)
            if entry.is_undo:
                self._undo(entry.fault)
            else:
                self._begin(entry)

    def _begin(self, entry: Entry) -> None:
        fault = self.faults[entry.fault]
        machine = self._machine(fault.definition.equipment)
        if isinstance(machine, Pump) and machine.is_ready:
            self.water.switch_duty()  # wear needs a running machine
        fault.begin(entry.hours)
        self.events.append(Event(self.time_s, EventKind.FAULT, fault.definition.equipment, entry.fault))

    def _undo(self, number: int) -> None:
        fault = self.faults[number]
        equipment = fault.definition.equipment
        if fault.is_present:
            self.events.append(Event(self.time_s, EventKind.UNDONE, equipment, number))
        fault.undo()
        machine = self._machine(equipment)
        if isinstance(machine, Pump):
            self.water.release(machine)
        self._reset(equipment)
        self._apply()

    def _reset(self, equipment: str) -> None:
        machine = self._machine(equipment)
        if machine is not None:
            machine.reset()
            self._reported.discard(equipment)

    def _report_trips(self) -> None:
        for machine in (self.ac01, self.ac02, *self.water.pumps):
            if machine.tripped and machine.id not in self._reported:
                self._reported.add(machine.id)
                self.events.append(
                    Event(self.time_s, EventKind.TRIP, machine.id, self._fault_of(machine.id), machine.trip_cause)
                )

    def _fault_of(self, equipment: str) -> int:
        for number, fault in self.faults.items():
            if fault.definition.equipment == equipment and fault.is_present:
                return number
        return 0
