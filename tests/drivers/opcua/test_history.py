"""The history of an OPC UA server, read from servers that page well and from servers that do not."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.server.history import HistoryDict
from asyncua.server.server import Server
from asyncua.ua.object_ids import ObjectIds

from app.__main__ import main
from app.model import clock, status
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.conformance import opened
from drivers.conformance.historian import HistorianContract, Past, past_of
from drivers.driver import Driver, TagSpec
from drivers.historian import NoHistory, historian_of
from drivers.loopback import claim_port
from drivers.opcua import history, history_message
from drivers.opcua.bounds import BoundedBuffer, Unbelievable
from drivers.opcua.client import OpcUaDriver
from tests.drivers.opcua.server_thread import running

START = 1_700_000_000 * clock.NS_PER_S
STEP = 250 * clock.NS_PER_MS
SAMPLES = 2_300
TIMES = [START + number * STEP for number in range(SAMPLES)]
LARGE = 2**60 + 1
FOR_EVER = timedelta(days=36_500)


def _driver(port: int) -> OpcUaDriver:
    definition = ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", {"timeout_ms": 2_000})
    return OpcUaDriver.from_definition(definition)


def _sample(value: ua.Variant, time: int, code: int = status.GOOD) -> ua.DataValue:
    moment: Any = clock.to_datetime(time)
    return ua.DataValue(value, ua.StatusCode(ua.UInt32(code)), moment, moment)


class _Paging(HistoryDict):
    """Pages of 700 values, or of as many as are asked for, with a point where more follow."""

    async def read_node_history(
        self, node_id: ua.NodeId, start: datetime | None, end: datetime | None, nb_values: int
    ) -> tuple[list[ua.DataValue], datetime | None]:
        found, _ = await super().read_node_history(node_id, start, end, 0)
        most = min(nb_values or 700, 700)
        return found[:most], found[most].SourceTimestamp if len(found) > most else None


class _Repeating(_Paging):
    """Says at the end of each page that the same page follows."""

    async def read_node_history(
        self, node_id: ua.NodeId, start: datetime | None, end: datetime | None, nb_values: int
    ) -> tuple[list[ua.DataValue], datetime | None]:
        self.asked = getattr(self, "asked", 0) + 1
        found, point = await super().read_node_history(node_id, start, end, nb_values)
        return found, found[0].SourceTimestamp if point else None


class _Endless(HistoryDict):
    """Gives the first values for ever."""

    async def read_node_history(
        self, node_id: ua.NodeId, start: datetime | None, end: datetime | None, nb_values: int
    ) -> tuple[list[ua.DataValue], datetime | None]:
        self.asked = getattr(self, "asked", 0) + 1
        moment = self._datachanges[node_id][0].SourceTimestamp
        return self._datachanges[node_id][:10], moment


class _Pointless(HistoryDict):
    """Gives at most what is asked for, and no point (as asyncua's own memory does)."""


@asynccontextmanager
async def _serving(storage: HistoryDict) -> AsyncIterator[tuple[Past, Server]]:
    server = Server()
    await server.init()
    port = claim_port("127.0.0.1", 0)
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    server.iserver.history_manager.set_storage(storage)
    names = ("A", "B", "C")
    for offset, name in enumerate(names):
        node = await server.nodes.objects.add_variable(ua.NodeId(ua.String(name), ua.Int16(2)), name, 0.0)
        await server.historize_node_data_change(node, period=FOR_EVER)
        kept = storage._datachanges[node.nodeid]
        kept[:] = [
            _sample(ua.Variant(float(number + offset), ua.VariantType.Double), time)
            for number, time in enumerate(TIMES)
        ]
    await server.nodes.objects.add_variable(ua.NodeId(ua.String("unkept"), ua.Int16(2)), "unkept", 0.0)
    await server.start()
    try:
        yield Past(port, TIMES, [f"ns=2;s={name}" for name in names], "ns=2;s=unkept", "ns=2;s=missing"), server
    finally:
        await server.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[_Paging, _Repeating, _Pointless])
async def past(request: pytest.FixtureRequest) -> AsyncIterator[Past]:
    async with _serving(request.param()) as (kept, _):
        yield kept


@pytest.mark.asyncio(loop_scope="module")
class TestHistoryOfServersThatPage(HistorianContract):
    def driver(self, port: int) -> Driver:
        return _driver(port)


