"""RTU and ASCII, on pseudo terminals with pymodbus's serial server and against lines that misbehave."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType as SimDataType
from pymodbus.simulator import SimData, SimDevice

from app.model import clock, status
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, TagSpec, WriteItem
from drivers.modbus.client import ModbusDriver
from drivers.modbus.framing import Rtu
from drivers.modbus.line import Line
from drivers.modbus.line_link import LineLink
from drivers.modbus.serial_line import connect_serial
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.modbus.settings import ModbusSettings
from tests.drivers.modbus.scripted_line import Piece, in_single_bytes, scripted_line, terminals

SERIAL = [("modbus+rtu", FramerType.RTU), ("modbus+ascii", FramerType.ASCII)]


def driver_at(url: str, **options: object) -> ModbusDriver:
    return ModbusDriver.from_definition(ConnectionDefinition("c", "modbus", url, {"timeout_ms": 400, **options}))


@asynccontextmanager
async def opened(url: str, **options: object) -> AsyncIterator[ModbusDriver]:
    driver = driver_at(url, **options)
    await driver.open()
    try:
        yield driver
    finally:
        await driver.close()


@asynccontextmanager
async def serial_server(port: Path, framer: FramerType) -> AsyncIterator[None]:
    """Serve 200 holding registers that hold their own offsets, at unit 7."""
    words = [SimData(0, values=list(range(200)), datatype=SimDataType.REGISTERS)]
    bits = [SimData(0, values=[False] * 16, datatype=SimDataType.BITS)]
    device = SimDevice(7, simdata=(bits, list(bits), words, list(words)))
    server = ModbusSerialServer(device, framer=framer, port=str(port), baudrate=19_200)
    serving = asyncio.create_task(server.serve_forever())
    try:
        yield
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


def _over_tcp(driver: ModbusDriver, port: int) -> ModbusSettings:
    """Return the settings of a driver for a serial port, with TCP in the port's place."""
    return replace(driver._settings, line=Line.RTU_TCP, host="127.0.0.1", port=port)


def answer_to(request: bytes, *words: int) -> bytes:
    """Return the frame of RTU that answers a read of registers."""
    return Rtu().frame(request[0], struct.pack(f">BB{len(words)}H", request[1], 2 * len(words), *words))


def start_of(request: bytes) -> int:
    return int(struct.unpack_from(">H", request, 2)[0])


@pytest.mark.parametrize(("scheme", "framer"), SERIAL)
async def test_that_a_serial_device_is_read_and_written(tmp_path: Path, scheme: str, framer: FramerType) -> None:
    async with (
        terminals(tmp_path) as (ours, its, _),
        serial_server(its, framer),
        opened(f"{scheme}://{ours}?baud=19200&parity=N&unit=7", timeout_ms=2_000) as driver,
    ):
        (result,) = await driver.write([WriteItem("HR3", 77.0, clock.monotonic_ns() + 10**10)])
        block = await driver.read([TagSpec(offset, f"HR{offset}") for offset in range(200)])
        await driver.subscribe([TagSpec(0, "HR9", 20)])
        for _ in range(3):
            assert (await driver.batches().get()).value[0] == 9.0
    assert (result.status, result.reason) == (0, "")
    assert block.value.tolist() == [float(77 if offset == 3 else offset) for offset in range(200)]


async def test_that_a_port_that_is_pulled_is_told_at_once_and_one_that_is_absent_with_those_there(
    tmp_path: Path,
) -> None:
    url = f"modbus+rtu://{tmp_path / 'A'}?parity=N"
    with pytest.raises(ConnectionLost, match=r"there is no such port: .* Ports of this computer: "):
        await driver_at(url).open()
    async with (
        terminals(tmp_path) as (_, its, socat),
        serial_server(its, FramerType.RTU),
        opened(url, unit=7, timeout_ms=2_000) as driver,
    ):
        told: list[str] = []
        await driver.subscribe([TagSpec(0, "HR1", 20)])
        assert (await driver.batches().get()).value.tolist() == [1.0]
        with pytest.raises(ConnectionLost, match="another program holds the port"):
            await LineLink(driver._settings, told.append, connect_serial).open()
        socat.kill()
        async with asyncio.timeout(1.5):
            with pytest.raises(ConnectionLost, match="the port is gone"):
                await codes_until_lost(driver)


