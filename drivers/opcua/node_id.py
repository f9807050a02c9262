"""NodeIds as text that outlives a server's restart: with the namespace's URI, not its index.

Grammar (OPC 10000-6, 5.3.1.10): `[nsu=<URI>;|ns=<index>;]<i|s|g|b>=<identifier>`.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Sequence

from asyncua import ua

from drivers.driver import BadAddress

GRAMMAR = (
    '[nsu=<namespace URI>;|ns=<index>;]<i|s|g|b>=<identifier>, for example "nsu=urn:plant;s=AC01.T", "ns=2;i=1001"'
)

_TEXT = re.compile(r"(?:nsu=(?P<uri>[^;]+);|ns=(?P<index>\d{1,5});)?(?P<kind>[isgb])=(?P<id>.+)", re.ASCII | re.DOTALL)


class UnknownNamespace(BadAddress):
    """The server has no namespace of the URI that an address names."""


def parse_node_id(text: str, namespaces: Sequence[str]) -> ua.NodeId:
    """Return the NodeId that `text` means to a server with these namespaces; raise BadAddress with the grammar."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise BadAddress(f'"{text}" is not a NodeId: write {GRAMMAR}')
    index = _index(text, match, namespaces)
    try:
        return _node_id(match["kind"], match["id"], index)
    except (ValueError, binascii.Error) as error:
        raise BadAddress(f'"{text}" is not a NodeId ({error}): write {GRAMMAR}') from error


def check_node_id(text: str) -> None:
    """Raise BadAddress with the grammar for what no server, whatever its namespaces, has as a NodeId."""
    match = _TEXT.fullmatch(text.strip())
    parse_node_id(text, ["", match["uri"]] if match and match["uri"] else [])


def format_node_id(node: ua.NodeId, namespaces: Sequence[str]) -> str:
    """Return a NodeId with its namespace's URI, or its index where the server does not name it."""
    index = node.NamespaceIndex
    if index == 0:
        prefix = ""
    elif index < len(namespaces) and ";" not in namespaces[index] and namespaces[index]:
        prefix = f"nsu={namespaces[index]};"
    else:
        prefix = f"ns={index};"
    identifier = node.Identifier
    if isinstance(identifier, bytes):
        return f"{prefix}b={base64.b64encode(identifier).decode('ascii')}"
    kind = "i" if isinstance(identifier, int) else "g" if isinstance(identifier, uuid.UUID) else "s"
    return f"{prefix}{kind}={identifier}"


def _index(text: str, match: re.Match[str], namespaces: Sequence[str]) -> int:
    if match["uri"] is None:
        return int(match["index"] or 0)
    if match["uri"] not in namespaces:
        raise UnknownNamespace(f'"{text}": the server has no such namespace; it has {", ".join(namespaces[1:])}')
    return namespaces.index(match["uri"])


def _node_id(kind: str, identifier: str, index: int) -> ua.NodeId:
    if index > 0xFFFF:
        raise ValueError("a namespace index is at most 65535")
    namespace = ua.Int16(index)
    if kind == "i":
        number = int(identifier)
        if not 0 <= number < 2**32:
            raise ValueError("a number is at most 4294967295")
        return ua.NodeId(ua.Int32(number), namespace)
    if kind == "g":
        return ua.NodeId(uuid.UUID(identifier), namespace)  # type: ignore[arg-type] # asyncua's Guid is UUID
    if kind == "b":
        return ua.NodeId(ua.ByteString(base64.b64decode(identifier, validate=True)), namespace)
    return ua.NodeId(ua.String(identifier), namespace)
