"""The demo plant as a process: its physics in step with the clock, its values behind real Modbus and OPC UA servers.

Composition root of the process `foreshift simulate`. Clients see measured values only; what really happens goes to the
file of truth, which nothing of Foreshift reads.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from app.ending import on_end_signal, on_parent_gone
from app.model import status
from app.model.clock import NS_PER_MS, NS_PER_S, monotonic_ns, now_ns
from drivers.driver import DriverError
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaArray, OpcUaPoint, OpcUaPublisher
from drivers.opcua.server_method import CallRefused, OpcUaArgument, OpcUaMethod
from drivers.simulation.exposure import OPC_UA, ORDERS, UNITS, Exposure, expose
from drivers.simulation.maintenance import ACTIONS, Action
from drivers.simulation.plant import DemoPlant
from drivers.simulation.pump import Pump
from drivers.simulation.random_stream import stream
from drivers.simulation.script import read_script
from drivers.simulation.tables.equipment import EQUIPMENT
from drivers.simulation.tables.methods import FURNACE_FOLDER, PURGE
from drivers.simulation.tables.setpoints import SETPOINTS
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.tables.vibration import WAVEFORM
from drivers.simulation.tag import NAMESPACE, PlantTag
from drivers.simulation.truth import Event, TruthHeader, write_truth
from drivers.simulation.waveform import drive_end

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAINTENANCE = "Maintenance"

_PUBLISH_NS = 100 * NS_PER_MS
_REFRESH_NS = NS_PER_S
_SCAN_S = 0.5
_SLICE_S = 30.0
"""Plant seconds between two looks at the sockets: 120 steps, about 4 ms."""
_MOST_BUSY_NS = 80 * NS_PER_MS
_BEHIND_S = 2.0
_FASTEST = 600.0


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """How the demo plant runs. `time_factor`: 1 to 600; ports of 0 are free ones; `truth_path`: None keeps no truth."""

    modbus_port: int = 0
    opcua_port: int = 0
    time_factor: float = 60.0
    seed: int = 1
    script: str = "default"
    truth_path: Path | None = None


@dataclass(frozen=True, slots=True)
class SimulatorReady:
    """What a started simulator tells of itself."""

    settings: SimulatorSettings
    modbus_port: int
    opcua_url: str

    def line(self) -> str:
        """Return it as one line of JSON."""
        content = {
            "event": "ready",
            "pid": os.getpid(),
            "modbus": f"modbus://{HOST}:{self.modbus_port}",
            "opcua": self.opcua_url,
            "tags": len(TAGS),
            "time_factor": self.settings.time_factor,
            "seed": self.settings.seed,
            "script": self.settings.script,
        }
        return json.dumps(content, ensure_ascii=False)


def run_simulator(
    *,
    modbus_port: int = 0,
    opcua_port: int = 0,
    time_factor: float = 60.0,
    seed: int = 1,
    script: str = "default",
    truth_path: Path | None = None,
    ends_with_parent: bool = False,
    is_silent: bool = False,
) -> int:
    """Run the demo plant until SIGTERM or SIGINT; return the exit code 0.

    Unless it shall be silent, one line of JSON on standard output names the ports once they are open. Raise DriverError
    for a port in use, a script that is not in its grammar or a time factor out of range, OSError where the truth cannot
    be written.
    """
    settings = SimulatorSettings(modbus_port, opcua_port, time_factor, seed, script, truth_path)
    announce = _keep_silent if is_silent else _announce
    asyncio.run(_serve(Simulator(settings), announce, ends_with_parent=ends_with_parent))
    return 0


async def _serve(simulator: Simulator, announce: Callable[[SimulatorReady], None], *, ends_with_parent: bool) -> None:
    on_end_signal(simulator.stop)
    if ends_with_parent:
        on_parent_gone(simulator.stop)
    await simulator.run(on_started=announce)


def _keep_silent(ready: SimulatorReady) -> None:
    log.info("simulator.ready %s", ready.line())


def _announce(ready: SimulatorReady) -> None:
    sys.stdout.write(ready.line() + "\n")
    sys.stdout.flush()


class Simulator:
    """The demo plant behind its two servers; lives from `run` to `stop`.

    `is_behind`: whether the plant's time lags behind the clock, since this PC is too slow for the time factor.
    """

    def __init__(self, settings: SimulatorSettings) -> None:
        """Build the plant; nothing is opened yet. Raise DriverError where the settings cannot be used."""
        _check(settings)
        self.settings = settings
        self.plant = DemoPlant(
            seed=settings.seed,
            script=read_script(settings.script, time_factor=settings.time_factor),
            scan_s=_SCAN_S * settings.time_factor,
        )
        self.is_behind = False
        places = expose(TAGS)
        self.modbus = ModbusPublisher(HOST, settings.modbus_port, _modbus_points(places))
        methods = [_purging(self._purge)]
        self._random = stream(settings.seed, "waveforms")
        self.opcua = OpcUaPublisher(
            HOST,
            settings.opcua_port,
            NAMESPACE,
            _opcua_points(places),
            methods,
            arrays=[*map(self._waveform, self.plant.water.pumps)],
        )
        self.modbus.on_write = self.opcua.on_write = self._act
        self._truth: _TruthFile | None = None
        self._stopping = asyncio.Event()
        self._shown: dict[str, float] = {}
        self._refreshed = 0
        self._pressed = {f"{MAINTENANCE}.{action.name}" for action in ACTIONS}

    def _waveform(self, pump: Pump) -> OpcUaArray:
        area = next(item.parent for item in EQUIPMENT if item.id == pump.id)
        return OpcUaArray(
            f"{pump.id}.{WAVEFORM}",
            lambda: drive_end(pump, self._random).tolist(),
            folder=f"{area}/{pump.id}",
            title="Drive-end acceleration, waveform",
            description="驱动端加速度波形",
            unit="m/s2",
        )

    def stop(self) -> None:
        """End `run` soon."""
        self._stopping.set()

    async def run(self, *, on_started: Callable[[SimulatorReady], None] = lambda _: None) -> None:
        """Open both servers, tell it, and keep the plant in step with the clock until `stop`; raise DriverError."""
        async with AsyncExitStack() as servers:
            servers.push_async_callback(self.opcua.stop)
            await self.opcua.start()
            self.publish()  # a register reads 0 until it is written: the port of Modbus opens after that
            servers.push_async_callback(self.modbus.stop)
            await self.modbus.start()
            start = monotonic_ns()
            if self.settings.truth_path is not None:
                self._truth = _TruthFile(self.settings.truth_path, self.settings, started=now_ns())
            on_started(SimulatorReady(self.settings, self.modbus.port, self.opcua.url))
            await self._keep_step(start)

    async def _keep_step(self, start: int) -> None:
        while not self._stopping.is_set():
            began = monotonic_ns()
            await self.advance((began - start) * self.settings.time_factor / NS_PER_S)
            self.publish()
            rest_ns = max(NS_PER_MS, _PUBLISH_NS - (monotonic_ns() - began))
            try:
                await asyncio.wait_for(self._stopping.wait(), rest_ns / NS_PER_S)
            except TimeoutError:
                continue

    async def advance(self, time_s: float) -> None:
        """Step the plant up to `time_s` of its time, but no longer than one publishing interval allows.

        Nothing is skipped: what is not reached now is caught up in the next turns. Falling behind by more than two
        seconds of the clock, and having caught up again, is logged once each.
        """
        until = monotonic_ns() + _MOST_BUSY_NS
        while self.plant.time_s + _SLICE_S < time_s and monotonic_ns() < until and not self._stopping.is_set():
            self.plant.run_until(self.plant.time_s + _SLICE_S)
            await asyncio.sleep(0)
        if self.plant.time_s + _SLICE_S >= time_s:
            self.plant.run_until(time_s)
        self._note_lag((time_s - self.plant.time_s) / self.settings.time_factor)

    def publish(self) -> None:
        """Offer what the instruments show now, on both servers, and record what happened."""
        now = now_ns()
        values = dict(zip(_NAMES, self.plant.measure().tolist(), strict=True))
        released = dict.fromkeys(self._pressed, 0.0)
        self._pressed.clear()
        self.modbus.publish(values | released, now)
        self.opcua.publish(self._news(values, now) | released, now)
        if self._truth is not None:
            self._truth.record(self.plant.events, now)

    def _news(self, values: dict[str, float], now: int) -> dict[str, float]:
        """Return the values that have changed since the last turn; once per second all of them."""
        shown, self._shown = self._shown, values
        if abs(now - self._refreshed) >= _REFRESH_NS:
            self._refreshed = now
            return values
        return {name: value for name, value in values.items() if shown.get(name) != value}

    def _act(self, name: str, value: float) -> None:
        """Do what a client has commanded.

        A set point stays; a button's command is taken back by the next turn, as the spring of a push button does.
        """
        if name in SETPOINTS:
            self.plant.set_point(name, value)
            log.info("simulator.set_point tag=%s value=%g", name, value)
            return
        if not value:
            return
        self._pressed.add(name)
        self.plant.act(name.removeprefix(f"{MAINTENANCE}."))
        log.info("simulator.maintenance", extra={"action": name, "plant_s": self.plant.time_s})

    def _purge(self, minutes: float) -> tuple[float]:
        """Begin a purge, as the PLC of the furnace does: not beyond its limits, and not into an open door."""
        rule = PURGE.arguments[0].rule
        if not rule.allows(minutes):
            raise CallRefused(status.BAD_OUT_OF_RANGE)
        if self.plant.furnace.door_open:
            raise CallRefused(status.BAD_INVALID_STATE)
        log.info("simulator.purge minutes=%g", minutes)
        return (self.plant.purge(minutes),)

    def _note_lag(self, lag_s: float) -> None:
        if lag_s > _BEHIND_S and not self.is_behind:
            self.is_behind = True
            log.warning(
                "simulator.behind: this PC is too slow for time factor %g: the plant is %.1f s late and catches up",
                self.settings.time_factor,
                lag_s,
            )
        elif lag_s < 0.5 * _BEHIND_S and self.is_behind:
            self.is_behind = False
            log.info("simulator.in_step", extra={"time_factor": self.settings.time_factor})


class _TruthFile:
    """The file of what really happened: written at the start and whenever something is added."""

    def __init__(self, path: Path, settings: SimulatorSettings, *, started: int) -> None:
        self._path = path
        self._header = TruthHeader(settings.seed, settings.script, settings.time_factor, started)
        self._rows: list[tuple[int, Event]] = []
        self._is_writable = True
        write_truth(path, self._header, self._rows)

    def record(self, events: list[Event], now: int) -> None:
        """Add what is new among `events`; it is dated when it can be seen from outside."""
        news = events[len(self._rows) :]
        if not news:
            return
        self._rows += [(now, event) for event in news]
        try:
            write_truth(self._path, self._header, self._rows)
        except OSError as error:
            if self._is_writable:
                log.error("simulator.truth_unwritable: %s: %s", self._path, error)  # noqa: TRY400 - nothing to trace
            self._is_writable = False
        else:
            self._is_writable = True


_NAMES = [tag.name for tag in TAGS]


def _check(settings: SimulatorSettings) -> None:
    if not 1.0 <= settings.time_factor <= _FASTEST:
        raise DriverError(f"time factor {settings.time_factor:g}: give a number from 1 to {_FASTEST:g}")
    if settings.seed < 0:
        raise DriverError(f"seed {settings.seed}: give a whole number, 0 or more")


def _modbus_points(places: dict[str, Exposure]) -> list[ModbusPoint]:
    points = [_modbus_point(tag, places[tag.name]) for tag in TAGS if places[tag.name].connection != OPC_UA]
    unit = UNITS["switchboard"]
    coils = [
        ModbusPoint(f"{MAINTENANCE}.{action.name}", unit, f"CO{place}", writable=True)
        for place, action in enumerate(ACTIONS)
    ]
    return points + coils


def _modbus_point(tag: PlantTag, place: Exposure) -> ModbusPoint:
    order = ORDERS[place.connection] if ":" in place.address else ""
    return ModbusPoint(
        tag.name,
        UNITS[place.connection],
        place.address + order,
        gain=place.gain,
        writable=tag.write is not None,
        width_bits=tag.width_bits,
    )


def _opcua_points(places: dict[str, Exposure]) -> list[OpcUaPoint]:
    areas = {item.id: item.parent for item in EQUIPMENT}
    points = [_opcua_point(tag, areas[tag.equipment]) for tag in TAGS if places[tag.name].connection == OPC_UA]
    return points + [_button(action) for action in ACTIONS]


def _opcua_point(tag: PlantTag, area: str) -> OpcUaPoint:
    has_range = tag.data_type in {"Double", "Float"}
    return OpcUaPoint(
        tag.name,
        folder=f"{area}/{tag.equipment}",
        data_type=tag.data_type,
        title=tag.title.en,
        description=tag.title.zh,
        low=tag.low if has_range else float("nan"),
        high=tag.high if has_range else float("nan"),
        unit=tag.unit,
        writable=tag.write is not None,
    )


def _button(action: Action) -> OpcUaPoint:
    return OpcUaPoint(
        f"{MAINTENANCE}.{action.name}",
        folder=f"{MAINTENANCE}/{action.equipment}",
        data_type="Boolean",
        title=f"{action.title.en} ({action.equipment})",
        description=action.title.zh,
        writable=True,
    )


def _purging(run: Callable[[float], Sequence[float]]) -> OpcUaMethod:
    (given,), (taken,) = PURGE.arguments, PURGE.outputs
    return OpcUaMethod(
        PURGE.method,
        FURNACE_FOLDER,
        run,
        title=PURGE.title.en,
        description=PURGE.title.zh,
        inputs=(OpcUaArgument(given.name, given.title.en, given.unit),),
        outputs=(OpcUaArgument("Nitrogen", taken.title.en, taken.unit),),
    )
