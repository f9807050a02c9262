"""What an OPC UA server offers: folders and variables with type, range and unit, page by page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaprotocol_auto import Argument  # what is received; ua.Argument is a subclass of it, to be sent

from drivers.driver import BrowseEntry, BrowsePage
from drivers.opcua.data_types import DataTypes
from drivers.opcua.limits import Service
from drivers.opcua.method import argument_text
from drivers.opcua.node_id import format_node_id, parse_node_id
from drivers.opcua.part import Path, split_address, with_part
from drivers.opcua.references import References, browse, description, release
from drivers.opcua.refusal import status_name
from drivers.opcua.session import Session
from drivers.opcua.type_name import type_name
from drivers.opcua.unit import ucum

_BELOW = 20
"""References of each entry that are looked at: enough for the properties of a variable; a folder may have thousands."""
_MORE = "BadNoContinuationPoints"


class Browser:
    """Walks the address space of one server, a page at a time."""

    def __init__(self, session: Session, types: DataTypes) -> None:
        """Browse through `session`; `types`: of its server."""
        self._session = session
        self._types = types
        self._references = References(session)

    async def browse(self, reference: str, cursor: bytes) -> BrowsePage:
        """Return a page of what stands below `reference`, "" being the Objects folder; raise BadAddress.

        References into other servers are left out. What the server says of itself, the namespace of OPC UA, comes
        behind what it serves.
        """
        session = self._session
        path, address = split_address(reference)
        node = parse_node_id(address or f"i={ObjectIds.ObjectsFolder}", session.namespaces)
        parts = [] if cursor or not address else await self._parts(path, address, node)
        if path:
            return BrowsePage(tuple(parts))
        found, following = await self._references.page(node, cursor)
        here = (child for child in found if not getattr(child.NodeId, "ServerIndex", 0))
        found = sorted(here, key=lambda child: child.NodeId.NamespaceIndex == 0)
        details = await _Details(session, self._types).of([_node_id(child) for child in found])
        entries = (_entry(session, child, detail) for child, detail in zip(found, details, strict=True))
        return BrowsePage((*parts, *entries), following)

    async def _parts(self, path: Path, address: str, node: ua.NodeId) -> list[BrowseEntry]:
        """Return the fields of the structure that a variable holds, or that stands at a path in it."""
        kind = await self._types.type_of(node)
        if kind is None:
            return []
        return [
            BrowseEntry(
                address=with_part([*path, field.Name or ""], address),
                name=field.Name or "",
                description=field.Description.Text or "",
                data_type=type_name(field.DataType, self._session.namespaces, self._types),
                has_children=bool(self._types.fields_of(field.DataType)),
            )
            for field in self._types.fields_of(kind, path)
        ]


class _Detail:
    """What is known of one node besides its name."""

    __slots__ = (
        "arguments",
        "data_type",
        "description",
        "has_children",
        "has_properties",
        "high",
        "is_readable",
        "low",
        "states",
        "unit",
    )

    def __init__(self) -> None:
        self.arguments: dict[str, str] = {}
        self.description = ""
        self.data_type = ""
        self.unit = ""
        self.states: tuple[tuple[int, str], ...] = ()
        self.low = math.nan
        self.high = math.nan
        self.is_readable = False
        self.has_children = False
        self.has_properties = False


class _Details:
    """Fetches descriptions, types, properties and whether there are children, for many nodes at once."""

    def __init__(self, session: Session, types: DataTypes) -> None:
        self._session = session
        self._types = types

    async def of(self, nodes: Sequence[ua.NodeId]) -> list[_Detail]:
        details = [_Detail() for _ in nodes]
        await self._attributes(nodes, details)
        below = await self._session.in_batches(
            [description(node) for node in nodes], _below, refused=_unknown, service=Service.BROWSE
        )
        await release(self._session, [result.ContinuationPoint for result in below if result.ContinuationPoint])
        properties = []
        for detail, result in zip(details, below, strict=True):
            detail.has_children |= bool(result.ContinuationPoint) or status_name(result.StatusCode.value) == _MORE
            for child in result.References or []:
                name = child.BrowseName.Name if child.ReferenceTypeId.Identifier == ObjectIds.HasProperty else ""
                detail.has_children = detail.has_children or not name
                detail.has_properties = detail.has_properties or bool(name)
                if name in {"EURange", "EngineeringUnits", "InputArguments", "OutputArguments"}:
                    properties.append((detail, name, _node_id(child)))
        await self._properties(properties)
        return details

    async def _read(self, wanted: list[ua.ReadValueId]) -> list[object]:
        values = await self._session.in_batches(wanted, _read, refused=lambda _: ua.DataValue())
        return [None if value.Value is None else value.Value.Value for value in values]

    async def _attributes(self, nodes: Sequence[ua.NodeId], details: Sequence[_Detail]) -> None:
        attributes = (AttributeIds.Description, AttributeIds.DataType, AttributeIds.UserAccessLevel)
        found = await self._read([ua.ReadValueId(node, attribute) for node in nodes for attribute in attributes])
        kinds = [kind for kind in found[1::3] if isinstance(kind, ua.NodeId)]
        await self._types.learn_types(kinds)
        for row, detail in enumerate(details):
            description, data_type, access = found[3 * row : 3 * row + 3]
            detail.description = (description.Text or "") if isinstance(description, ua.LocalizedText) else ""
            detail.data_type = type_name(data_type, self._session.namespaces, self._types)
            if isinstance(data_type, ua.NodeId):
                detail.states = tuple(sorted(self._types.states_of(data_type).items()))
            detail.has_children = isinstance(data_type, ua.NodeId) and bool(self._types.fields_of(data_type))
            detail.is_readable = isinstance(access, int) and bool(access & 1)

    async def _properties(self, properties: Sequence[tuple[_Detail, str, ua.NodeId]]) -> None:
        found = await self._read([ua.ReadValueId(node, AttributeIds.Value) for _, _, node in properties])
        for (detail, name, _), value in zip(properties, found, strict=True):
            if name.endswith("Arguments") and isinstance(value, list):
                arguments = [each for each in value if isinstance(each, Argument)]
                await self._types.learn_types(each.DataType for each in arguments)
                texts = [argument_text(each, self._session.namespaces, self._types) for each in arguments]
                detail.arguments[name] = ", ".join(texts)
            elif isinstance(value, ua.Range):
                detail.low, detail.high = float(value.Low), float(value.High)
            elif isinstance(value, ua.EUInformation):
                detail.unit = ucum(int(value.UnitId), value.DisplayName.Text or "")


async def _below(client: Client, wanted: list[ua.BrowseDescription]) -> list[ua.BrowseResult]:
    return await browse(client, wanted, page=_BELOW)


def _unknown(code: int) -> ua.BrowseResult:
    return ua.BrowseResult(StatusCode=ua.StatusCode(ua.UInt32(code)))


async def _read(client: Client, wanted: list[ua.ReadValueId]) -> list[ua.DataValue]:
    return await client.uaclient.read(ua.ReadParameters(NodesToRead=wanted))


def _node_id(reference: ua.ReferenceDescription) -> ua.NodeId:
    """Return the plain NodeId of a reference."""
    node = reference.NodeId
    return ua.NodeId(node.Identifier, node.NamespaceIndex)


def _signature(detail: _Detail) -> str:
    """Return what a method wants and answers: "method (Target: Double) -> (Took: Double)"."""
    given, answered = detail.arguments.get("InputArguments", ""), detail.arguments.get("OutputArguments", "")
    return f"method ({given})" + (f" -> ({answered})" if answered else "")


def _entry(session: Session, child: ua.ReferenceDescription, detail: _Detail) -> BrowseEntry:
    name = child.DisplayName.Text or child.BrowseName.Name or ""
    # the properties of a variable say what it is; those of an object are values of its own, as a machine's SerialNumber
    is_object = child.NodeClass is ua.NodeClass.Object
    return BrowseEntry(
        address=format_node_id(_node_id(child), session.namespaces),
        name=name,
        description="" if detail.description == name else detail.description,
        data_type=_signature(detail) if child.NodeClass is ua.NodeClass.Method else detail.data_type,
        unit=detail.unit,
        low=detail.low,
        high=detail.high,
        is_readable=detail.is_readable,
        has_children=detail.has_children or (is_object and detail.has_properties),
        states=detail.states,
    )
