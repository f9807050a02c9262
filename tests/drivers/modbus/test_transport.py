"""The Modbus TCP connection against devices that answer wrongly, late or not at all."""

from __future__ import annotations

import asyncio
import struct

import pytest

from app.model import clock
from drivers.driver import ConnectionLost
from drivers.modbus.address import Table
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.pdu import read_request, words_of
from drivers.modbus.turns import OPERATOR, WRITE
from tests.drivers.modbus.opened_bus import opened_bus, read_two
from tests.drivers.modbus.scripted_device import Answer, exception, frame, registers, scripted_device


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

    async with scripted_device(answer) as port, opened_bus(port) as (bus, _):
        with pytest.raises(BadAnswer):
            await read_two(bus)
        assert await read_two(bus) == [1, 2]


@pytest.mark.parametrize("mask", [0, 0x5555])
async def test_that_an_answer_to_another_transaction_is_no_answer(mask: int) -> None:
    def stray(request: bytes) -> bytes:
        other = (int.from_bytes(request[:2], "big") ^ mask) & mask
        return frame(request, struct.pack(">BBHH", 3, 4, 1, 2), transaction=other)

    async with scripted_device(stray) as port, opened_bus(port) as (bus, _):
        with pytest.raises(NoAnswer, match="unit 1 has not answered within 100 ms, but answers came to transaction"):
            await read_two(bus)
        assert bus.late == 1


async def test_that_an_answer_that_comes_late_does_not_pass_for_the_next_one() -> None:
    held: list[bytes] = []

    def late(request: bytes) -> bytes | None:
        held.append(registers(request, 1, len(held)))
        return None if len(held) == 1 else b"".join(held)

    async with scripted_device(late) as port, opened_bus(port) as (bus, _):
        with pytest.raises(NoAnswer):
            await read_two(bus)
        assert await read_two(bus) == [1, 1]
        assert bus.late == 1


async def test_that_an_answer_in_pieces_is_put_together() -> None:
    async with scripted_device(_right, piece=1) as port, opened_bus(port, timeout_ms=5_000) as (bus, _):
        assert [await read_two(bus) for _ in range(3)] == [[1, 2]] * 3


async def test_that_an_exception_tells_its_code() -> None:
    async with scripted_device(lambda request: exception(request, 6)) as port, opened_bus(port) as (bus, _):
        with pytest.raises(ExceptionAnswer) as caught:
            await read_two(bus)
        assert caught.value.code == 6


async def test_that_bits_are_unpacked_least_significant_first() -> None:
    async with (
        scripted_device(lambda request: frame(request, b"\x01\x02\x05\x01")) as port,
        opened_bus(port) as (bus, _),
    ):
        assert (await bus.read(1, Table.COILS, 0, 9)).tolist() == [1, 0, 1, 0, 0, 0, 0, 0, 1]


async def test_that_a_lost_connection_ends_the_request_at_once() -> None:
    async with scripted_device(lambda request: b"") as port, opened_bus(port, timeout_ms=30_000) as (bus, lost):
        with pytest.raises(ConnectionLost, match="the device closed the connection"):
            await asyncio.wait_for(read_two(bus), 5)
        assert len(lost) == 1
        with pytest.raises(ConnectionLost, match="not connected"):
            await read_two(bus)


async def test_that_another_protocol_on_the_port_is_said() -> None:
    async with (
        scripted_device(lambda request: b"HTTP/1.1 400 Bad Request\r\n\r\n") as port,
        opened_bus(port) as (bus, _),
    ):
        with pytest.raises(ConnectionLost, match="another service on this port"):
            await read_two(bus)


async def test_that_a_refused_connection_names_the_remedy() -> None:
    async with scripted_device(lambda request: None) as port:
        pass
    with pytest.raises(ConnectionLost, match=rf"127\.0\.0\.1:{port}: nothing listens there: check"):
        async with opened_bus(port):
            pass


