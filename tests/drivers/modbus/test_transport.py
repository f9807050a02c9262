"""The Modbus TCP connection against devices that answer wrongly, late or not at all."""

from __future__ import annotations

import asyncio
import struct

import pytest

from drivers.driver import ConnectionLost
from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.transport import Transport
from tests.drivers.modbus.scripted_device import Answer, exception, frame, registers, scripted_device


async def _read(bus: Bus) -> list[int]:
    return [int(word) for word in await bus.read(1, Table.HOLDING_REGISTERS, 0, 2)]


async def _open(port: int) -> Bus:
    lost: list[str] = []
    bus = Bus(ModbusSettings("127.0.0.1", port, timeout_ms=100), lost.append)
    await bus.open()
    return bus


def _right(request: bytes) -> bytes:
    return registers(request, 1, 2)


def _short(request: bytes) -> bytes:
    return registers(request, 1)


def _long(request: bytes) -> bytes:
    return registers(request, 1, 2, 3)


def _odd(request: bytes) -> bytes:
    return frame(request, b"\x03\x03\x00\x01\x00")


def _wrong_count(request: bytes) -> bytes:
    return frame(request, b"\x03\x02\x00\x01\x00\x02")


def _wrong_function(request: bytes) -> bytes:
    return frame(request, struct.pack(">BBHH", 4, 4, 1, 2))


def _wrong_unit(request: bytes) -> bytes:
    return frame(request, struct.pack(">BBHH", 3, 4, 1, 2), unit=9)


@pytest.mark.parametrize("wrong", [_short, _long, _odd, _wrong_count, _wrong_function, _wrong_unit])
async def test_that_a_wrong_answer_is_refused_and_the_next_one_taken(wrong: Answer) -> None:
    answers = [wrong, _right]

    def answer(request: bytes) -> bytes | None:
        return answers.pop(0)(request)

    async with scripted_device(answer) as port:
        bus = await _open(port)
        with pytest.raises(BadAnswer):
            await _read(bus)
        assert await _read(bus) == [1, 2]
        bus.close()


@pytest.mark.parametrize("transaction", [0, 77])
async def test_that_an_answer_to_another_transaction_is_no_answer(transaction: int) -> None:
    def stray(request: bytes) -> bytes:
        return frame(request, struct.pack(">BBHH", 3, 4, 1, 2), transaction=transaction)

    async with scripted_device(stray) as port:
        bus = await _open(port)
        with pytest.raises(NoAnswer, match="unit 1 has not answered within 100 ms"):
            await _read(bus)
        assert bus.late == 1
        bus.close()


async def test_that_an_answer_that_comes_late_does_not_pass_for_the_next_one() -> None:
    held: list[bytes] = []

    def late(request: bytes) -> bytes | None:
        held.append(registers(request, 1, len(held)))
        return None if len(held) == 1 else b"".join(held)

    async with scripted_device(late) as port:
        bus = await _open(port)
        with pytest.raises(NoAnswer):
            await _read(bus)
        assert await _read(bus) == [1, 1]
        assert bus.late == 1
        bus.close()


async def test_that_an_answer_in_pieces_is_put_together() -> None:
    async with scripted_device(lambda request: None) as port:
        bus = await _open(port)
        link = bus._link
        assert isinstance(link, Transport)
        reading = asyncio.create_task(_read(bus))
        await asyncio.sleep(0)
        answer = bytes.fromhex("0001 0000 0007 01 03 04 0001 0002")
        for byte in answer:
            link.data_received(bytes([byte]))
        assert await reading == [1, 2]
        bus.close()


async def test_that_an_exception_tells_its_code() -> None:
    async with scripted_device(lambda request: exception(request, 6)) as port:
        bus = await _open(port)
        with pytest.raises(ExceptionAnswer) as caught:
            await _read(bus)
        assert caught.value.code == 6
        bus.close()


async def test_that_bits_are_unpacked_least_significant_first() -> None:
    async with scripted_device(lambda request: frame(request, b"\x01\x02\x05\x01")) as port:
        bus = await _open(port)
        assert (await bus.read(1, Table.COILS, 0, 9)).tolist() == [1, 0, 1, 0, 0, 0, 0, 0, 1]
        bus.close()


async def test_that_a_lost_connection_ends_the_request_at_once() -> None:
    lost: list[str] = []
    async with scripted_device(lambda request: b"") as port:
        bus = Bus(ModbusSettings("127.0.0.1", port, timeout_ms=30_000), lost.append)
        await bus.open()
        with pytest.raises(ConnectionLost, match="the device closed the connection"):
            await asyncio.wait_for(_read(bus), 5)
        assert len(lost) == 1
        with pytest.raises(ConnectionLost, match="not connected"):
            await _read(bus)


async def test_that_another_protocol_on_the_port_is_said() -> None:
    async with scripted_device(lambda request: b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        bus = await _open(port)
        with pytest.raises(ConnectionLost, match="another service on this port"):
            await _read(bus)


async def test_that_a_refused_connection_names_the_remedy() -> None:
    async with scripted_device(lambda request: None) as port:
        pass
    with pytest.raises(ConnectionLost, match=rf"127\.0\.0\.1:{port}: nothing listens there: check"):
        await _open(port)


async def test_that_a_write_whose_time_has_passed_is_not_sent() -> None:
    asked: list[bytes] = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        return registers(request, 1, 2)

    async with scripted_device(answer) as port:
        bus = await _open(port)
        with pytest.raises(TimeoutError):
            await bus.request(1, b"\x06\x00\x00\x00\x00", is_due=lambda: False)
        await _read(bus)
        assert len(asked) == 1
        bus.close()