async def test_that_connections_to_the_units_of_one_port_share_it(tmp_path: Path) -> None:
    async with terminals(tmp_path) as (ours, its, _), serial_server(its, FramerType.RTU):
        url = f"modbus+rtu://{ours}?parity=N"
        async with opened(url, unit=7, timeout_ms=2_000) as first:
            async with opened(url, unit=7, timeout_ms=2_000) as second:
                reads = await asyncio.gather(
                    *(driver.read([TagSpec(0, f"HR{offset}")]) for offset in range(5) for driver in (first, second))
                )
            still = await first.read([TagSpec(0, "HR9")])
    assert [block.value[0] for block in reads] == [offset for offset in range(5) for _ in range(2)]
    assert still.value.tolist() == [9.0]


async def test_that_settings_that_a_port_cannot_have_are_told(tmp_path: Path) -> None:
    async with terminals(tmp_path) as (ours, _, _):
        with pytest.raises(ConnectionLost, match=r"refuses these settings .* baud, parity"):
            await driver_at(f"modbus+rtu://{ours}?parity=E").open()


async def codes_until_lost(driver: ModbusDriver) -> list[int]:
    """Return the StatusCodes that are delivered until the link is lost, in the notes of what is raised then."""
    codes: list[int] = []
    try:
        while True:
            codes += (await driver.batches().get()).status.tolist()
    except ConnectionLost as error:
        error.add_note(",".join(map(str, codes)))
        raise


async def test_that_frames_may_come_in_single_bytes_and_after_noise() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        noise = [b"\x00\xff"] if number % 2 else []
        return [*noise, *in_single_bytes(answer_to(request, *range(start_of(request), start_of(request) + 100)))]

    async with scripted_line(answer) as port, opened(f"modbus+rtu-tcp://127.0.0.1:{port}") as driver:
        for _ in range(3):
            block = await driver.read([TagSpec(offset, f"HR{offset}") for offset in range(100)])
            assert block.value.tolist() == list(range(100))


async def test_that_a_late_answer_is_never_taken_for_that_of_the_next_request() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        late = [0.25] if number == 1 else []
        return [*late, answer_to(request, start_of(request))]

    options = {"timeout_ms": 150, "retries": 0, "drain_ms": 400, "max_gap": 0}
    async with scripted_line(answer) as port, opened(f"modbus+rtu-tcp://127.0.0.1:{port}", **options) as driver:
        block = await driver.read([TagSpec(0, "HR10"), TagSpec(1, "HR500"), TagSpec(2, "HR900")])
        notes = driver.diagnose().notes
    assert block.status.tolist() == [status.BAD_COMMUNICATION_ERROR, 0, 0]
    assert np.isnan(block.value[0])
    assert block.value[1:].tolist() == [500.0, 900.0]
    assert any("too late" in note for note in notes)


async def test_that_each_frame_that_nobody_asked_for_is_counted_and_dropped() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        return [answer_to(request, number), 0.05, answer_to(request, 999)]

    async with scripted_line(answer) as port, opened(f"modbus+rtu-tcp://127.0.0.1:{port}") as driver:
        values = []
        for _ in range(3):
            values.append((await driver.read([TagSpec(0, "HR1")])).value[0])
            await asyncio.sleep(0.15)
        notes = driver.diagnose().notes
    assert values == [1.0, 2.0, 3.0]
    assert "3 answers came too late" in notes


