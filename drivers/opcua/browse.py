"""What an OPC UA server offers: folders and variables with type, range and unit, page by page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from drivers.driver import BadAddress, BrowseEntry, BrowsePage, DriverError
from drivers.opcua.node_id import format_node_id, parse_node_id
from drivers.opcua.session import Session
from drivers.opcua.unit import ucum

PAGE = 200
_CONTINUE, _SKIP = b"c", b"s"
_OBJECT_OR_VARIABLE = 3
_BUILT_IN_TYPES = 25


class Browser:
    """Browses one server; keeps what a server that knows no pages has sent beyond the page asked for."""

    def __init__(self, session: Session) -> None:
        """Browse through `session`."""
        self._session = session
        self._rest: tuple[str, list[ua.ReferenceDescription]] = ("", [])

    async def browse(self, reference: str, cursor: bytes) -> BrowsePage:
        """Return a page of what stands below `reference`, "" being the Objects folder; raise BadAddress.

        What the server says of itself, the namespace of OPC UA, comes behind what it serves.
        """
        session = self._session
        node = parse_node_id(reference or f"i={ObjectIds.ObjectsFolder}", session.namespaces)
        found, following = await self._children(reference, node, cursor)
        found = sorted(found, key=lambda child: child.NodeId.NamespaceIndex == 0)
        details = await _Details(session).of([_node_id(child) for child in found])
        entries = (_entry(session, child, detail) for child, detail in zip(found, details, strict=True))
        return BrowsePage(tuple(entries), following)

    async def _children(
        self, reference: str, node: ua.NodeId, cursor: bytes
    ) -> tuple[list[ua.ReferenceDescription], bytes]:
        """Return references and the cursor behind them."""
        skip = int(cursor[1:]) if cursor[:1] == _SKIP else 0
        if not skip or self._rest[0] != reference:
            point = cursor[1:] if cursor[:1] == _CONTINUE else b""
            references, following = await self._ask(node, point, page=0 if skip else PAGE)
            if following:
                return references, _CONTINUE + following
            self._rest = (reference, references)
        references = self._rest[1]
        end = skip + PAGE
        if end < len(references):
            return references[skip:end], _SKIP + str(end).encode()
        self._rest = ("", [])
        return references[skip:], b""

    async def _ask(self, node: ua.NodeId, point: bytes, *, page: int) -> tuple[list[ua.ReferenceDescription], bytes]:
        if point:
            results = await self._session.request(lambda client: _browse_next(client, point))
        else:
            results = await self._session.request(lambda client: _browse(client, [_description(node)], page=page))
        if len(results) != 1 or not results[0].StatusCode.is_good():
            name = results[0].StatusCode.name if results else "no answer"
            raise BadAddress(f"{format_node_id(node, self._session.namespaces)} cannot be browsed: {name}")
        return list(results[0].References or []), bytes(results[0].ContinuationPoint or b"")


def _description(
    node: ua.NodeId, reference: int = ObjectIds.HierarchicalReferences, classes: int = _OBJECT_OR_VARIABLE
) -> ua.BrowseDescription:
    return ua.BrowseDescription(
        NodeId=node,
        BrowseDirection=ua.BrowseDirection.Forward,
        ReferenceTypeId=ua.NodeId(ua.Int32(reference)),
        IncludeSubtypes=True,
        NodeClassMask=ua.UInt32(classes),
        ResultMask=ua.UInt32(63),
    )


async def _browse(client: Client, wanted: list[ua.BrowseDescription], *, page: int = 0) -> list[ua.BrowseResult]:
    return await client.uaclient.browse(
        ua.BrowseParameters(RequestedMaxReferencesPerNode=ua.UInt32(page), NodesToBrowse=wanted)
    )


async def _browse_next(client: Client, point: bytes) -> list[ua.BrowseResult]:
    return await client.uaclient.browse_next(ua.BrowseNextParameters(False, [ua.ByteString(point)]))  # noqa: FBT003


class _Detail:
    """What is known of one node besides its name."""

    __slots__ = ("data_type", "description", "has_children", "high", "is_readable", "low", "unit")

    def __init__(self) -> None:
        self.description = ""
        self.data_type = ""
        self.unit = ""
        self.low = math.nan
        self.high = math.nan
        self.is_readable = False
        self.has_children = False


class _Details:
    """Fetches descriptions, types, properties and whether there are children, for many nodes at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of(self, nodes: Sequence[ua.NodeId]) -> list[_Detail]:
        details = [_Detail() for _ in nodes]
        await self._attributes(nodes, details)
        below = await self._session.in_batches(
            [_description(node) for node in nodes], _browse, refused=lambda _: ua.BrowseResult()
        )
        properties = []
        for detail, result in zip(details, below, strict=True):
            for child in result.References or []:
                name = child.BrowseName.Name if child.ReferenceTypeId.Identifier == ObjectIds.HasProperty else ""
                detail.has_children = detail.has_children or not name
                if name in {"EURange", "EngineeringUnits"}:
                    properties.append((detail, _node_id(child)))
        await self._properties(properties)
        return details

    async def _read(self, wanted: list[ua.ReadValueId]) -> list[object]:
        values = await self._session.in_batches(wanted, _read, refused=lambda _: ua.DataValue())
        return [None if value.Value is None else value.Value.Value for value in values]

    async def _attributes(self, nodes: Sequence[ua.NodeId], details: Sequence[_Detail]) -> None:
        attributes = (AttributeIds.Description, AttributeIds.DataType, AttributeIds.UserAccessLevel)
        found = await self._read([ua.ReadValueId(node, attribute) for node in nodes for attribute in attributes])
        for row, detail in enumerate(details):
            description, data_type, access = found[3 * row : 3 * row + 3]
            detail.description = (description.Text or "") if isinstance(description, ua.LocalizedText) else ""
            detail.data_type = self._type_name(data_type)
            detail.is_readable = isinstance(access, int) and bool(access & 1)

    async def _properties(self, properties: Sequence[tuple[_Detail, ua.NodeId]]) -> None:
        found = await self._read([ua.ReadValueId(node, AttributeIds.Value) for _, node in properties])
        for (detail, _), value in zip(properties, found, strict=True):
            if isinstance(value, ua.Range):
                detail.low, detail.high = float(value.Low), float(value.High)
            elif isinstance(value, ua.EUInformation):
                detail.unit = ucum(int(value.UnitId), value.DisplayName.Text or "")

    def _type_name(self, data_type: object) -> str:
        if not isinstance(data_type, ua.NodeId):
            return ""
        if data_type.NamespaceIndex == 0 and isinstance(data_type.Identifier, int):
            if 0 < data_type.Identifier <= _BUILT_IN_TYPES:
                return ua.VariantType(data_type.Identifier).name
            return _standard_name(data_type.Identifier)
        return format_node_id(data_type, self._session.namespaces)


def _standard_name(identifier: int) -> str:
    names = (name for name, value in vars(ObjectIds).items() if value == identifier)
    return next(names, f"i={identifier}")


async def _read(client: Client, wanted: list[ua.ReadValueId]) -> list[ua.DataValue]:
    return await client.uaclient.read(ua.ReadParameters(NodesToRead=wanted))


def _node_id(reference: ua.ReferenceDescription) -> ua.NodeId:
    """Return the plain NodeId of a reference; raise DriverError for one in another server."""
    node = reference.NodeId
    if getattr(node, "ServerIndex", 0):
        raise DriverError(f"{node} stands in another server, which is not browsed from here")
    return ua.NodeId(node.Identifier, node.NamespaceIndex)


def _entry(session: Session, child: ua.ReferenceDescription, detail: _Detail) -> BrowseEntry:
    name = child.DisplayName.Text or child.BrowseName.Name or ""
    return BrowseEntry(
        address=format_node_id(_node_id(child), session.namespaces),
        name=name,
        description="" if detail.description == name else detail.description,
        data_type=detail.data_type,
        unit=detail.unit,
        low=detail.low,
        high=detail.high,
        is_readable=detail.is_readable,
        has_children=detail.has_children,
    )
