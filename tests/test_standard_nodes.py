"""A server with copied standard nodes is the same as one that made them, and no two servers share one."""

from __future__ import annotations

from asyncua import ua
from asyncua.server.internal_server import InternalServer
from asyncua.server.server import Server

from tests import standard_nodes
from tests.standard_nodes import CopiedNodes

SERVER = ua.NodeId.from_string("i=2253")
NAMESPACES = ua.NodeId.from_string("i=2255")
OURS = ua.NodeId.from_string("ns=2;s=V")


async def test_that_the_copied_nodes_are_those_of_the_standard() -> None:
    made, server = InternalServer(), InternalServer()
    await standard_nodes._load(made)
    await server.load_standard_address_space()
    assert isinstance(server.aspace._nodes, CopiedNodes)
    assert list(server.aspace.keys()) == list(made.aspace.keys())
    assert len(server.aspace._nodes) == len(made.aspace._nodes) > 6_000
    for key in (SERVER, *list(made.aspace.keys())[::500]):
        ours, theirs = server.aspace[key], made.aspace[key]
        assert ours.references == theirs.references
        assert {name: kept.value.Value for name, kept in ours.attributes.items() if kept.value} == {
            name: kept.value.Value for name, kept in theirs.attributes.items() if kept.value
        }


async def test_that_what_one_server_changes_adds_or_deletes_is_not_so_in_another() -> None:
    first, second = Server(), Server()
    for server in (first, second):
        await server.init()
    before = await second.get_node(NAMESPACES).get_access_level()
    await first.get_node(NAMESPACES).set_writable()
    assert await first.get_node(NAMESPACES).get_access_level() != before
    assert await second.get_node(NAMESPACES).get_access_level() == before
    await first.nodes.objects.add_variable(OURS, "V", 1.0)
    assert len(first.iserver.aspace._nodes) == len(second.iserver.aspace._nodes) + 1
    await first.get_node(NAMESPACES).delete()
    assert NAMESPACES not in first.iserver.aspace
    assert NAMESPACES not in list(first.iserver.aspace.keys())
    assert OURS not in second.iserver.aspace
    assert NAMESPACES in second.iserver.aspace
