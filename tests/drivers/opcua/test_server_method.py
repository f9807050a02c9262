"""A method of our OPC UA server, called by asyncua's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.node import Node
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaStatusCodeError

from app.model import status
from drivers.opcua.server import OpcUaPublisher
from drivers.opcua.server_method import CallRefused, OpcUaArgument, OpcUaMethod

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMESPACE = "urn:foreshift:test"
CALLS: list[float] = []


def _run(minutes: float) -> tuple[float]:
    if minutes > 60.0:
        raise CallRefused(status.BAD_OUT_OF_RANGE)
    CALLS.append(minutes)
    return (2.0 * minutes,)


METHOD = OpcUaMethod(
    "Purge",
    "heat/SQ01",
    _run,
    title="Purge with nitrogen",
    description="氮气吹扫",
    inputs=(OpcUaArgument("Minutes", "Duration", "min"),),
    outputs=(OpcUaArgument("Nitrogen"),),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def furnace() -> AsyncIterator[Node]:
    server = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, (), [METHOD])
    await server.start()
    async with Client(server.url, timeout=5) as client:
        namespace = ua.Int16(await client.get_namespace_index(NAMESPACE))
        yield client.get_node(ua.NodeId(ua.String("/heat/SQ01"), namespace))
    await server.stop()


def _double(value: object) -> ua.Variant:
    return ua.Variant(value, ua.VariantType.Double)


async def test_that_a_method_is_called_with_its_arguments_and_answers(furnace: Node) -> None:
    (method,) = await furnace.get_children(nodeclassmask=ua.NodeClass.Method)
    CALLS.clear()
    assert await furnace.call_method(method.nodeid, _double(20.0)) == 40.0
    assert CALLS == [20.0]


async def test_that_a_client_sees_what_a_method_is_and_takes(furnace: Node) -> None:
    (method,) = await furnace.get_children(nodeclassmask=ua.NodeClass.Method)
    assert (await method.read_display_name()).Text == "Purge with nitrogen"
    assert (await method.read_description()).Text == "氮气吹扫"
    (given,) = await (await method.get_child("0:InputArguments")).read_value()
    assert (given.Name, given.Description.Text, given.DataType.Identifier) == ("Minutes", "Duration [min]", 11)
    (taken,) = await (await method.get_child("0:OutputArguments")).read_value()
    assert (taken.Name, taken.ValueRank) == ("Nitrogen", -1)


REFUSED = {
    "beyond what the machine does": ([_double(61.0)], StatusCodes.BadOutOfRange),
    "no argument": ([], StatusCodes.BadArgumentsMissing),
    "two arguments": ([_double(5.0), _double(5.0)], StatusCodes.BadTooManyArguments),
    "a text": ([ua.Variant("5", ua.VariantType.String)], StatusCodes.BadInvalidArgument),
    "an array": ([_double([5.0, 6.0])], StatusCodes.BadInvalidArgument),
    "nothing": ([ua.Variant(None, ua.VariantType.Null)], StatusCodes.BadInvalidArgument),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_that_a_call_that_is_not_for_it_is_refused_and_does_nothing(furnace: Node, case: str) -> None:
    given, code = REFUSED[case]
    (method,) = await furnace.get_children(nodeclassmask=ua.NodeClass.Method)
    CALLS.clear()
    with pytest.raises(UaStatusCodeError) as refusal:
        await furnace.call_method(method.nodeid, *given)
    assert (refusal.value.code, CALLS) == (code, [])
