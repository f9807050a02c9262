"""The OPC UA server, read by asyncua's own client."""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import BadUserAccessDenied

from app.model import status
from app.model.clock import NS_PER_S, from_datetime
from drivers.driver import DriverError
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from drivers.opcua.unit import ucum, unit_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMESPACE = "urn:foreshift:test"
POINTS = (
    OpcUaPoint("T", "air/AC01", title="Temperature", description="Oil", low=0.0, high=150.0, unit="Cel"),
    OpcUaPoint("N", "air/AC01", "Int16", writable=True),
    OpcUaPoint("RUN", "air", "Boolean", writable=True),
    OpcUaPoint("E", "", "UInt32"),
)
NOON = 1_700_000_000 * NS_PER_S


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def publisher() -> AsyncIterator[OpcUaPublisher]:
    server = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, POINTS)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def client(publisher: OpcUaPublisher) -> AsyncIterator[Client]:
    async with Client(publisher.url, timeout=5) as peer:
        yield peer


async def _node(client: Client, name: str) -> ua.NodeId:
    return ua.NodeId(ua.String(name), ua.Int16(await client.get_namespace_index(NAMESPACE)))


async def _read(client: Client, name: str) -> ua.DataValue:
    node = client.get_node(await _node(client, name))
    return await node.read_data_value(raise_on_bad_status=False)


async def test_that_values_carry_type_status_and_source_time(publisher: OpcUaPublisher, client: Client) -> None:
    values = {"T": 71.5, "N": 12.4, "RUN": 1.0, "E": 7.0, "elsewhere": 1.0}
    publisher.publish(values, NOON, {"T": status.UNCERTAIN_SENSOR_NOT_ACCURATE})
    temperature, number, running = [await _read(client, name) for name in ("T", "N", "RUN")]
    assert temperature.Value is not None
    assert temperature.Value.Value == 71.5
    assert temperature.StatusCode is not None
    assert temperature.StatusCode.value == status.UNCERTAIN_SENSOR_NOT_ACCURATE
    assert temperature.SourceTimestamp is not None
    assert from_datetime(temperature.SourceTimestamp) == NOON
    assert number.Value == ua.Variant(12, ua.VariantType.Int16)
    assert running.Value == ua.Variant(True, ua.VariantType.Boolean)


async def test_that_a_bad_value_has_no_value(publisher: OpcUaPublisher, client: Client) -> None:
    publisher.publish({"T": 1.0, "N": math.nan}, NOON, {"T": status.BAD_SENSOR_FAILURE})
    for name, code in (("T", status.BAD_SENSOR_FAILURE), ("N", status.BAD_NO_DATA)):
        value = await _read(client, name)
        assert value.StatusCode is not None
        assert value.StatusCode.value == code
        assert value.Value is not None
        assert value.Value.Value is None


async def test_that_a_variable_says_its_range_and_its_unit(client: Client) -> None:
    node = client.get_node(await _node(client, "T"))
    extent = await (await node.get_child("0:EURange")).read_value()
    unit = await (await node.get_child("0:EngineeringUnits")).read_value()
    assert (extent.Low, extent.High) == (0.0, 150.0)
    assert unit.UnitId == 4_408_652
    assert (await node.read_display_name()).Text == "Temperature"
    assert (await node.read_description()).Text == "Oil"


async def test_that_folders_lead_to_the_variables(client: Client) -> None:
    index = await client.get_namespace_index(NAMESPACE)
    path = [f"{index}:{name}" for name in ("air", "AC01", "T")]
    found = await client.nodes.objects.get_child(path)
    assert found.nodeid == await _node(client, "T")


async def test_that_every_time_step_reaches_a_subscriber(publisher: OpcUaPublisher, client: Client) -> None:
    received: list[float] = []
    arrived = asyncio.Event()

    def take(result: ua.PublishResult) -> None:
        for notification in result.NotificationMessage.NotificationData or []:
            assert isinstance(notification, ua.DataChangeNotification)
            received.extend(item.Value.Value.Value for item in notification.MonitoredItems if item.Value.Value)
        if received[-1:] == [4.0]:
            arrived.set()

    publisher.publish({"T": 0.0}, NOON)
    subscription = await client.uaclient.create_subscription(
        ua.CreateSubscriptionParameters(50.0, 1000, 10, 0, PublishingEnabled=True), take
    )
    wanted = ua.MonitoredItemCreateRequest(
        ua.ReadValueId(await _node(client, "T"), AttributeIds.Value),
        ua.MonitoringMode.Reporting,
        ua.MonitoringParameters(1, 0.0, None, 10, DiscardOldest=True),
    )
    await client.uaclient.create_monitored_items(
        ua.CreateMonitoredItemsParameters(subscription.SubscriptionId, ua.TimestampsToReturn.Both, [wanted])
    )
    for step in range(1, 5):
        publisher.publish({"T": float(step)}, NOON + step)
    await asyncio.wait_for(arrived.wait(), 5)
    assert received == [0.0, 1.0, 2.0, 3.0, 4.0]


async def test_that_a_written_value_is_told_and_read_back(publisher: OpcUaPublisher, client: Client) -> None:
    told: list[tuple[str, float]] = []
    publisher.on_write = lambda name, value: told.append((name, value))
    await client.get_node(await _node(client, "N")).write_value(ua.Variant(5, ua.VariantType.Int16))
    await client.get_node(await _node(client, "RUN")).write_value(True)
    assert told == [("N", 5.0), ("RUN", 1.0)]
    assert await client.get_node(await _node(client, "N")).read_value() == 5


async def test_that_a_value_not_writable_is_refused(client: Client) -> None:
    with pytest.raises(BadUserAccessDenied):
        await client.get_node(await _node(client, "T")).write_value(1.0)


async def test_that_a_port_in_use_is_named_with_its_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DriverError, match=rf"port {port} .* give another port"):
            await OpcUaPublisher("127.0.0.1", port, NAMESPACE, POINTS).start()


async def test_that_points_that_cannot_be_offered_are_refused() -> None:
    with pytest.raises(DriverError, match="ByteString is no number or text"):
        OpcUaPublisher("127.0.0.1", 0, NAMESPACE, [OpcUaPoint("a", data_type="ByteString")])
    with pytest.raises(DriverError, match="a is given twice"):
        OpcUaPublisher("127.0.0.1", 0, NAMESPACE, [OpcUaPoint("a"), OpcUaPoint("a")])


@pytest.mark.parametrize("unit", ["Cel", "bar", "kW.h", "{rpm}", "%", "m3/h", "L/h"])
async def test_that_units_survive_their_unece_code(unit: str) -> None:
    assert ucum(unit_id(unit), "?") == unit


async def test_that_a_unit_without_a_code_keeps_its_name() -> None:
    assert ucum(unit_id("furlong"), "furlong") == "furlong"
