"""The Modbus server, read by pymodbus's own client."""

from __future__ import annotations

import math
import socket
from collections.abc import AsyncIterator

import pytest
from pymodbus.client import AsyncModbusTcpClient

from app.model import status
from drivers.driver import BadAddress, DriverError
from drivers.modbus.server import ModbusPoint, ModbusPublisher

POINTS = (
    ModbusPoint("float", 1, "HR100:F32"),
    ModbusPoint("scaled", 1, "HR102:I16", gain=0.1, writable=True),
    ModbusPoint("bit", 1, "HR103.4"),
    ModbusPoint("double", 1, "HR110:F64DCBA", writable=True),
    ModbusPoint("coil", 1, "CO3", writable=True),
    ModbusPoint("input", 1, "DI37"),
    ModbusPoint("counter", 2, "IR5:U32CDAB", width_bits=32),
)


@pytest.fixture
async def publisher() -> AsyncIterator[ModbusPublisher]:
    server = ModbusPublisher("127.0.0.1", 0, POINTS)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(publisher: ModbusPublisher) -> AsyncIterator[AsyncModbusTcpClient]:
    peer = AsyncModbusTcpClient("127.0.0.1", port=publisher.port, retries=0, timeout=2)
    assert await peer.connect()
    yield peer
    peer.close()


async def test_that_values_are_scaled_and_encoded(publisher: ModbusPublisher, client: AsyncModbusTcpClient) -> None:
    publisher.publish({"float": 1.5, "scaled": -12.3, "bit": 1.0, "double": 1.0, "elsewhere": 3.0}, 0)
    answer = await client.read_holding_registers(100, count=14, device_id=1)
    assert answer.registers[:4] == [0x3FC0, 0, 0x10000 - 123, 0b10000]
    assert answer.registers[10:] == [0, 0, 0, 0xF03F]


async def test_that_bits_stand_at_their_own_offset(publisher: ModbusPublisher, client: AsyncModbusTcpClient) -> None:
    publisher.publish({"coil": 1.0, "input": 1.0}, 0)
    assert (await client.read_coils(2, count=3, device_id=1)).bits[:3] == [False, True, False]
    assert (await client.read_discrete_inputs(37, count=1, device_id=1)).bits[0] is True


async def test_that_a_counter_rolls_over(publisher: ModbusPublisher, client: AsyncModbusTcpClient) -> None:
    publisher.publish({"counter": 2.0**32 + 65_543}, 0)
    assert (await client.read_input_registers(5, count=2, device_id=2)).registers == [7, 1]


async def test_that_integers_saturate(publisher: ModbusPublisher, client: AsyncModbusTcpClient) -> None:
    publisher.publish({"scaled": 1e9}, 0)
    assert (await client.read_holding_registers(102, device_id=1)).registers == [0x7FFF]


async def test_that_a_bad_value_is_nan_where_the_register_can_say_so(
    publisher: ModbusPublisher, client: AsyncModbusTcpClient
) -> None:
    publisher.publish({"float": 1.5, "scaled": 1.0}, 0)
    publisher.publish({"float": 1.5, "scaled": 2.0}, 0, {"float": status.BAD_SENSOR_FAILURE, "scaled": status.BAD})
    answer = await client.read_holding_registers(100, count=3, device_id=1)
    assert math.isnan(client.convert_from_registers(answer.registers[:2], client.DATATYPE.FLOAT32))  # type: ignore[arg-type]
    assert answer.registers[2] == 10


async def test_that_a_written_point_is_told_and_read_back(
    publisher: ModbusPublisher, client: AsyncModbusTcpClient
) -> None:
    told: list[tuple[str, float]] = []
    publisher.on_write = lambda name, value: told.append((name, value))
    await client.write_register(102, 200, device_id=1)
    await client.write_coil(3, True, device_id=1)
    await client.write_registers(110, [0, 0, 0, 0xF03F], device_id=1)
    assert told == [("scaled", 20.0), ("coil", 1.0), ("double", 1.0)]
    assert (await client.read_holding_registers(102, device_id=1)).registers == [200]


@pytest.mark.parametrize(("offset", "words", "code"), [(100, [1, 2], 2), (110, [1, 2], 3), (5, [1], 2)])
async def test_that_a_write_to_no_writable_point_is_refused(
    client: AsyncModbusTcpClient, offset: int, words: list[int], code: int
) -> None:
    assert (await client.write_registers(offset, words, device_id=1)).exception_code == code


@pytest.mark.parametrize(("unit", "offset", "code"), [(1, 0, 2), (2, 5, 2), (9, 0, 11), (9, 65_500, 11)])
async def test_that_what_is_not_there_is_answered_by_an_exception(
    client: AsyncModbusTcpClient, unit: int, offset: int, code: int
) -> None:
    assert (await client.read_holding_registers(offset, device_id=unit)).exception_code == code


async def test_that_a_port_in_use_is_named_with_its_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DriverError, match=rf"port {port} .* give another port"):
            await ModbusPublisher("127.0.0.1", port, POINTS).start()


async def test_that_only_loopback_is_served() -> None:
    with pytest.raises(DriverError, match=r"127\.0\.0\.1 only"):
        await ModbusPublisher("0.0.0.0", 0, POINTS).start()  # noqa: S104 - it is refused


async def test_that_stop_ends_all_connections_and_frees_the_port(publisher: ModbusPublisher) -> None:
    peer = AsyncModbusTcpClient("127.0.0.1", port=publisher.port, retries=0, timeout=2, reconnect_delay=0)
    await peer.connect()
    await publisher.stop()
    await publisher.stop()
    again = ModbusPublisher("127.0.0.1", publisher.port, POINTS)
    await again.start()
    await again.stop()
    peer.close()


def test_that_overlapping_points_are_refused() -> None:
    with pytest.raises(DriverError, match="b and a both stand at"):
        ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 1, "HR0:F32"), ModbusPoint("b", 1, "HR1:U16")])


def test_that_an_address_outside_the_grammar_is_refused() -> None:
    with pytest.raises(BadAddress, match="HR1:F33"):
        ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 1, "HR1:F33")])


async def test_that_bits_of_one_register_are_written_one_by_one() -> None:
    told: list[tuple[str, float]] = []
    server = ModbusPublisher("127.0.0.1", 0, [ModbusPoint(f"b{bit}", 1, f"HR0.{bit}", writable=True) for bit in (1, 4)])
    server.on_write = lambda name, value: told.append((name, value))
    await server.start()
    peer = AsyncModbusTcpClient("127.0.0.1", port=server.port, retries=0, timeout=2)
    await peer.connect()
    await peer.mask_write_register(address=0, and_mask=0xFFEF, or_mask=0x10, device_id=1)
    assert (await peer.read_holding_registers(0, device_id=1)).registers == [0x10]
    peer.close()
    await server.stop()
    assert told == [("b1", 0.0), ("b4", 1.0)]


async def test_that_a_failure_of_whoever_is_told_is_a_device_failure_to_the_client(
    publisher: ModbusPublisher, client: AsyncModbusTcpClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str, value: float) -> None:
        raise RuntimeError(name)

    publisher.on_write = fail
    assert (await client.write_register(102, 1, device_id=1)).exception_code == 4
    assert "modbus.server.write.failed" in caplog.text