async def test_that_the_echo_of_a_two_wire_adapter_is_taken_off() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        pieces = in_single_bytes(request + answer_to(request, 42))
        return [*pieces] if number % 2 else [request, 0.01, answer_to(request, 42)]

    # a serial line alone has an echo; over TCP the same link is given one
    async with scripted_line(answer) as port:
        driver = driver_at("modbus+rtu://COM1?echo=1&baud=115200")
        driver = ModbusDriver(_over_tcp(driver, port))
        await driver.open()
        try:
            for _ in range(4):
                assert (await driver.read([TagSpec(0, "HR6")])).value.tolist() == [42.0]
        finally:
            await driver.close()


async def test_that_an_echo_that_differs_is_a_collision() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        return [bytes([request[0] ^ 4]) + request[1:], answer_to(request, 42)]

    async with scripted_line(answer) as port:
        driver = ModbusDriver(_over_tcp(driver_at("modbus+rtu://COM1?echo=1&retries=0"), port))
        await driver.open()
        try:
            block = await driver.read([TagSpec(0, "HR6")])
        finally:
            await driver.close()
    assert block.status.tolist() == [status.BAD_DECODING_ERROR]


async def test_that_a_line_that_is_garbled_again_and_again_is_opened_anew() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        frame = answer_to(request, 42)
        return [frame if number == 1 else frame[:-1] + bytes([frame[-1] ^ 1])]

    options = {"max_bad_answers": 3, "drain_ms": 10, "retries": 0}
    async with scripted_line(answer) as port, opened(f"modbus+rtu-tcp://127.0.0.1:{port}", **options) as driver:
        await driver.subscribe([TagSpec(0, "HR6", 20)])
        with pytest.raises(ConnectionLost, match=r"3 answers in a row could not be read: .* check wiring") as caught:
            await codes_until_lost(driver)
    first, *others = map(int, caught.value.__notes__[0].split(","))
    assert first == status.GOOD
    assert set(others) <= {status.BAD_DECODING_ERROR}


async def test_that_a_silent_unit_and_one_that_answers_for_another_are_told_apart() -> None:
    def answer(number: int, request: bytes) -> list[Piece]:
        return [Rtu().frame(9, bytes([3, 2, 0, 1]))] if request[0] == 2 else []

    async with (
        scripted_line(answer) as port,
        opened(f"modbus+rtu-tcp://127.0.0.1:{port}", timeout_ms=100, retries=0, drain_ms=10) as driver,
    ):
        block = await driver.read([TagSpec(0, "1/HR0"), TagSpec(1, "2/HR0")])
        assert block.status.tolist() == [status.BAD_COMMUNICATION_ERROR, status.BAD_DECODING_ERROR]


@pytest.mark.parametrize(
    ("scheme", "framer"), [("modbus+rtu-tcp", FramerType.RTU), ("modbus+ascii-tcp", FramerType.ASCII)]
)
async def test_that_frames_of_serial_lines_are_carried_by_tcp(scheme: str, framer: FramerType) -> None:
    points = [ModbusPoint("a", 3, "HR0:F64", writable=True), ModbusPoint("b", 3, "CO5", writable=True)]
    server = ModbusPublisher("127.0.0.1", 0, points, framer=framer)
    await server.start()
    server.publish({"a": -2.5, "b": 1.0}, 0)
    try:
        async with opened(f"{scheme}://127.0.0.1:{server.port}?unit=3") as driver:
            before = await driver.read([TagSpec(0, "HR0:F64"), TagSpec(1, "CO5"), TagSpec(2, "HR90")])
            expires = clock.monotonic_ns() + 10**10
            results = await driver.write([WriteItem("HR0:F64", 0.1, expires), WriteItem("CO5", 0.0, expires)])
            after = await driver.read([TagSpec(0, "HR0:F64"), TagSpec(1, "CO5")])
    finally:
        await server.stop()
    assert before.value[:2].tolist() == [-2.5, 1.0]
    assert before.status.tolist() == [0, 0, status.BAD_NODE_ID_UNKNOWN]
    assert [result.status for result in results] == [0, 0]
    assert after.value.tolist() == [0.1, 0.0]
