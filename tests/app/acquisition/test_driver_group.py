"""Driver groups with real workers: what becomes of samples and commands when a worker dies, hangs or swells."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from app.acquisition.acquisition import grouped
from app.acquisition.driver_group import DriverGroup, Surroundings
from app.acquisition.worker_link import WorkerLimits
from app.model import clock, status
from app.model.connection import ConnectionDefinition, LinkState
from drivers.driver import TagSpec, WriteItem
from tests.app.acquisition.acquiring import Calm, acquiring, plant_of
from tests.app.collector.bench import HOST, serving

DRIVER = '''
"""A driver that does to its process what a hostile device's answer does: its URL says what, and how often."""
import asyncio, pathlib, time
from app.model import clock
from app.model.block import block_of
from drivers.block_queue import BlockQueue
from drivers.driver import BrowsePage, Diagnostics, SubscribeResult

if (pathlib.Path(__file__).parent / "slow").exists():
    time.sleep(3)

class Odd:
    schemes = ("odd",)
    def __init__(self, url):
        self.word, _, self.mark = url.removeprefix("odd://").partition("?")
        self.queue = BlockQueue()
    @classmethod
    def from_definition(cls, definition):
        return cls(definition.url)
    @staticmethod
    def check_address(address):
        pass
    async def open(self):
        pass
    async def close(self):
        pass
    async def subscribe(self, tags):
        self.queue.put(block_of([tag.handle for tag in tags], clock.now_ns(), 1.0))
        asyncio.get_running_loop().call_later(0.3, self.act)
        return [SubscribeResult(tag.handle, 0) for tag in tags]
    def act(self):
        if self.mark and pathlib.Path(self.mark).exists():
            return
        if self.mark:
            pathlib.Path(self.mark).touch()
        if self.word == "hangs":
            while True:
                pass
        if self.word == "swells":
            try:
                self.swollen = [bytes(1 << 20) for _ in range(1024)]
            except MemoryError:
                pathlib.Path(self.mark + ".refused").touch()
        if self.word == "touches":
            self.swollen = bytearray(400 << 20)
            self.swollen[::4096] = b"x" * len(self.swollen[::4096])
    def batches(self):
        return self.queue
    def diagnose(self):
        return Diagnostics()
