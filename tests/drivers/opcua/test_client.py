"""The OPC UA driver against servers with many tags, odd types, wrong clocks, and servers that hang or refuse."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np
import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.common.node import Node
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.server import Server

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.conformance.turn_clock import turn_clock
from drivers.driver import BrowseEntry, ConnectionLost, Refused, TagSpec, WriteItem
from drivers.loopback import claim_port
from drivers.opcua.client import OpcUaDriver
from tests.drivers.opcua.served import ADDRESS

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = 3_000
IN_ONE_FOLDER = 500
FAR = 1 << 62
VARIABLE = "PLANT_PASSWORD"


class _Guests:
    """Lets in whoever knows the password, and anonymous clients."""

    def get_user(
        self,
        iserver: object,
        username: str | None = None,
        password: str | bytes | None = None,
        certificate: object = None,
    ) -> User | None:
        known = password.decode() if isinstance(password, bytes) else password
        return None if username and known != "right" else User(role=UserRole.User)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[Server]:
    server = Server(user_manager=_Guests())  # type: ignore[arg-type]
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{claim_port('127.0.0.1', 0)}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    for number in range(MANY):
        if number % IN_ONE_FOLDER == 0:
            folder = await server.nodes.objects.add_folder(2, f"many{number}")
        await folder.add_variable(_id(f"m{number}"), f"2:m{number}", float(number))
    for name, value, variant_type in (
        ("text", "12.5", ua.VariantType.String),
        ("word", "off", ua.VariantType.String),
        ("array", [1.0, 2.0], ua.VariantType.Double),
        ("byte", 7, ua.VariantType.Byte),
        ("single", 1.5, ua.VariantType.Float),
        ("flag", True, ua.VariantType.Boolean),
        ("total", (1 << 53) + 1, ua.VariantType.Int64),
    ):
        node = await server.nodes.objects.add_variable(_id(name), f"2:{name}", value, variant_type)
        await node.set_writable()
    await server.register_namespace("urn:test")
    await server.start()
    yield server
    await server.stop()


def _id(name: str) -> ua.NodeId:
    return ua.NodeId(ua.String(name), ua.Int16(2))


@asynccontextmanager
async def _opened(server: Server | str, **options: object) -> AsyncIterator[OpcUaDriver]:
    url = server if isinstance(server, str) else server.endpoint.geturl()
    driver = OpcUaDriver.from_definition(ConnectionDefinition("c", "opcua", url, options))
    try:
        await driver.open()
        yield driver
    finally:
        await driver.close()


async def _take(driver: OpcUaDriver, is_enough: Callable[[Block], bool]) -> Block:
    blocks: list[Block] = []
    async with asyncio.timeout(20):
        while not blocks or not is_enough(concatenate(blocks)):
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


async def test_that_many_first_values_arrive_without_a_loss(server: Server) -> None:
    async with _opened(server) as driver:
        results = await driver.subscribe([TagSpec(n, f"ns=2;s=m{n}", 100) for n in range(MANY)])
        block = await _take(driver, lambda block: len(block) >= MANY)
        assert all(result.status == status.GOOD for result in results)
        assert driver.diagnose().requests <= 1 + 2 * MANY // 500
        assert driver.diagnose().notes == ()
    assert sorted(block.handle.tolist()) == list(range(MANY))
    assert np.array_equal(block.value, block.handle.astype(float))


async def test_that_every_sample_between_two_notifications_is_delivered_in_order(server: Server) -> None:
    node = server.get_node(_id("m1"))
    async with _opened(server) as driver:
        await driver.subscribe([TagSpec(0, "ns=2;s=m1", 200)])
        await _take(driver, lambda block: len(block) >= 1)
        for value in range(100, 109):
            await node.write_value(float(value))
        block = await _take(driver, lambda block: block.value[-1] == 108.0)
    assert block.value.tolist() == [float(value) for value in range(100, 109)]


@pytest.mark.parametrize(("trigger", "expected"), [("timestamp", [5.0, 5.0, 6.0]), ("value", [5.0, 6.0])])
async def test_that_an_unchanged_value_with_a_new_time_is_delivered_where_wanted(
    server: Server, trigger: str, expected: list[float]
) -> None:
    node = server.get_node(_id("m2"))
    await _write_at(node, 5.0, 0)
    async with _opened(server, trigger=trigger) as driver:
        await driver.subscribe([TagSpec(0, "ns=2;s=m2", 50)])
        await _take(driver, lambda block: len(block) >= 1)
        for value, after_s in ((5.0, 1), (6.0, 2)):
            await _write_at(node, value, after_s)
        block = await _take(driver, lambda block: block.value[-1] == 6.0)
    assert [5.0, *block.value.tolist()] == expected


async def _write_at(node: Node, value: float, after_s: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=after_s)
    await node.write_value(
        ua.DataValue(ua.Variant(value, ua.VariantType.Double), SourceTimestamp=cast("ua.DateTime", moment))
    )


async def test_that_status_and_source_time_pass_unchanged(server: Server) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    code = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH
    await server.get_node(_id("m3")).write_value(
        ua.DataValue(ua.Variant(1.0), ua.StatusCode(ua.UInt32(code)), cast("ua.DateTime", moment))
    )
    async with _opened(server) as driver:
        await driver.subscribe([TagSpec(0, "ns=2;s=m3", 50)])
        block = await _take(driver, lambda block: len(block) >= 1)
    assert block.status.tolist() == [code]
    assert block.time.tolist() == [clock.from_datetime(moment)]


async def test_that_a_tag_that_loses_digits_of_whole_numbers_is_told_with_its_remedy(server: Server) -> None:
    tags = [TagSpec(0, "ns=2;s=total", 100), TagSpec(1, "ns=2;s=total", 100, data_type=DataType.INT64)]
    for each, is_told in ((tags[0], True), (tags[1], False)):
        async with _opened(server) as driver:
            await driver.subscribe([each])
            await _take(driver, lambda block: len(block) > 0)
            found = [note for note in driver.diagnose().notes if 'type = "int64": ns=2;s=total' in note]
            assert bool(found) == is_told


async def test_that_a_type_that_is_no_number_is_a_bad_sample_not_a_failure(server: Server) -> None:
    async with _opened(server) as driver:
        block = await driver.read([TagSpec(0, f"ns=2;s={name}") for name in ("text", "word", "array", "flag")])
    assert block.status.tolist() == [0, status.BAD_TYPE_MISMATCH, status.BAD_TYPE_MISMATCH, 0]
    assert block.value[[0, 3]].tolist() == [12.5, 1.0]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("byte", 255.0, status.GOOD),
        ("single", 2.5, status.GOOD),
        ("flag", 0.0, status.GOOD),
        ("byte", 256.0, status.BAD_OUT_OF_RANGE),
        ("byte", -1.0, status.BAD_OUT_OF_RANGE),
        ("byte", float("nan"), status.BAD_OUT_OF_RANGE),
        ("flag", 2.0, status.BAD_OUT_OF_RANGE),
        ("text", 1.0, status.BAD_TYPE_MISMATCH),
        ("array", 1.0, status.BAD_TYPE_MISMATCH),
    ],
)
async def test_that_a_number_is_written_as_the_type_the_variable_has(
    server: Server, name: str, value: float, expected: int
) -> None:
    before = await server.get_node(_id(name)).read_value()
    async with _opened(server) as driver:
        (result,) = await driver.write([WriteItem(f"ns=2;s={name}", value, FAR)])
    assert result.status == expected
    after = await server.get_node(_id(name)).read_value()
    assert after == (value if expected == status.GOOD else before)


async def test_that_a_deadband_passes_over_small_changes(server: Server) -> None:
    node = server.get_node(_id("m0"))
    await node.write_value(1.0)
    async with _opened(server, deadband=5.0) as driver:
        await driver.subscribe([TagSpec(0, "ns=2;s=m0", scan_ms=50, gain=10.0)])
        blocks = [await _take(driver, lambda block: 10.0 in block.value)]
        for value in (1.2, 2.0):
            await node.write_value(value)
        blocks.append(await _take(driver, lambda block: 20.0 in block.value))
        assert concatenate(blocks).value.tolist() == [10.0, 20.0]
    await node.write_value(0.0)


async def test_that_requests_are_cut_to_what_the_server_takes(server: Server) -> None:
    async with _opened(server, max_items=100) as driver:
        block = await driver.read([TagSpec(n, f"ns=2;s=m{n}") for n in range(10, 350)])
        assert driver.diagnose().requests == 4
    assert block.value.tolist() == [float(n) for n in range(10, 350)]


async def test_that_what_a_server_says_of_itself_comes_behind_what_it_serves(server: Server) -> None:
    async with _opened(server) as driver:
        entries = (await driver.browse()).entries
    is_own = [entry.address.startswith("i=") for entry in entries]
    assert True in is_own
    assert False in is_own
    assert is_own == sorted(is_own)


async def test_that_a_large_folder_is_browsed_page_by_page(server: Server) -> None:
    found: list[BrowseEntry] = []
    async with _opened(server) as driver:
        await driver.browse()
        assert driver.diagnose().requests <= 6
        (folder,) = [entry for entry in (await driver.browse()).entries if entry.name == "many0"]
        page = await driver.browse(folder.address)
        found += page.entries
        while page.cursor:
            assert len(page.entries) <= 200
            page = await driver.browse(folder.address, page.cursor)
            found += page.entries
    assert [entry.name for entry in found] == [f"m{n}" for n in range(IN_ONE_FOLDER)]
    assert found[0].address == "nsu=urn:test;s=m0"
    assert found[0].data_type == "Double"


async def test_that_times_of_a_server_whose_clock_is_wrong_are_corrected(server: Server) -> None:
    with clock.frozen(clock.now_ns()) as advance:
        advance(8 * 3_600 * clock.NS_PER_S)
        async with _opened(server) as driver:
            await server.get_node(_id("m4")).write_value(4.0)
            block = await driver.read([TagSpec(0, "ns=2;s=m4")])
            assert any("clock is -288" in note for note in driver.diagnose().notes)
        assert abs(int(block.time[0]) - clock.now_ns()) < 10 * clock.NS_PER_S


async def test_that_a_clock_that_goes_wrong_while_connected_is_found_within_the_hour(server: Server) -> None:
    with clock.frozen(clock.now_ns()) as advance:
        async with _opened(server) as driver:
            assert abs(driver.diagnose().clock_ahead_s) < 10.0
            advance(3_600 * clock.NS_PER_S)
            async with asyncio.timeout(10):
                while abs(driver.diagnose().clock_ahead_s) < 10.0:  # noqa: ASYNC110 - it is looked at every second
                    await asyncio.sleep(0.05)
            assert driver.diagnose().clock_ahead_s == pytest.approx(-3_600.0, abs=30.0)
            await server.get_node(_id("m4")).write_value(4.5)
            block = await driver.read([TagSpec(0, "ns=2;s=m4")])
        assert abs(int(block.time[0]) - clock.now_ns()) < 30 * clock.NS_PER_S


async def test_that_the_password_opens_the_session_and_a_wrong_one_says_so(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "right")
    async with _opened(server, user="op", password_env=VARIABLE, security="None") as driver:
        assert len(await driver.read([TagSpec(0, "ns=2;s=m5")])) == 1
    monkeypatch.setenv(VARIABLE, "wrong")
    with pytest.raises(Refused, match="refuses this user"):
        async with _opened(server, user="op", password_env=VARIABLE, security="None"):
            pass


async def test_that_a_port_that_never_answers_is_given_up_in_bounded_time() -> None:
    def ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(ignore, "127.0.0.1", 0)
    url = f"opc.tcp://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    with turn_clock() as waited, pytest.raises(ConnectionLost, match=f"{url}: no answer: is the server on"):
        async with _opened(url, timeout_ms=300):
            pass
    assert waited.seconds < 2.0
    for writer in writers:
        writer.close()
    silent.close()


async def test_that_another_protocol_on_the_port_is_a_clear_failure() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" * 3)
        await reader.read(1_000)
        writer.close()

    other = await asyncio.start_server(greet, "127.0.0.1", 0)
    url = f"opc.tcp://127.0.0.1:{other.sockets[0].getsockname()[1]}"
    with pytest.raises(ConnectionLost, match=url):
        async with _opened(url, timeout_ms=500):
            pass
    other.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
async def test_that_a_stopped_server_is_noticed_and_its_return_served_by_a_fresh_driver() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.drivers.opcua.served", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(40):
            url = (await process.stdout.readline()).decode().strip()
        async with _opened(url) as driver:
            await driver.subscribe([TagSpec(0, ADDRESS, 100)])
            await _take(driver, lambda block: len(block) >= 1)
            process.send_signal(signal.SIGSTOP)
            began = clock.monotonic_ns()
            with pytest.raises(ConnectionLost, match="silent for"):
                await _take(driver, lambda block: False)
            noticed = clock.monotonic_ns()
            await driver.close()
            assert noticed - began < 2.3 * clock.NS_PER_S
            assert clock.monotonic_ns() - noticed < 2 * clock.NS_PER_S
        process.send_signal(signal.SIGCONT)
        async with _opened(url) as driver:
            await driver.subscribe([TagSpec(0, ADDRESS, 100)])
            await _take(driver, lambda block: len(block) >= 1)
            process.kill()
            with pytest.raises(ConnectionLost, match="closed the connection"):
                await _take(driver, lambda block: False)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