async def test_that_a_page_that_comes_for_ever_ends_the_reading_of_that_tag_with_a_reason() -> None:
    storage = _Endless()
    async with _serving(storage) as (kept, _), opened(_driver(kept.port)) as driver:
        block, ends = await past_of(driver, [TagSpec(0, kept.addresses[0])], START, TIMES[-1])
    assert block.time.tolist() == TIMES[:10]
    assert [end.status for end in ends] == [status.BAD_DATA_LOST]
    assert "again and again" in ends[0].reason
    assert storage.asked < 15


async def test_that_codes_and_exact_values_come_as_the_server_keeps_them() -> None:
    storage = _Paging()
    async with _serving(storage) as (kept, server), opened(_driver(kept.port)) as driver:
        node = await server.nodes.objects.add_variable(ua.NodeId(ua.String("N"), ua.Int16(2)), "N", 0)
        await server.historize_node_data_change(node, period=FOR_EVER)
        storage._datachanges[node.nodeid][:] = [
            _sample(ua.Variant(LARGE, ua.VariantType.Int64), START),
            _sample(ua.Variant(5, ua.VariantType.Int64), START + 1_000, status.UNCERTAIN_LAST_USABLE_VALUE | 0x0500),
            _sample(ua.Variant(None, ua.VariantType.Null), START + 2_000, status.BAD_SENSOR_FAILURE),
        ]
        block, _ = await past_of(driver, [TagSpec(0, "ns=2;s=N", data_type=DataType.INT64)], START, START + 10_000)
    assert block.exact is not None
    assert block.exact.tolist()[:2] == [LARGE, 5]
    assert block.status.tolist() == [0, status.UNCERTAIN_LAST_USABLE_VALUE | 0x0500, status.BAD_SENSOR_FAILURE]


def _answer(*results: bytes) -> Buffer:
    head = struct.pack("<BBH", 1, 0, ObjectIds.HistoryReadResponse_Encoding_DefaultBinary)
    header = struct.pack("<qIIBi3s", 0, 1, 0, 0, -1, bytes(3))
    return BoundedBuffer(head + header + struct.pack("<i", len(results)) + b"".join(results))


def _result(values: list[tuple[float, int]], announced: int | None = None, kind: int = 0) -> bytes:
    data = b"".join(struct.pack("<BBdq", 0x05, 11, value, ticks) for value, ticks in values)
    body = struct.pack("<i", len(values) if announced is None else announced) + data
    kind = kind or ObjectIds.HistoryData_Encoding_DefaultBinary
    return struct.pack("<Ii", 0, -1) + struct.pack("<BBHBi", 1, 0, kind, 1, len(body)) + body


def test_that_times_keep_the_100_ns_of_the_standard() -> None:
    base = 133_444_736_000_000_000
    (answer,) = history_message.history_answers(_answer(_result([(1.0, base), (2.0, base + 1)])), is_exact=False)
    assert answer.changes is not None
    assert (answer.changes.time[1] - answer.changes.time[0]) == 100
    assert answer.changes.value.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "result",
    [_result([], announced=2**31 - 1), _result([(1.0, 5)], kind=ObjectIds.EventFilter_Encoding_DefaultBinary)],
)
def test_that_an_answer_that_cannot_be_is_refused(result: bytes) -> None:
    with pytest.raises(Unbelievable):
        history_message.history_answers(_answer(result), is_exact=False)


def test_that_a_driver_without_a_history_says_so() -> None:
    with pytest.raises(NoHistory, match="plc: its driver knows no history"):
        historian_of(object(), "plc")


def test_that_the_command_reads_a_stretch_and_tells_what_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    with running(_serving(_Paging())) as (kept, _):
        url = f"opc.tcp://127.0.0.1:{kept.port}"
        code = main(["read", url, kept.addresses[0], "--from", "2023-11-14T22:13:20Z", "--to", "2023-11-14T22:13:21Z"])
        told = capsys.readouterr().out.splitlines()
        assert code == 0
        assert len(told) == 4
        assert told[1] == "2023-11-14T22:13:20.250Z  ns=2;s=A  1.0  Good"
        assert main(["read", url, kept.addresses[0], kept.unkept, "--from", "2023-11-14", "--limit", "2"]) == 1
        said = capsys.readouterr()
        assert len(said.out.splitlines()) == 2
        assert "there is more: raise --limit" in said.err
        assert "keeps no history" in said.err
    assert main(["read", url, "ns=2;s=A", "--to", "2023-11-14"]) != 0
    assert "does not say where to begin" in capsys.readouterr().err


def test_that_a_page_is_not_larger_than_a_decoder_may_take_for_texts() -> None:
    assert history.PAGE * history.MOST_NODES <= 10_000
