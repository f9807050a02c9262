"""A replayed recording comes back through both real drivers as it was recorded; what cannot be replayed is refused."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from app.model import status
from app.model.block import Block, concatenate
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.recording.plant import Through, plant_of_recording
from app.plant.recording.signal import signals_of
from app.replay import Replay, run_replay
from drivers.driver import Driver, DriverError, TagSpec
from drivers.modbus.client import ModbusDriver
from drivers.opcua.client import OpcUaDriver
from drivers.replay.failure import RecordingError
from drivers.replay.pace import Pace
from drivers.replay.reader import read_recording
from drivers.replay.recording import Recording

DRIVERS: dict[str, type[Driver]] = {"opcua": OpcUaDriver, "modbus": ModbusDriver}
ROWS = 40


def write_recording(folder: Path, rows: int = ROWS) -> Path:
    """Write a CSV of one row per second: a ramp, and a column in which every tenth cell is empty."""
    path = folder / "press.csv"
    lines = [f"2020-03-09 15:{n // 60:02}:{n % 60:02};{n / 8};{'' if n % 10 == 9 else 100 - n}" for n in range(rows)]
    path.write_text("\n".join(["time;ramp;holes", *lines]), encoding="utf-8")
    return path


@asynccontextmanager
async def running(recording: Recording, *, speed: float) -> AsyncIterator[tuple[Replay, Plant]]:
    """Replay a recording on free ports; yield it with its plant once both servers answer."""
    started = asyncio.Event()
    signals = signals_of(recording, speed=speed)
    replay = Replay(recording, signals, Pace(recording.time, speed=speed), opcua_port=0, modbus_port=0)
    task = asyncio.create_task(replay.run(on_started=started.set))
    try:
        await asyncio.wait_for(started.wait(), 20)
        yield replay, plant_of_recording(recording, signals, replay.endpoints, speed=speed, through=Through.BOTH)
    finally:
        replay.stop()
        await asyncio.wait_for(task, 10)


@asynccontextmanager
async def connected(plant: Plant, connection: str) -> AsyncIterator[Driver]:
    """Subscribe to all tags of a connection with its real driver."""
    (definition,) = (each for each in plant.connections if each.id == connection)
    driver = DRIVERS[definition.driver].from_definition(definition)
    try:
        await driver.open()
        results = await driver.subscribe(specs(plant, connection))
        assert [result.status for result in results] == [status.GOOD] * len(results)
        yield driver
    finally:
        await driver.close()


def specs(plant: Plant, connection: str) -> list[TagSpec]:
    return [TagSpec(tag.handle, tag.address, tag.scan_ms) for tag in plant.tags if tag.connection == connection]


async def receive(driver: Driver, handle: int, until: float) -> Block:
    """Return all samples up to the one of a tag that has the value `until`."""
    blocks: list[Block] = []
    async with asyncio.timeout(20):
        while True:
            blocks.append(await driver.batches().get())
            if np.any((blocks[-1].handle == handle) & (blocks[-1].value == until)):
                return concatenate(blocks)


def samples_of(block: Block, handle: int) -> Block:
    return block.select(block.handle == handle)


async def test_that_every_row_comes_through_opc_ua_with_its_own_source_time(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path))
    async with running(recording, speed=20) as (_, plant), connected(plant, "opcua") as driver:
        ramp = samples_of(await receive(driver, 0, until=(ROWS - 1) / 8), 0)
    good = ramp.select(ramp.status == status.GOOD)
    assert good.value[-1] == (ROWS - 1) / 8
    assert len(good) >= 5
    assert np.all(np.diff(good.value) == 1 / 8)
    assert np.diff(good.time) / NS_PER_S == pytest.approx(1 / 20, abs=2e-6)


async def test_that_no_row_of_a_fast_replay_is_lost_on_its_way_through_opc_ua(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path, rows=1_600))
    async with running(recording, speed=500) as (_, plant), connected(plant, "opcua") as driver:
        ramp = samples_of(await receive(driver, 0, until=1_599 / 8), 0)
    good = ramp.select(ramp.status == status.GOOD)
    assert len(good) > 1_000
    assert np.all(np.diff(good.value) == 1 / 8)


async def test_that_modbus_holds_the_newest_row(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path))
    async with running(recording, speed=20) as (_, plant), connected(plant, "modbus") as driver:
        handle = plant.tag("press_MB.ramp").handle
        ramp = samples_of(await receive(driver, handle, until=(ROWS - 1) / 8), handle)
    assert np.all(np.diff(ramp.value) >= 0)
    assert np.all(np.isin(ramp.value, recording.values[:, 0]))
    assert len(np.unique(ramp.value)) > 5


async def test_that_modbus_holds_the_first_row_as_soon_as_its_port_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = read_recording(write_recording(tmp_path))
    replay = Replay(recording, signals_of(recording, speed=1), Pace(recording.time), opcua_port=0, modbus_port=0)
    open_port = replay.modbus.start
    read: list[float] = []

    async def open_and_read() -> None:
        await open_port()
        plant = plant_of_recording(recording, replay.signals, replay.endpoints, speed=1.0, through=Through.MODBUS)
        async with connected(plant, "modbus") as driver:
            read.extend((await driver.read(specs(plant, "modbus"))).value.tolist())

    monkeypatch.setattr(replay.modbus, "start", open_and_read)
    await asyncio.wait_for(replay.run(on_started=replay.stop), 20)
    assert read == recording.values[0].tolist() == [0.0, 100.0]


async def test_that_empty_cells_are_no_data_over_opc_ua_and_nan_over_modbus(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path))
    async with running(recording, speed=20) as (_, plant), connected(plant, "opcua") as driver:
        holes = samples_of(await receive(driver, 0, until=(ROWS - 1) / 8), 1)
        async with connected(plant, "modbus") as modbus:
            block = await modbus.read(specs(plant, "modbus"))
    is_hole = np.isnan(holes.value)
    assert set(holes.status[is_hole]) <= {status.BAD_NO_DATA, status.BAD_WAITING_FOR_INITIAL_DATA}
    assert np.count_nonzero(holes.status == status.BAD_NO_DATA) >= 2
    assert np.isnan(block.value[1]), "the last row's cell is empty"


async def test_that_the_last_values_stay_as_last_usable_ones(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path, rows=15))
    async with running(recording, speed=30) as (_, plant), connected(plant, "opcua") as driver:
        async with asyncio.timeout(20):
            while True:
                block = samples_of(await driver.batches().get(), 0)
                if len(block) and block.status[-1] == status.UNCERTAIN_LAST_USABLE_VALUE:
                    break
        read = await driver.read(specs(plant, "opcua"))
    assert block.value[-1] == 14 / 8
    assert read.value[0] == 14 / 8
    assert read.status[0] == status.UNCERTAIN_LAST_USABLE_VALUE


async def test_that_both_servers_tell_range_and_title(tmp_path: Path) -> None:
    recording = read_recording(write_recording(tmp_path))
    async with running(recording, speed=1) as (_, plant), connected(plant, "opcua") as driver:
        folder = next(entry for entry in (await driver.browse()).entries if entry.name == "Replay")
        entries = {entry.name: entry for entry in (await driver.browse(folder.address)).entries}
    tag = plant.tag("press.ramp")
    assert entries["ramp"].address == tag.address
    assert (entries["ramp"].low, entries["ramp"].high) == (tag.low, tag.high)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("nab/data/realKnownCause/machine_temperature_system_failure.csv", "value"),
        ("skab/data/valve2/0.csv", "Pressure"),
    ],
)
async def test_that_recorded_machines_read_back_through_both_drivers(
    recorded_data: Path, name: str, column: str
) -> None:
    recording = read_recording(recorded_data / name)
    number = recording.columns.index(column)
    speed = 50 * recording.interval_ns / NS_PER_S
    async with running(recording, speed=speed) as (_, plant):
        tags = [tag for tag in plant.tags if tag.name.endswith(f".{column}")]
        for tag, digits in zip(tags, (15, 6), strict=True):
            async with connected(plant, tag.connection) as driver:
                blocks: list[Block] = []
                async with asyncio.timeout(20):
                    while sum(len(block) for block in blocks) < 10:
                        blocks.append(samples_of(await driver.batches().get(), tag.handle))
            values = concatenate(blocks).value
            recorded = recording.values[: 50 * 60, number]
            is_recorded = np.isclose(values[:, None], recorded[None, :], rtol=10.0**-digits, atol=0).any(axis=1)
            assert np.all(is_recorded | np.isnan(values))
            assert np.count_nonzero(is_recorded) >= 8


def test_that_a_port_in_use_is_told_and_nothing_stays_open(tmp_path: Path) -> None:
    path = write_recording(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for ports in ({"modbus_port": port}, {"opcua_port": port}):
            with pytest.raises(DriverError, match=f"port {port} on 127.0.0.1 cannot be opened"):
                run_replay(path, folder=tmp_path / "plant", **ports)
    assert not (tmp_path / "plant").exists()


def test_that_what_is_no_recording_is_refused_before_any_port_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.csv"
    path.write_text("lorem ipsum\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"nonsense\.csv:1: the lines do not fall into columns"):
        run_replay(path, folder=tmp_path / "plant")
    with pytest.raises(
        RecordingError, match=r"press\.csv: cannot be replayed: speed is 0: it must be a number above 0"
    ):
        run_replay(write_recording(tmp_path), speed=0, folder=tmp_path / "plant")
    with pytest.raises(RecordingError, match='there is no column "absent"'):
        run_replay(write_recording(tmp_path), leave_out="ramp, absent", folder=tmp_path / "plant")


def test_that_only_the_replays_own_folder_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    prepared: list[Path] = []

    def prepare(folder: PlantFolder) -> None:
        prepared.append(folder.path)
        raise OSError("enough")

    with pytest.raises(OSError, match="enough"):
        run_replay(write_recording(tmp_path), on_own_folder=prepare)
    assert prepared == [tmp_path / "home" / "plants" / "replay-press"]
    (tmp_path / "plant").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="plant"):
        run_replay(write_recording(tmp_path), folder=tmp_path / "plant", on_own_folder=prepare)
    assert len(prepared) == 1


def test_that_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "plant").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="plant"):
        run_replay(write_recording(tmp_path), folder=tmp_path / "plant")


RUN = """
import sys
from pathlib import Path
from app.replay import run_replay
sys.exit(run_replay(Path(sys.argv[1]), speed=10, leave_out="holes", ends_with_parent=sys.argv[2] == "child"))
"""


@asynccontextmanager
async def process(
    path: Path, home: Path, role: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, object]]]:
    """Run a replay in a process of its own; yield it with what it says when it is ready."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", RUN, str(path), role),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "FORESHIFT_HOME": str(home)},
    )
    assert child.stdout is not None
    try:
        yield child, json.loads(await asyncio.wait_for(child.stdout.readline(), 30))
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def test_that_the_process_says_where_its_plant_is_and_ends_by_signal(tmp_path: Path) -> None:
    path = write_recording(tmp_path)
    async with process(path, tmp_path / "home", "alone") as (child, ready):
        plant = read_plant(Path(str(ready["plant"])) / "plant.toml", drivers=("modbus", "opcua"))
        assert ready["left_out"] == {"holes": "left out as asked"}
        assert [tag.name for tag in plant.tags] == ["press.ramp", "press_MB.ramp"]
        assert plant.time_scale == 10
        async with connected(plant, "modbus") as driver:
            block = await driver.read(specs(plant, "modbus"))
            assert block.status.tolist() == [status.GOOD]
        child.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(child.wait(), 10) == 0
    assert Path(str(ready["plant"])) == tmp_path / "home" / "plants" / "replay-press"


async def test_that_the_process_ends_with_its_parent_where_that_is_asked(tmp_path: Path) -> None:
    async with process(write_recording(tmp_path), tmp_path / "home", "child") as (child, _):
        assert child.stdin is not None
        child.stdin.close()
        assert await asyncio.wait_for(child.wait(), 10) == 0