'''


@pytest.fixture
def odd_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers find a driver "odd" installed."""
    place = tmp_path / "installed"
    metadata = place / "odd-1.dist-info"
    metadata.mkdir(parents=True)
    (place / "odd_driver.py").write_text(DRIVER, encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[foreshift.drivers]\nodd = odd_driver:Odd\n", encoding="utf-8")
    root = Path(__file__).parents[3]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(place), str(root)]))


def odd(name: str, word: str, mark: Path | str = "", *, group: str = "") -> tuple[ConnectionDefinition, list[str]]:
    return ConnectionDefinition(name, "odd", f"odd://{word}?{mark}", group=group), ["A"]


def modbus(port: int, name: str = "plc") -> tuple[ConnectionDefinition, list[str]]:
    return ConnectionDefinition(name, "modbus", f"modbus://{HOST}:{port}?unit=1"), ["HR0:F32", "HR2:F32"]


def test_that_connections_share_a_worker_by_driver_unless_they_name_a_group() -> None:
    first, second = ConnectionDefinition("a", "modbus", "u"), ConnectionDefinition("b", "opcua", "u")
    third, fourth = ConnectionDefinition("c", "modbus", "u"), ConnectionDefinition("d", "modbus", "u", group="press")
    groups = grouped([first, second, third, fourth])
    assert groups == {"modbus": [first, third], "opcua": [second], "press": [fourth]}


async def test_that_values_come_through_the_border_and_every_tag_is_bad_until_the_first(tmp_path: Path) -> None:
    async with serving(float) as server, acquiring(plant_of(modbus(server.port)), tmp_path) as acquired:
        await acquired.until(lambda: acquired.is_good("plc"))
        assert acquired.codes("plc")[0] == status.BAD_WAITING_FOR_INITIAL_DATA
        assert acquired.codes("plc").count(status.BAD_WAITING_FOR_INITIAL_DATA) == 1
        await acquired.until(lambda: acquired.acquisition.reports()[0].tags_good == 2)
        assert acquired.acquisition.reports()[0].state is LinkState.RUNNING
        assert acquired.acquisition.reports()[0].is_cyclic


async def test_that_a_worker_that_dies_gives_one_bad_batch_at_once_and_is_soon_back(tmp_path: Path) -> None:
    async with serving(float) as server, acquiring(plant_of(modbus(server.port)), tmp_path) as acquired:
        await acquired.until(lambda: acquired.is_good("plc"))
        (pid,) = acquired.acquisition.pids
        psutil.Process(pid).kill()
        await acquired.until(lambda: bool(acquired.bad_blocks("plc")))
        assert acquired.acquisition.reports()[0].state is LinkState.BACKOFF
        assert "worker process was lost" in acquired.acquisition.reports()[0].reason
        await acquired.until(lambda: acquired.is_good("plc"))
        assert len(acquired.bad_blocks("plc")) == 1
        assert acquired.codes("plc").count(status.BAD_WAITING_FOR_INITIAL_DATA) == 1
        assert acquired.acquisition.lost_workers == 1


@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be stopped there")
async def test_that_a_worker_that_hangs_is_ended_and_replaced(tmp_path: Path) -> None:
    async with serving(float) as server, acquiring(plant_of(modbus(server.port)), tmp_path) as acquired:
        await acquired.until(lambda: acquired.is_good("plc"))
        (pid,) = acquired.acquisition.pids
        os.kill(pid, signal.SIGSTOP)
        await acquired.until(lambda: bool(acquired.bad_blocks("plc")))
        assert not psutil.pid_exists(pid)
        await acquired.until(lambda: acquired.is_good("plc"))


async def test_that_a_worker_that_hangs_is_felt_by_no_other_group(tmp_path: Path, odd_driver: None) -> None:
    async with serving(float) as server:
        plant = plant_of(modbus(server.port), odd("press", "hangs", tmp_path / "mark"))
        (tmp_path / "mark").touch()
        async with acquiring(plant, tmp_path) as acquired:
            await acquired.until(lambda: acquired.is_good("plc") and acquired.is_good("press"))
            calm = await Calm.of(acquired, "plc", 2.5)
            assert acquired.acquisition.lost_workers == 0
        (tmp_path / "mark").unlink()
        async with acquiring(plant, tmp_path) as acquired:
            await acquired.until(lambda: acquired.is_good("plc") and (tmp_path / "mark").exists())
            hung = await Calm.of(acquired, "plc", 2.5)
            await acquired.until(lambda: acquired.acquisition.lost_workers == 1)
        hung.assert_like(calm)


async def test_that_a_library_that_takes_seconds_to_import_is_no_hang(tmp_path: Path, odd_driver: None) -> None:
    (tmp_path / "installed" / "slow").touch()
    async with acquiring(plant_of(odd("press", "idles")), tmp_path) as acquired:
        await acquired.until(lambda: acquired.is_good("press"))
        assert acquired.acquisition.lost_workers == 0


async def test_that_it_is_written_down_where_a_worker_hung(tmp_path: Path, odd_driver: None) -> None:
    plant = plant_of(odd("press", "hangs", tmp_path / "mark"))
    async with acquiring(plant, tmp_path) as acquired:
        await acquired.until(lambda: acquired.acquisition.lost_workers == 1)
        assert "odd_driver.py" in (tmp_path / "log" / "fault.log").read_text(encoding="utf-8")
        await acquired.until(lambda: acquired.is_good("press"))


@pytest.mark.skipif(sys.platform != "linux", reason="keeps what the system of this computer does")
async def test_that_a_worker_that_swells_does_not_take_the_memory_of_the_station(
    tmp_path: Path, odd_driver: None
) -> None:
    plant = plant_of(odd("press", "swells", tmp_path / "mark"), memory_mb=256)
    async with acquiring(plant, tmp_path) as acquired:
        await acquired.until((tmp_path / "mark.refused").exists)
        assert acquired.acquisition.lost_workers == 0
        assert acquired.acquisition.reports()[0].state is LinkState.RUNNING


async def test_that_a_worker_above_its_memory_is_ended_where_the_system_keeps_no_limit(
    tmp_path: Path, odd_driver: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "installed" / "sitecustomize.py").write_text(
        "import app.acquisition.memory_limit as m\nm.limit_memory = lambda limit: None\n", encoding="utf-8"
    )
    plant = plant_of(odd("press", "touches", tmp_path / "mark"), memory_mb=256)
    async with acquiring(plant, tmp_path) as acquired:
        await acquired.until(lambda: acquired.acquisition.lost_workers == 1)
        assert "256 are allowed" in acquired.acquisition.reports()[0].reason
        await acquired.until(lambda: acquired.is_good("press"))


async def test_that_a_device_that_hangs_its_worker_again_and_again_ends_up_alone(
    tmp_path: Path, odd_driver: None
) -> None:
    plant = plant_of(odd("calm", "idles"), odd("press", "hangs"))
    async with acquiring(plant, tmp_path) as acquired:
        await acquired.until(lambda: acquired.acquisition.lost_workers >= 3, timeout_s=40.0)
        losses = len(acquired.bad_blocks("press"))
        assert len(acquired.bad_blocks("calm")) == 2
        await acquired.until(lambda: len(acquired.bad_blocks("press")) > losses, timeout_s=40.0)
        assert len(acquired.bad_blocks("calm")) == 2
        assert acquired.is_good("calm")


async def test_that_a_write_goes_through_the_border_and_is_refused_without_a_device(tmp_path: Path) -> None:
    async with serving(lambda _: 1.0) as server:
        plant = plant_of(modbus(server.port), (ConnectionDefinition("gone", "modbus", "modbus://127.0.0.1:1"), ["HR0"]))
        async with acquiring(plant, tmp_path) as acquired:
            await acquired.until(lambda: acquired.is_good("plc"))
            expires = clock.monotonic_ns() + 5 * clock.NS_PER_S
            (refused,) = await acquired.acquisition.write("gone", [WriteItem("HR0", 1.0, expires)])
            assert refused.status == status.BAD_NOT_CONNECTED
            assert "nothing was written" in refused.reason
            (answered,) = await acquired.acquisition.write("plc", [WriteItem("HR9999", 1.0, expires)])
            assert answered.address == "HR9999"
            assert answered.status >= status.BAD


async def test_that_what_is_asked_before_the_worker_knows_its_connections_is_answered(tmp_path: Path) -> None:
    gone = ConnectionDefinition("gone", "modbus", "modbus://127.0.0.1:1")
    limits = WorkerLimits(512 << 20, tmp_path / "log" / "fault.log")
    around = Surroundings(lambda _: None, limits, lambda _: None, lambda _: None)
    group = DriverGroup("modbus", [gone], plant_of((gone, ["HR0"])).tags, around)
    group.launch()
    asked = asyncio.gather(
        group.read("gone", TagSpec(0, "HR0", 50)),
        group.write("gone", [WriteItem("HR0", 1.0, clock.monotonic_ns() + 60 * clock.NS_PER_S)]),
    )
    await asyncio.sleep(0)
    running = asyncio.create_task(group.run())
    async with asyncio.timeout(30.0):
        sample, (written,) = await asked
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (sample.status, written.status) == (status.BAD_NOT_CONNECTED, status.BAD_NOT_CONNECTED)
    assert not written.is_sent


async def test_that_workers_end_with_the_collector(tmp_path: Path) -> None:
    async with serving(float) as server, acquiring(plant_of(modbus(server.port)), tmp_path) as acquired:
        await acquired.until(lambda: acquired.is_good("plc"))
        pids = acquired.acquisition.pids
    assert len(pids) == 1
    assert not any(psutil.pid_exists(pid) for pid in pids)
