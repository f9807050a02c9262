"""`foreshift write` on real devices: directly, and through the collector of a plant."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from app.__main__ import main
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.app.collector.writing import (
    PIN,
    Servers,
    Swallowed,
    Window,
    collecting,
    made_folder,
    serving,
    trail,
    writable_plant,
)
from tests.warm_start import start


async def command(*words: str, typed: str = "") -> tuple[int, str]:
    """Run a command as a process of its own; return its exit code and all that it said."""

    def run() -> tuple[int, str]:
        with start(words, os.environ) as process:
            said, _ = process.communicate(typed, timeout=60)
            return process.wait(), said

    return await asyncio.to_thread(run)


def url_of(servers: Servers) -> str:
    return f"modbus://127.0.0.1:{servers.relay.port}?unit=1&timeout_ms=300"


async def test_that_a_device_is_written_directly_once_and_read_back() -> None:
    async with serving() as servers:
        url, known = f"modbus://127.0.0.1:{servers.relay.port}", ("-o", "unit=1", "-o", "timeout_ms=300")
        code, said = await command("write", url, "HR0:F32", "6.25", "--yes", *known)
        assert servers.taken == [("P.SP", 6.25)]
    assert (code, said) == (0, "HR0:F32  6.0 -> 6.25, read back 6.25  Good\n")


async def test_that_a_direct_write_tells_a_refusal_another_value_and_that_it_is_not_known() -> None:
    async with serving() as servers:
        refused = await command("write", url_of(servers), "HR8:F32", "2", "--yes")
        servers.distort = lambda value: 5.0
        other = await command("write", url_of(servers), "HR0:F32", "6.25", "--yes")
        servers.relay.swallowed = Swallowed.REQUESTS
        unknown = await command("write", url_of(servers), "HR0:F32", "7", "--yes")
        assert servers.relay.writes == 3
    assert (refused[0], other[0], unknown[0]) == (1, 1, 3)
    assert "not written: HR8:F32" in refused[1]
    assert "but the device reads 5.0" in other[1]
    assert "is not known" in unknown[1]


async def test_that_texts_and_whole_numbers_of_64_bits_are_written_to_a_device_as_they_are() -> None:
    points = [ModbusPoint("order", 1, "HR0:STR16", writable=True), ModbusPoint("count", 1, "HR20:I64", writable=True)]
    device = ModbusPublisher("127.0.0.1", 0, points)
    await device.start()
    device.publish({"order": "A-17", "count": 9_007_199_254_740_993}, 0)
    url = f"modbus://127.0.0.1:{device.port}"
    try:
        text = await command("write", url, "HR0:STR16", "007", "--yes")
        whole = await command("write", url, "HR20:I64", "-9007199254740995", "--yes")
        typed = await command("write", url, "HR20:I64", "A-18", "--yes")
        nothing = await command("write", url, "HR20:I64", "nan", "--yes")
        long = await command("write", url, "HR0:STR16", "seventeen letters", "--yes")
    finally:
        await device.stop()
    assert text == (0, "HR0:STR16  'A-17' -> '007', read back '007'  Good\n")
    assert whole == (0, "HR20:I64  9007199254740993 -> -9007199254740995, read back -9007199254740995  Good\n")
    assert typed[0] == 2
    assert "A-18: is no number; a text that the device does not hold yet needs --text" in typed[1]
    assert (nothing[0], long[0]) == (2, 1)
    assert "nan: is no number" in nothing[1]
    assert "does not fit into 16 bytes" in long[1]


async def test_that_a_plant_is_written_through_its_collector_with_checks_and_audit(tmp_path: Path) -> None:
    async with serving() as servers:
        plant = writable_plant(servers.relay.port)
        folder = made_folder(tmp_path, plant)
        options = ("write", "--plant", str(tmp_path), "--user", "operate", "--yes")
        async with collecting(folder, plant):
            (await Window.on(folder)).close()
            done = await command(*options, "P.SP", "6.5", typed=f"{PIN}\n")
            refused = await command(*options, "P.SP", "8", typed=f"{PIN}\n")
            stranger = await command(*options, "P.SP", "6", typed="wrong\n")
        assert servers.taken == [("P.SP", 6.5)]
        stopped = await command(*options, "P.SP", "6", typed=f"{PIN}\n")
    assert done == (0, "P.SP  6.0 -> 6.5\nP.SP  done, read back 6.5\n")
    assert refused == (1, "foreshift: P.SP: refused: 8 is outside of 5.5 to 7\n")
    assert (stranger[0], stopped[0]) == (2, 2)
    assert "name or PIN is wrong" in stranger[1]
    windows = {record.window for record in trail(folder) if record.tag}
    assert all(window.startswith("command line ") for window in windows)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("modbus://127.0.0.1:1", "HR0", "5"), "needs --yes"),
        (("modbus://127.0.0.1:1", "HR0"), "give URL ADDRESS VALUE"),
        (("--plant", "x", "T", "5"), "say who writes"),
    ],
)
def test_that_a_write_that_cannot_be_meant_is_refused_before_anything_is_opened(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", *words]) == 2
    assert message in capsys.readouterr().err
