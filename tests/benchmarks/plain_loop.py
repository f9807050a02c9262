"""The peer of `device-to-screen`: what a careful script of pymodbus, asyncua and sqlite-utils does, and no more.

`python -m tests.benchmarks.plain_loop MODBUS_PORT OPCUA_PORT TAGS SCAN_MS FILE`: polls whole blocks and decodes them
with `convert_from_registers`, subscribes with a handler, inserts what came each 250 ms with `insert_all` into a WAL
file at synchronous=FULL. After each insert it tells `stored` with the rows so far, the instant and its processor
seconds, and `seen` with tag, instant and value for the first two tags of each server: from now on another process can
read them.

It keeps no source time or StatusCode, cleans nothing, does not alarm or predict, and nobody can watch it live.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
import time
from collections.abc import Sequence

import sqlite_utils
from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.node import Node
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from app.ending import on_parent_gone
from app.model import clock
from drivers.opcua.quiet import quiet_library
from tests.benchmarks.child import tell
from tests.benchmarks.offered import DEFAULT_SCAN_MS, HOST, NAMESPACE, modbus_name, opcua_name

Row = tuple[str, int, float]
REGISTERS_PER_REQUEST = 124
INSERT_S = 0.25
WATCHED = frozenset({modbus_name(0), modbus_name(1), opcua_name(0), opcua_name(1)})


class Handler:
    """Takes asyncua's notifications, one call per value."""

    def __init__(self, rows: list[Row]) -> None:
        """Add to `rows`."""
        self._rows = rows

    def datachange_notification(self, node: Node, value: float, data: object) -> None:
        """Take one value."""
        self._rows.append((str(node.nodeid.Identifier), clock.now_ns(), value))

    def status_change_notification(self, status: ua.StatusChangeNotification) -> None:
        """Pass over what comes at the end."""


async def poll(client: AsyncModbusTcpClient, tags: range, scan_s: float, rows: list[Row]) -> None:
    """Read the registers of `tags` each `scan_s`; a scan that fails is left out, pymodbus itself connects again."""
    while True:
        began = clock.monotonic_ns()
        try:
            for start in range(4 * tags.start, 4 * tags.stop, REGISTERS_PER_REQUEST):
                rows.extend(await read(client, start, min(REGISTERS_PER_REQUEST, 4 * tags.stop - start)))
        except ModbusException:
            await asyncio.sleep(scan_s)
        await asyncio.sleep(max(0.0, scan_s - (clock.monotonic_ns() - began) / clock.NS_PER_S))


async def read(client: AsyncModbusTcpClient, start: int, count: int) -> list[Row]:
    """Read registers once; raise ModbusException."""
    answer = await client.read_holding_registers(start, count=count, device_id=1)
    values = client.convert_from_registers(answer.registers, client.DATATYPE.FLOAT64)
    now = clock.now_ns()
    numbers = values if isinstance(values, list) else [values]
    return [(modbus_name(start // 4 + n), now, float(value)) for n, value in enumerate(numbers)]


async def subscribe(client: Client, tags: range, scan_ms: float, rows: list[Row]) -> None:
    """Subscribe to the variables of `tags`."""
    namespace = await client.get_namespace_index(NAMESPACE)
    subscription = await client.create_subscription(scan_ms, Handler(rows))
    nodes = [client.get_node(f"ns={namespace};s={opcua_name(n)}") for n in tags]
    await subscription.subscribe_data_change(nodes, queuesize=10, sampling_interval=ua.Double(scan_ms))


async def store(path: str, rows: list[Row]) -> None:
    """Insert what came each 250 ms."""
    database = sqlite_utils.Database(sqlite3.connect(path, check_same_thread=False))
    database.enable_wal()
    database.execute("pragma synchronous=full")
    samples = database.table("sample")
    samples.create({"tag": str, "time": int, "value": float}, pk=("tag", "time"))
    stored = 0
    while True:
        await asyncio.sleep(INSERT_S)
        batch = rows[:]
        rows.clear()
        fields = [{"tag": tag, "time": time, "value": value} for tag, time, value in batch]
        await asyncio.to_thread(samples.insert_all, fields, replace=True)
        stored += len(batch)
        report(batch, stored)


def report(batch: Sequence[Row], stored: int) -> None:
    """Tell what another process can read from now on."""
    now = clock.monotonic_ns() / clock.NS_PER_S
    tell("stored", stored, now, time.process_time())
    newest = {tag: value for tag, _, value in batch if tag in WATCHED}
    for tag, value in newest.items():
        tell("seen", tag, now, value)


async def main(words: Sequence[str]) -> None:
    """Run polls, subscriptions and store side by side until the parent's end."""
    modbus_port, opcua_port, tags, scan_ms = (int(word) for word in words[:4])
    slow, fast = range(1), range(1, tags // 2)
    quiet_library()
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it tells of each late answer, register by register
    rows: list[Row] = []
    modbus = AsyncModbusTcpClient(HOST, port=modbus_port)
    await modbus.connect()
    async with Client(f"opc.tcp://{HOST}:{opcua_port}/foreshift/") as opcua:
        await subscribe(opcua, slow, DEFAULT_SCAN_MS, rows)
        await subscribe(opcua, fast, scan_ms, rows)
        tasks = [
            asyncio.create_task(poll(modbus, slow, DEFAULT_SCAN_MS / 1_000, rows)),
            asyncio.create_task(poll(modbus, fast, scan_ms / 1_000, rows)),
            asyncio.create_task(store(words[4], rows)),
        ]
        gone = asyncio.Event()
        on_parent_gone(gone.set)
        await asyncio.wait([asyncio.create_task(gone.wait()), *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()
        modbus.close()
        await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
