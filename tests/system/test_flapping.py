"""Links that come and go, over all drivers with their real workers: nothing grows, and all values are good again."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.conformance import Relay, relay_to
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from drivers.sparkplug.payload import Metric, MetricType
from tests.app.acquisition.acquiring import Acquired, acquiring, plant_of
from tests.drivers.sparkplug.broker_process import mosquitto
from tests.drivers.sparkplug.edge import Edge

HOST, NAMESPACE = "127.0.0.1", "urn:foreshift:flapping"
SESSION_S = 5
"""The shortest time for which asyncua's server keeps the session of a client that is gone."""
WARMING_UP = 3
SLACK_BYTES = 3 << 20
"""What the allocator of a process takes now and then."""


@dataclass(frozen=True)
class Flapping:
    """A plant with one connection of each driver, each through a relay of its own."""

    acquired: Acquired
    relays: dict[str, Relay]
    opcua: OpcUaPublisher

    @property
    def sessions(self) -> int:
        assert self.opcua._server is not None
        return len(self.opcua._server.iserver._external_sessions)

    async def lose(self, turn: int) -> None:
        """Cut all links, every third time after a silence, and wait until all values are good again."""
        self.acquired.delivered.clear()
        for relay in self.relays.values():
            relay.freeze() if turn % 3 == 2 else relay.cut()
        await self.acquired.until(lambda: all(self.acquired.bad_blocks(name) for name in self.relays))
        for relay in self.relays.values():
            relay.cut()
            relay.thaw()
        await self.acquired.until(lambda: all(map(self.acquired.is_good, self.relays)))

    def usage(self) -> dict[int, tuple[int, int, int]]:
        """Return for each worker its memory in bytes, its files and sockets, and its threads."""
        workers = [psutil.Process(pid) for pid in self.acquired.acquisition.pids]
        return {
            worker.pid: (
                worker.memory_info().rss,
                worker.num_handles() if sys.platform == "win32" else worker.num_fds(),
                worker.num_threads(),
            )
            for worker in workers
        }


@pytest.fixture
async def flapping(tmp_path: Path) -> AsyncIterator[Flapping]:
    async with AsyncExitStack() as stack:
        modbus = ModbusPublisher(HOST, 0, [ModbusPoint("a", 1, "HR0:F32")])
        opcua = OpcUaPublisher(HOST, 0, NAMESPACE, [OpcUaPoint("a")])
        for server in (modbus, opcua):
            await server.start()
            stack.push_async_callback(server.stop)
            server.publish({"a": 1.5}, now_ns())
        broker = stack.enter_context(mosquitto(tmp_path))
        edge = Edge(broker)
        edge.offer(Metric("a", 1.5, MetricType.DOUBLE))
        await edge.start()
        stack.push_async_callback(edge.stop)
        await stack.enter_async_context(edge.chattering())
        ports = {"modbus": modbus.port, "opcua": opcua.port, "sparkplug": broker}
        relays = {name: await stack.enter_async_context(relay_to(port)) for name, port in ports.items()}
        options: dict[str, dict[str, object]] = {
            "modbus": {"timeout_ms": 300},
            "opcua": {"timeout_ms": 1_000, "session_s": SESSION_S, "security": "None"},
            "sparkplug": {"timeout_ms": 1_000, "birth_ms": 500},
        }
        urls = {
            "modbus": (f"modbus://{HOST}:{relays['modbus'].port}", "HR0:F32"),
            "opcua": (f"opc.tcp://{HOST}:{relays['opcua'].port}", f"nsu={NAMESPACE};s=a"),
            "sparkplug": (f"sparkplug://{HOST}:{relays['sparkplug'].port}/Plant1", "Plant1/Edge1/Pump1:a"),
        }
        plant = plant_of(
            *(
                (ConnectionDefinition(name, name, url, options[name]), [address])
                for name, (url, address) in urls.items()
            )
        )
        acquired = await stack.enter_async_context(acquiring(plant, tmp_path))
        await acquired.until(lambda: all(map(acquired.is_good, relays)))
        yield Flapping(acquired, relays, opcua)


async def _flap(flapping: Flapping, losses: int) -> None:
    for turn in range(WARMING_UP):
        await flapping.lose(turn)
    before = flapping.usage()
    for turn in range(losses):
        await flapping.lose(turn)
    after = flapping.usage()
    assert flapping.acquired.acquisition.lost_workers == 0
    assert after.keys() == before.keys()
    for worker, (memory, files, threads) in after.items():
        assert memory <= before[worker][0] * 1.05 + SLACK_BYTES
        assert files <= before[worker][1] + 1  # a socket that is about to be closed
        assert threads <= before[worker][2] + 1  # the pool that MQTT connects in
    await flapping.acquired.until(lambda: flapping.sessions == 1, timeout_s=4 * SESSION_S)


@pytest.mark.alone
@pytest.mark.timeout(90)
async def test_that_links_that_come_and_go_leave_nothing_behind_in_the_workers(flapping: Flapping) -> None:
    await _flap(flapping, 6)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_that_minutes_of_flapping_links_leave_nothing_behind_in_the_workers(flapping: Flapping) -> None:
    await _flap(flapping, 150)
