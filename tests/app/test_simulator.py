"""The simulator keeps step with the clock and speaks through real servers."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.node import Node

from app.model import clock, status
from app.model.connection import ConnectionDefinition
from app.simulator import HOST, Simulator, SimulatorReady, SimulatorSettings
from drivers.driver import DriverError, TagSpec, WriteItem
from drivers.modbus.client import ModbusDriver
from drivers.opcua.client import OpcUaDriver
from drivers.simulation.definition import demo_plant
from drivers.simulation.exposure import OPC_UA
from drivers.simulation.plant import DemoPlant
from drivers.simulation.recipe import Sequence
from drivers.simulation.script import ScriptError
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.tag import NAMESPACE

NAMES = [tag.name for tag in TAGS]
STOP_S = 20.0


@asynccontextmanager
async def running(settings: SimulatorSettings) -> AsyncIterator[Simulator]:
    """Run a simulator in this loop until the block ends."""
    simulator = Simulator(settings)
    started = asyncio.Event()
    task = asyncio.create_task(simulator.run(on_started=lambda _: started.set()))
    waiting = asyncio.create_task(started.wait())
    try:
        await asyncio.wait({task, waiting}, timeout=STOP_S * 2, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        assert started.is_set()
        yield simulator
    finally:
        waiting.cancel()
        simulator.stop()
        with contextlib.suppress(DriverError, OSError):
            await asyncio.wait_for(task, STOP_S)


@asynccontextmanager
async def modbus(simulator: Simulator, connection: str) -> AsyncIterator[ModbusDriver]:
    """Connect to one unit as the plant file says."""
    definition = next(
        item for item in demo_plant(modbus_port=simulator.modbus.port).connections if item.id == connection
    )
    driver = ModbusDriver.from_definition(
        ConnectionDefinition(definition.id, definition.driver, definition.url, definition.options)
    )
    await driver.open()
    try:
        yield driver
    finally:
        await driver.close()


def opcua_node(client: Client, namespace: int, name: str) -> Node:
    return client.get_node(ua.NodeId(ua.String(name), ua.Int16(namespace)))


async def until(check: Callable[[], bool], *, seconds: float) -> None:
    """Wait until `check()` is true, for so many seconds at most."""
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


async def test_that_both_servers_show_what_the_instruments_measure() -> None:
    plant = demo_plant()
    async with running(SimulatorSettings(time_factor=1.0, script="healthy")) as simulator:
        expected = dict(zip(NAMES, simulator.plant.measure().tolist(), strict=True))
        for connection in ("compressors", "pumps", "switchboard"):
            tags = [tag for tag in plant.tags if tag.connection == connection]
            async with modbus(simulator, connection) as driver:
                block = await driver.read([TagSpec(tag.handle, tag.address, 500, gain=tag.gain) for tag in tags])
            assert set(block.status.tolist()) == {status.GOOD}
            for tag, value in zip(tags, block.value.tolist(), strict=True):
                true = expected[tag.name] % (2**tag.width_bits * tag.gain) if tag.width_bits else expected[tag.name]
                assert value == pytest.approx(true, rel=0.02, abs=5 * tag.gain + 5.0), tag.name
        async with Client(simulator.opcua.url) as client:
            namespace = await client.get_namespace_index(NAMESPACE)
            tags = [tag for tag in plant.tags if tag.connection == OPC_UA]
            assert {tag.address for tag in tags} == {f"nsu={NAMESPACE};s={tag.name}" for tag in tags}
            values = await client.read_values([opcua_node(client, namespace, tag.name) for tag in tags])
            for tag, value in zip(tags, values, strict=True):
                assert float(value) == pytest.approx(expected[tag.name], rel=0.02, abs=5.0), tag.name
            types = {type(value) for value in values}
            assert types == {float, int, bool}
            furnace = opcua_node(client, namespace, "SQ01.Z1_PV")
            extent = await (await furnace.get_child("0:EURange")).read_value()
            unit = await (await furnace.get_child("0:EngineeringUnits")).read_value()
            assert (extent.Low, extent.High) == (0.0, 1200.0)
            assert unit.DisplayName.Text == "Cel"
            assert await furnace.read_data_type_as_variant_type() == ua.VariantType.Float


async def test_that_a_client_never_reads_registers_of_a_plant_that_is_not_there_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator = Simulator(SimulatorSettings(time_factor=1.0, script="healthy"))
    open_port = simulator.modbus.start
    read: list[float] = []
    names = ["PU02.DP_STR", "PU02.NPSH", "PU02.V_DE"]

    async def open_and_read() -> None:
        await open_port()
        tags = [tag for tag in demo_plant().tags if tag.name in names]
        async with modbus(simulator, "pumps") as driver:
            block = await driver.read([TagSpec(tag.handle, tag.address, 500, gain=tag.gain) for tag in tags])
        read.extend(block.value.tolist())
        simulator.stop()

    monkeypatch.setattr(simulator.modbus, "start", open_and_read)
    await asyncio.wait_for(simulator.run(), STOP_S * 2)
    expected = dict(zip(NAMES, simulator.plant.measure().tolist(), strict=True))
    assert read == pytest.approx([expected[name] for name in names], rel=0.3)
    assert min(read) > 1.0


async def test_that_maintenance_undoes_a_fault_through_either_server_and_the_button_returns() -> None:
    settings = SimulatorSettings(time_factor=1.0, script="3@0s/1h,1@0s/1h")
    async with running(settings) as simulator:
        faults = simulator.plant.faults
        await until(lambda: faults[3].is_present and faults[1].is_present, seconds=20.0)
        async with modbus(simulator, "switchboard") as driver:
            expires = clock.monotonic_ns() + 10 * clock.NS_PER_S
            results = await driver.write([WriteItem("CO2", 1.0, expires)])
            assert [result.status for result in results] == [status.GOOD]
            await until(lambda: not faults[3].is_present, seconds=10.0)
        assert faults[1].is_present
        async with Client(simulator.opcua.url) as client:
            namespace = await client.get_namespace_index(NAMESPACE)
            button = opcua_node(client, namespace, "Maintenance.CleanCooler.AC01")
            await button.write_value(ua.DataValue(ua.Variant(True, ua.VariantType.Boolean)))
            await until(lambda: not faults[1].is_present, seconds=10.0)
            async with asyncio.timeout(10.0):
                while await button.read_value():  # noqa: ASYNC110 - polled as a client would
                    await asyncio.sleep(0.05)
            tag = opcua_node(client, namespace, "AN01.P")
            with pytest.raises(ua.uaerrors.UaStatusCodeError):
                await tag.write_value(ua.DataValue(ua.Variant(3.0, ua.VariantType.Double)))


async def test_that_a_purge_is_called_as_the_plant_file_says_and_not_into_an_open_door() -> None:
    async with running(SimulatorSettings(time_factor=1.0, script="healthy")) as simulator:
        plant = demo_plant()
        (purge,) = plant.methods
        (definition,) = (each for each in plant.connections if each.id == purge.connection)
        driver = OpcUaDriver.from_definition(replace(definition, url=simulator.opcua.url))
        await driver.open()
        try:
            done = await driver.call(purge.owner, purge.method, ["20"])
            beyond = await driver.call(purge.owner, purge.method, ["61"])
            assert simulator.plant.furnace.gas.purge_s == pytest.approx(1200.0, abs=30.0)
            simulator.plant.furnace.sequence = Sequence(index=0)  # loading: its door is open
            await until(lambda: simulator.plant.furnace.door_open, seconds=10.0)
            opened = await driver.call(purge.owner, purge.method, ["20"])
        finally:
            await driver.close()
    assert (done.status, done.outputs) == (status.GOOD, ("20.0",))
    assert (beyond.status, opened.status) == (status.BAD_OUT_OF_RANGE, status.BAD_INVALID_STATE)
    assert [event.detail for event in simulator.plant.events] == ["Purge 20 min"]


async def test_that_the_truth_names_faults_and_trips_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    before = clock.now_ns()
    settings = SimulatorSettings(time_factor=600.0, script="3@10s/5min,undo3@20min", truth_path=path, seed=7)
    async with running(settings) as simulator:
        await until(lambda: len(simulator.plant.events) >= 3, seconds=40.0)
        await until(lambda: len(json.loads(path.read_text(encoding="utf-8"))["events"]) >= 3, seconds=10.0)
    truth = json.loads(path.read_text(encoding="utf-8"))
    assert (truth["seed"], truth["time_factor"]) == (7, 600.0)
    rows = [(event["event"], event["equipment"], event["fault"]) for event in truth["events"]]
    assert rows == [("fault", "PU02", 3), ("trip", "PU02", 3), ("undone", "PU02", 3)]
    assert "vibration" in truth["events"][1]["detail"]
    times = [truth["started"], *(event["time"] for event in truth["events"])]
    assert before < times[0]
    assert times == sorted(times)
    assert truth["events"][2]["plant_s"] == 1200.0
    assert times[3] - times[0] == pytest.approx(2.0e9, abs=1.5e9)


def test_that_a_truth_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    async def attempt() -> None:
        async with running(SimulatorSettings(script="healthy", truth_path=tmp_path / "missing" / "truth.json")):
            pass

    with pytest.raises(OSError, match="missing"):
        asyncio.run(attempt())


@pytest.mark.parametrize("server", ["modbus_port", "opcua_port"])
async def test_that_a_port_in_use_is_named_with_its_remedy(server: str) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = (
            SimulatorSettings(modbus_port=port) if server == "modbus_port" else SimulatorSettings(opcua_port=port)
        )
        with pytest.raises(DriverError, match=rf"{port}.*give another port"):
            await asyncio.wait_for(Simulator(settings).run(), 30.0)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (SimulatorSettings(time_factor=0.5), "time factor 0.5"),
        (SimulatorSettings(time_factor=601.0), "time factor 601"),
        (SimulatorSettings(time_factor=float("nan")), "time factor nan"),
        (SimulatorSettings(seed=-1), "seed -1"),
        (SimulatorSettings(script="9@1h"), "no fault 9"),
    ],
)
def test_that_settings_that_cannot_be_used_are_refused_with_a_reason(settings: SimulatorSettings, problem: str) -> None:
    with pytest.raises(DriverError, match=problem):
        Simulator(settings)
    assert issubclass(ScriptError, DriverError)


async def test_that_the_plant_reaches_the_time_that_is_asked_for() -> None:
    simulator = Simulator(SimulatorSettings(script="healthy"))
    await simulator.advance(6.0)
    assert simulator.plant.time_s == 6.0
    await simulator.advance(100.1)
    assert simulator.plant.time_s == 100.0
    assert not simulator.is_behind


class SlowPlant:
    """A plant on a PC that needs a second of the clock for ten of its own."""

    def __init__(self, advance_clock: Callable[[int], None]) -> None:
        self.time_s = 0.0
        self._advance_clock = advance_clock

    def run_until(self, time_s: float) -> None:
        self._advance_clock(int((time_s - self.time_s) * clock.NS_PER_S / 10.0))
        self.time_s = time_s


async def test_that_a_slow_pc_skips_nothing_and_says_once_that_it_is_late(caplog: pytest.LogCaptureFixture) -> None:
    simulator = Simulator(SimulatorSettings(script="healthy", time_factor=60.0))
    with clock.frozen(0) as advance_clock, caplog.at_level(logging.WARNING, logger="app.simulator"):
        slow = SlowPlant(advance_clock)
        simulator.plant = slow  # type: ignore[assignment] # as slow as the test needs it
        reached = []
        for turn in range(1, 20):
            await simulator.advance(turn * 150.0)
            reached.append(slow.time_s)
        assert all(after > before for before, after in itertools.pairwise(reached))
        assert simulator.is_behind
        while simulator.is_behind:
            await simulator.advance(20 * 150.0)
        assert slow.time_s == 20 * 150.0
    assert [record.message.split(":")[0] for record in caplog.records] == ["simulator.behind"]


def test_that_what_it_says_when_it_is_ready_is_one_line_of_json() -> None:
    line = SimulatorReady(SimulatorSettings(seed=4), 1502, "opc.tcp://127.0.0.1:4840/foreshift/").line()
    assert "\n" not in line
    said = json.loads(line)
    assert said["event"] == "ready"
    assert said["modbus"].endswith(":1502")
    assert (said["seed"], said["tags"]) == (4, len(TAGS))


def test_that_the_plant_it_runs_is_the_plant_that_is_described() -> None:
    assert [tag.name for tag in demo_plant().tags] == NAMES
    assert len(DemoPlant().measure()) == len(NAMES)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on POSIX")
def test_that_a_signal_ends_the_process_in_good_order() -> None:
    code = "import sys; from app.simulator import run_simulator; sys.exit(run_simulator(script='healthy'))"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "ready"
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=STOP_S)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert errors == ""


async def test_that_set_points_are_taken_through_both_servers_within_the_limits_of_the_plc() -> None:
    async with running(SimulatorSettings(time_factor=1.0, script="healthy")) as simulator:
        tags = {tag.name: tag for tag in demo_plant().tags}
        expires = clock.monotonic_ns() + 60 * clock.NS_PER_S
        async with modbus(simulator, "compressors") as driver:
            (taken,) = await driver.write([WriteItem(tags["AC01.P_LD"].address, 6.5, expires)])
            (refused,) = await driver.write([WriteItem(tags["AC01.T_D"].address, 1.0, expires)])
        assert taken.is_written
        assert not refused.is_written
        async with Client(simulator.opcua.url) as client:
            namespace = await client.get_namespace_index(NAMESPACE)
            for name, value, kind in (("CT01.T_SP", 45.0, "Float"), ("SQ01.T_TRIM", -3.0, "Double")):
                node = opcua_node(client, namespace, name)
                await node.write_value(ua.DataValue(ua.Variant(value, ua.VariantType[kind])))
        plant = simulator.plant
        assert plant.ac01.load_bar == pytest.approx(6.5)
        assert plant.ac01.unload_bar == pytest.approx(7.3)
        assert (plant.tower.setpoint, plant.furnace.trim) == (36.0, -3.0)
