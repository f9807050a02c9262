"""A NodeSet2 that another program has written, taken over before its server is there and then read from it."""

from __future__ import annotations

from pathlib import Path

from asyncua import ua
from asyncua.common.xmlexporter import XmlExporter
from asyncua.server.server import Server

from app.model.connection import ConnectionDefinition
from app.plant.tag_list.read import read_tag_list
from drivers.driver import TagSpec
from drivers.loopback import claim_port
from drivers.opcua.client import OpcUaDriver

URI = "urn:maker:press"


async def test_that_a_nodeset_of_asyncua_gives_tags_that_its_server_has(tmp_path: Path) -> None:
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{claim_port('127.0.0.1', 0)}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    space = await server.register_namespace(URI)
    press = await server.nodes.objects.add_object(space, "Press1")
    force = await press.add_variable(space, "Force", 12.5, ua.VariantType.Double)
    await force.add_property(0, "EURange", ua.Range(0.0, 2500.0))
    count = await press.add_variable(space, "Count", 7, ua.VariantType.Int64)
    name = await press.add_variable(space, "Order", "A-17", ua.VariantType.String)
    await press.add_variable(space, "Curve", [1.0, 2.0], ua.VariantType.Double)
    exporter = XmlExporter(server, export_values=True)
    await exporter.build_etree([press, *await press.get_children(), *await force.get_children()])
    path = tmp_path / "press.xml"
    await exporter.write_xml(path)
    found = read_tag_list(path)
    tags = {entry.name: entry.keys for entry in found.entries}
    assert set(tags) == {"Press1.Force", "Press1.Count", "Press1.Order"}
    assert tags["Press1.Force"]["range"] == [0.0, 2500.0]
    assert (tags["Press1.Count"]["type"], tags["Press1.Order"]["type"]) == ("int64", "text")
    assert ["Curve" in problem.message for problem in found.problems] == [True]
    async with server:
        definition = ConnectionDefinition(
            "c", "opcua", server.endpoint.geturl(), {"security": "None"}, folder=str(tmp_path)
        )
        driver = OpcUaDriver.from_definition(definition)
        await driver.open()
        addresses = [str(tags[f"Press1.{each}"]["address"]) for each in ("Force", "Count", "Order")]
        block = await driver.read([TagSpec(row, address, data_type=None) for row, address in enumerate(addresses)])
        await driver.close()
    assert block.status.tolist() == [0, 0, 0]
    assert block.value[0] == 12.5
    assert block.exact is not None
    assert block.exact.tolist()[1:] == [7, "A-17"]
    assert (await count.read_value(), await name.read_value()) == (7, "A-17")
