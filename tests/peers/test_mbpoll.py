"""mbpoll, a client that is not ours, reads and writes all tables of our Modbus server."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from drivers.modbus.server import ModbusPoint, ModbusPublisher

pytestmark = pytest.mark.peer

UNIT = 4
VALUES = {
    "HR10:F32:CDAB": -12.5,
    "HR12:I32:CDAB": -70_000.0,
    "HR14:U16": 65_535.0,
    "IR3:I16": -3.0,
    "DI5": 1.0,
    "CO7": 1.0,
}
WRITABLE = ("HR20:U16", "HR22:F32:CDAB", "HR24:U16", "HR25:U16", "CO9")


@pytest_asyncio.fixture
async def served() -> AsyncIterator[tuple[ModbusPublisher, dict[str, float]]]:
    points = [ModbusPoint(address, UNIT, address, writable=address in WRITABLE) for address in (*VALUES, *WRITABLE)]
    server = ModbusPublisher("127.0.0.1", 0, points)
    told: dict[str, float] = {}
    server.on_write = told.__setitem__
    await server.start()
    server.publish(VALUES, 0)
    yield server, told
    await server.stop()


async def mbpoll(server: ModbusPublisher, kind: str, offset: int, *values: str, count: int = 1) -> tuple[str, int]:
    """Run it once, and return what it says and its exit code; skip where it is not installed."""
    program = shutil.which("mbpoll")
    if program is None:
        pytest.skip("mbpoll is not installed here (Debian package mbpoll)")
    where = ["-m", "tcp", "-p", str(server.port), "-a", str(UNIT), "-0", "-r", str(offset), "-t", kind, "-q"]
    amount = [] if values else ["-c", str(count)]
    process = await asyncio.create_subprocess_exec(
        program,
        *where,
        *amount,
        "-1",
        "127.0.0.1",
        *values,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(10):
        output, _ = await process.communicate()
    return output.decode(), process.returncode or 0


@pytest.mark.parametrize(
    ("kind", "offset", "shown"),
    [
        ("4:float", 10, "-12.5"),
        ("4:int", 12, "-70000"),
        ("4", 14, "65535"),
        ("3", 3, "65533"),
        ("1", 5, "1"),
        ("0", 7, "1"),
    ],
)
async def test_that_mbpoll_reads_each_table_of_our_server(
    served: tuple[ModbusPublisher, dict[str, float]], kind: str, offset: int, shown: str
) -> None:
    said, code = await mbpoll(served[0], kind, offset)
    assert code == 0
    assert re.findall(rf"\[{offset}\]:\s+(\S+)", said) == [shown]


async def test_that_mbpoll_writes_one_value_and_several_and_a_coil_of_our_server(
    served: tuple[ModbusPublisher, dict[str, float]],
) -> None:
    server, told = served
    for kind, offset, values in (
        ("4", 20, ["17"]),
        ("4:float", 22, ["2.5"]),
        ("4", 24, ["1", "65535"]),
        ("0", 9, ["1"]),
    ):
        said, code = await mbpoll(server, kind, offset, *values)
        assert code == 0, said
    assert told == {"HR20:U16": 17.0, "HR22:F32:CDAB": 2.5, "HR24:U16": 1.0, "HR25:U16": 65_535.0, "CO9": 1.0}
    assert re.findall(r"\[2[45]\]:\s+(\S+)", (await mbpoll(server, "4", 24, count=2))[0])[:2] == ["1", "65535"]


async def test_that_our_server_refuses_mbpoll_what_is_not_there_or_not_for_writing(
    served: tuple[ModbusPublisher, dict[str, float]],
) -> None:
    server, told = served
    absent, _ = await mbpoll(server, "4", 500)
    refused, code = await mbpoll(server, "4", 14, "1")
    assert "Illegal data address" in absent
    assert "Illegal data address" in refused
    assert code != 0
    assert told == {}
