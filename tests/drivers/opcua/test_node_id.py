"""NodeIds as text."""

from __future__ import annotations

import uuid

import pytest
from asyncua import ua

from drivers.driver import BadAddress
from drivers.opcua.node_id import UnknownNamespace, format_node_id, parse_node_id

NAMESPACES = ["http://opcfoundation.org/UA/", "urn:server", "urn:plant"]


@pytest.mark.parametrize(
    ("text", "index", "identifier"),
    [
        ("nsu=urn:plant;s=AC01.T", 2, "AC01.T"),
        ("nsu=urn:plant;s=a;b=c", 2, "a;b=c"),
        ("nsu=urn:server;i=7", 1, 7),
        ("i=2258", 0, 2258),
        ("nsu=urn:plant;g=72962b91-fa75-4ae6-8d28-b404dc7daf63", 2, uuid.UUID("72962b91-fa75-4ae6-8d28-b404dc7daf63")),
        ("nsu=urn:plant;b=M/RbKBsRVkePCePcx24oRA==", 2, bytes.fromhex("33f45b281b1156478f09e3dcc76e2844")),
    ],
)
def test_that_a_node_id_is_understood_and_written_back(text: str, index: int, identifier: object) -> None:
    node = parse_node_id(text, NAMESPACES)
    assert (node.NamespaceIndex, node.Identifier) == (index, identifier)
    assert format_node_id(node, NAMESPACES) == text


def test_that_an_index_is_taken_as_it_is_and_written_as_its_uri() -> None:
    node = parse_node_id("ns=2;s=T", NAMESPACES)
    assert node == ua.NodeId(ua.String("T"), ua.Int16(2))
    assert format_node_id(node, NAMESPACES) == "nsu=urn:plant;s=T"
    assert format_node_id(node, []) == "ns=2;s=T"


@pytest.mark.parametrize(
    "text", ["", "T", "s=", "x=1", "i=T", "i=4294967296", "g=1", "b=?", "ns=70000;i=1", "nsu=;i=1"]
)
def test_that_what_is_no_node_id_is_refused_with_the_grammar(text: str) -> None:
    with pytest.raises(BadAddress, match="is not a NodeId") as caught:
        parse_node_id(text, NAMESPACES)
    assert "nsu=urn:plant;s=AC01.T" in str(caught.value)


def test_that_a_namespace_the_server_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(UnknownNamespace, match="it has urn:server, urn:plant"):
        parse_node_id("nsu=urn:other;s=T", NAMESPACES)