async def test_that_a_write_whose_time_has_passed_is_not_sent() -> None:
    asked: list[bytes] = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        return registers(request, 1, 2)

    async with scripted_device(answer) as port, opened_bus(port) as (bus, _):
        with pytest.raises(TimeoutError):
            await bus.ask(1, b"\x06\x00\x00\x00\x00", WRITE, expires=clock.monotonic_ns() - 1).answer
        await read_two(bus)
        assert len(asked) == 1


async def test_that_requests_on_their_way_together_each_get_their_own_answer_in_any_order() -> None:
    held: list[bytes] = []

    def backwards(request: bytes) -> bytes | None:
        held.append(registers(request, *struct.unpack_from(">H", request, 8)))
        return None if len(held) < 8 else b"".join(reversed(held))

    async with scripted_device(backwards) as port, opened_bus(port, window=8) as (bus, _):
        asks = [bus.ask(1, read_request(Table.HOLDING_REGISTERS, offset, 1), OPERATOR) for offset in range(8)]
        answers = [words_of(await ask.answer, 1).tolist() for ask in asks]
    assert answers == [[offset] for offset in range(8)]


async def test_that_no_more_than_the_window_are_on_their_way() -> None:
    held: list[bytes] = []

    async with scripted_device(held.append) as port, opened_bus(port, window=3) as (bus, _):
        asks = [bus.ask(1, read_request(Table.HOLDING_REGISTERS, 0, 1), OPERATOR) for _ in range(5)]
        with pytest.raises(NoAnswer):
            await asks[2].answer
        assert len(held) == 3
        assert not asks[3].answer.done()


async def test_that_every_answer_of_another_unit_counts_towards_the_end_of_the_connection() -> None:
    async with scripted_device(_wrong_unit) as port, opened_bus(port, max_bad_answers=3) as (bus, lost):
        bus._link._misfits_count_from = 0.0  # type: ignore[attr-defined] # the first second is over
        for _ in range(3):
            with pytest.raises(BadAnswer, match=r"unit 9 answered for unit 1 \(accept_unit_ids\)"):
                await read_two(bus)
        assert len(lost) == 1
        assert "3 answers in a row do not fit what was asked" in lost[0]
        assert not bus.is_open


async def test_that_a_device_whose_lengths_are_always_wrong_is_given_up() -> None:
    async with scripted_device(_short) as port, opened_bus(port, max_bad_answers=3) as (bus, lost):
        for _ in range(3):
            with pytest.raises(BadAnswer, match="2 bytes came for 2 from 0 on, 4 were asked for"):
                await read_two(bus)
        assert "3 answers in a row" in lost[0]


async def test_that_a_unit_id_that_a_gateway_puts_in_is_accepted_where_that_is_allowed() -> None:
    async with scripted_device(_wrong_unit) as port, opened_bus(port, accept_unit_ids=[0, 9]) as (bus, _):
        assert await read_two(bus) == [1, 2]


async def test_that_answers_of_an_earlier_connection_are_dropped() -> None:
    """A gateway sends what it still has for whoever is connected, right after a connection."""
    old = b"".join(struct.pack(">HHHBBBHH", number, 0, 7, 1, 3, 4, 9, 9) for number in range(20))

    def replaying(request: bytes) -> bytes:
        nonlocal old
        sent, old = old, b""
        return sent + registers(request, 1, 2)

    async with scripted_device(replaying) as port, opened_bus(port) as (bus, lost):
        bus._link._transaction = 1_000  # type: ignore[attr-defined] # begins at random, and must not meet those
        assert await read_two(bus) == [1, 2]
        assert bus.late == 20
        assert not lost


async def test_that_a_loss_ends_all_that_was_on_its_way_and_all_that_waited() -> None:
    async with (
        scripted_device(lambda request: b"") as port,
        opened_bus(port, window=2, timeout_ms=30_000) as (bus, lost),
    ):
        asks = [bus.ask(1, read_request(Table.HOLDING_REGISTERS, 0, 1), OPERATOR) for _ in range(5)]
        outcomes = await asyncio.wait_for(asyncio.gather(*(a.answer for a in asks), return_exceptions=True), 5)
    assert [type(outcome) for outcome in outcomes] == [ConnectionLost] * 5
    assert len(lost) == 1
