"""The driver beside a real broker: births asked for, deaths told at once, commands followed, logins refused."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from aiomqtt import Client
from cryptography.hazmat.primitives import serialization

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.driver import ConnectionLost, TagSpec, WriteItem
from drivers.secret_store import PASSPHRASE, SecretStore
from drivers.sparkplug.client import SparkplugDriver
from drivers.sparkplug.payload import Metric, MetricType
from tests.drivers.opcua.authority import Authority
from tests.drivers.sparkplug.broker_process import mosquitto
from tests.drivers.sparkplug.edge import Edge

SPEED = "Plant1/Edge1/Pump1:Speed"
FAR = 1 << 62
LONG_AGO = 1_700_000_000 * clock.NS_PER_S


def driver_for(port: int, **options: object) -> SparkplugDriver:
    given = {"birth_ms": 2_000, "timeout_ms": 1_000} | options
    return SparkplugDriver.from_definition(
        ConnectionDefinition("broker", "sparkplug", f"sparkplug://127.0.0.1:{port}/Plant1", given)
    )


@asynccontextmanager
async def opened(driver: SparkplugDriver) -> AsyncIterator[SparkplugDriver]:
    try:
        await driver.open()
        yield driver
    finally:
        await driver.close()


def edge_at(port: int, bd_seq: int = 0) -> Edge:
    edge = Edge(port, bd_seq=bd_seq)
    edge.offer(
        Metric("Speed", 10.0, MetricType.DOUBLE),
        Metric("Total", 2**60 + 1, MetricType.UINT64),
        Metric("Batch", "A-17", MetricType.STRING),
        Metric("Limit", 0, MetricType.UINT8),
    )
    return edge


async def take(driver: SparkplugDriver, is_enough: Callable[[Block], bool]) -> Block:
    blocks: list[Block] = []
    async with asyncio.timeout(10):
        while not blocks or not is_enough(concatenate(blocks)):
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with mosquitto(tmp_path) as number:
        yield number


async def test_that_a_node_that_vanishes_is_bad_at_once_and_good_when_it_is_born_again(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port)) as driver:
        await driver.subscribe([TagSpec(3, SPEED)])
        await take(driver, lambda block: block.value[-1] == 10.0)
        await edge.die()
        lost = await take(driver, lambda block: block.status[-1] >= status.BAD)
        assert lost.status[-1] == status.BAD_NO_COMMUNICATION
        assert np.isnan(lost.value[-1])
        again = edge_at(port, bd_seq=1)
        await again.start()
        found = await take(driver, lambda block: block.status[-1] == status.GOOD)
        assert found.value[-1] == 10.0
        await again.stop()


async def test_that_a_tag_of_a_node_that_is_not_there_yet_is_bad_until_it_is_born(port: int) -> None:
    async with opened(driver_for(port, birth_ms=50)) as driver:
        (result,) = await driver.subscribe([TagSpec(0, SPEED)])
        assert result.status == status.GOOD
        first = await take(driver, lambda block: len(block) > 0)
        assert first.status.tolist() == [status.BAD_NO_COMMUNICATION]
        edge = edge_at(port)
        await edge.start()
        await take(driver, lambda block: block.value[-1] == 10.0)
        await edge.stop()


async def test_that_a_lost_message_is_mended_by_a_birth_that_is_asked_for(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port)) as driver:
        await driver.subscribe([TagSpec(0, SPEED)])
        births = edge.births
        with clock.frozen(clock.now_ns()) as advance:
            advance(60 * clock.NS_PER_S)
            edge.skip()
            await edge.tell({"Limit": 1})
            async with asyncio.timeout(5):
                while edge.births == births:  # noqa: ASYNC110 - the node raises no event
                    await asyncio.sleep(0.02)
        assert "1 messages never came" in driver.diagnose().notes
    await edge.stop()


async def test_that_large_counters_and_texts_come_exactly(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port)) as driver:
        block = await driver.read(
            [
                TagSpec(0, "Plant1/Edge1/Pump1:Total", data_type=DataType.INT64),
                TagSpec(1, "Plant1/Edge1/Pump1:Batch", data_type=DataType.STRING),
                TagSpec(2, SPEED),
            ]
        )
    assert block.exact is not None
    assert block.exact.tolist() == [2**60 + 1, "A-17", None]
    assert block.value[2] == 10.0
    assert status.good_mask(block.status).all()
    await edge.stop()


async def test_that_a_command_nobody_follows_is_not_known_and_sent_once(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port)) as driver:
        await driver.read([TagSpec(0, SPEED)])
        edge.is_mute = True
        sent = len(edge.commands)
        (result,) = await driver.write([WriteItem(SPEED, 30.0, FAR)])
        assert result.status == status.BAD_TIMEOUT
        assert "not known" in result.reason
        assert len(edge.commands) == sent + 1
        (refused,) = await driver.write([WriteItem("Plant1/Edge1/Pump1:Limit", 256.0, FAR)])
        assert refused.status == status.BAD_OUT_OF_RANGE
        assert len(edge.commands) == sent + 1
    await edge.stop()


async def test_that_nothing_is_sent_to_nodes_where_births_are_not_asked_for(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port, rebirth="never", birth_ms=100)) as driver:
        block = await driver.read([TagSpec(0, SPEED)])
        assert block.status.tolist() == [status.BAD_NO_COMMUNICATION]
        assert edge.commands == []
        await edge.bear()
        await driver.subscribe([TagSpec(0, SPEED)])
        await take(driver, lambda block: block.value[-1] == 10.0)
    await edge.stop()


async def test_that_edge_nodes_learn_whether_this_station_is_there(port: int) -> None:
    async with Client("127.0.0.1", port) as listener:
        async with opened(driver_for(port, host_id="station1")):
            await listener.subscribe("spBv1.0/STATE/station1")
            online = await anext(listener.messages)
            assert isinstance(online.payload, bytes)
            assert b'"online": true' in online.payload
        offline = await anext(listener.messages)
        assert isinstance(offline.payload, bytes)
        assert b'"online": false' in offline.payload


async def test_that_a_refused_login_says_what_to_check(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text("", encoding="utf-8")
    with (
        mosquitto(tmp_path, "allow_anonymous false", f"password_file {passwords}") as port,
        pytest.raises(ConnectionLost, match="check user, password"),
    ):
        await driver_for(port, user="somebody").open()


async def test_that_a_service_that_is_no_broker_says_so_and_nothing_goes_on() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    before = asyncio.all_tasks()
    with pytest.raises(ConnectionLost, match="is it an MQTT broker that listens there"):
        await driver_for(server.sockets[0].getsockname()[1], timeout_ms=400).open()
    assert {task.get_name() for task in asyncio.all_tasks() - before if "aenter" in str(task)} == set()
    server.close()


async def test_that_a_broker_without_tls_says_so(port: int) -> None:
    driver = SparkplugDriver.from_definition(
        ConnectionDefinition("b", "sparkplug", f"sparkplug+tls://127.0.0.1:{port}", {"timeout_ms": 1_000})
    )
    with pytest.raises(ConnectionLost, match="TLS"):
        await driver.open()


async def test_that_a_broker_is_believed_by_its_authority_alone(tmp_path: Path) -> None:
    authority = Authority()
    for made, name in ((authority.made, "ca"), (authority.issue("broker"), "broker")):
        certificate, _ = made.put(tmp_path, name)
        certificate.with_suffix(".pem").write_bytes(made.certificate.public_bytes(serialization.Encoding.PEM))
    lines = ("allow_anonymous true", f"certfile {tmp_path}/broker.pem", f"keyfile {tmp_path}/broker.key.pem")

    def encrypted(port: int, **options: object) -> SparkplugDriver:
        url = f"sparkplug+tls://127.0.0.1:{port}"
        return SparkplugDriver.from_definition(
            ConnectionDefinition("b", "sparkplug", url, {"timeout_ms": 2_000} | options, folder=str(tmp_path))
        )

    with mosquitto(tmp_path, *lines) as port:
        async with opened(encrypted(port, ca_file="ca.pem")) as driver:
            await driver.subscribe([])
        with pytest.raises(ConnectionLost, match="not trusted"):
            await encrypted(port).open()
        with pytest.raises(ConnectionLost, match=r"nowhere\.pem"):
            await encrypted(port, ca_file="nowhere.pem").open()
        with pytest.raises(ConnectionLost, match=r"does it want TLS|no answer"):
            await driver_for(port).open()


async def test_that_a_broker_is_logged_in_to_with_a_kept_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "open sesame")
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("mosquitto_passwd is not installed here (Debian package mosquitto)")
    passwords = tmp_path / "passwords"
    await asyncio.to_thread(subprocess.run, [program, "-b", "-c", str(passwords), "station", "valve"], check=True)
    SecretStore(tmp_path).write("broker", "valve")
    SecretStore(tmp_path).write("wrong", "gate")
    passwords.chmod(0o644)
    with mosquitto(tmp_path, "allow_anonymous false", f"password_file {passwords}") as port:
        for kept in ("broker", "wrong"):
            options: dict[str, object] = {"user": "station", "password_secret": kept, "timeout_ms": 1_000}
            url = f"sparkplug://127.0.0.1:{port}"
            driver = SparkplugDriver.from_definition(
                ConnectionDefinition("b", "sparkplug", url, options, folder=str(tmp_path))
            )
            if kept == "broker":
                async with opened(driver):
                    assert driver.diagnose().failures == 0
            else:
                with pytest.raises(ConnectionLost, match="check user, password"):
                    await driver.open()


def stored(number: int) -> Metric:
    """One value of those that a node kept while it was cut off: at the alias of Speed, a second after the other."""
    time = LONG_AGO + number * clock.NS_PER_S
    return Metric("", 1_000.0 + number, MetricType.DOUBLE, alias=10, time=time, is_historical=True)


async def test_that_what_a_node_had_stored_comes_beside_the_live_values_whole_and_in_order(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    past: list[Block] = []
    async with opened(driver_for(port)) as driver:
        driver.forward_to(past.append)
        await driver.subscribe([TagSpec(3, SPEED, gain=2.0)])
        await take(driver, lambda block: block.value[-1] == 20.0)
        await edge.die()
        await take(driver, lambda block: block.status[-1] >= status.BAD)
        again = edge_at(port, bd_seq=1)
        await again.start()
        for first in range(0, 500, 100):  # the newest of each batch first, as some do
            await again.send("DDATA", [stored(number) for number in reversed(range(first, first + 100))])
            await again.tell({"Speed": float(first)})
        live = await take(driver, lambda block: block.value[-1] == 800.0)
        assert live.value.tolist() == [20.0, 0.0, 200.0, 400.0, 600.0, 800.0]
        assert (await driver.read([TagSpec(0, SPEED)])).value.tolist() == [400.0]
        await again.stop()
    block = concatenate(past)
    assert block.handle.tolist() == [3] * 500
    assert block.value.tolist() == [2.0 * (1_000.0 + number) for number in range(500)]
    assert block.time.tolist() == [LONG_AGO + number * clock.NS_PER_S for number in range(500)]


async def test_that_nothing_stored_is_lost_where_the_host_comes_in_the_midst_of_it(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    past: list[Block] = []

    async def flush() -> None:
        for number in range(200):
            await edge.send("DDATA", [stored(number)])

    async with opened(driver_for(port)) as driver:
        driver.forward_to(past.append)
        flushing = asyncio.create_task(flush())  # the birth was before, and has to be asked for
        await driver.subscribe([TagSpec(3, SPEED)])
        await flushing
        await edge.tell({"Speed": -1.0})
        await take(driver, lambda block: block.value[-1] == -1.0)
    assert concatenate(past).time.tolist() == [LONG_AGO + number * clock.NS_PER_S for number in range(200)]
    await edge.stop()


async def test_that_a_value_of_the_past_confirms_no_command(port: int) -> None:
    edge = edge_at(port)
    await edge.start()
    async with opened(driver_for(port)) as driver:
        await driver.read([TagSpec(0, SPEED)])
        edge.is_mute = True
        edge.commands.clear()
        writing = asyncio.create_task(driver.write([WriteItem(SPEED, 1_000.0, FAR)]))
        async with asyncio.timeout(5):
            while not edge.commands:  # noqa: ASYNC110 - the node raises no event
                await asyncio.sleep(0.01)
        await edge.send("DDATA", [stored(0)])
        (result,) = await writing
    assert not result.is_answered
    await edge.stop()
