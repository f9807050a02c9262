"""The types of a server's variables, asked for when a tag needs them, each once, and never a reason to fail."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from app.model.exact import DataType
from drivers.driver import BadAddress, TagSpec
from drivers.opcua.node_id import parse_node_id
from drivers.opcua.part import PREFIX, split_address, value_at
from drivers.opcua.session import Session
from drivers.opcua.structure import TypeBook
from drivers.state import State

log = logging.getLogger(__name__)

_WITH_TEXTS = {DataType.STRING, None}
_ONE_VALUE = {float, int, bool, str}
_MOST_ROUNDS = 20
"""Structures in structures are asked for level by level, so many levels at most."""


class DataTypes:
    """What is known of one server's types, and how raw values become what tags show."""

    def __init__(self, session: Session) -> None:
        """Know nothing yet."""
        self._session = session
        self._book = TypeBook()
        self._asked: set[ua.NodeId] = set()
        self._type_of: dict[str, ua.NodeId] = {}

    async def learn(self, tags: Iterable[TagSpec]) -> None:
        """Ask for the types of the tags that need them: parts of values, and texts; raise ConnectionLost."""
        wanted = {
            tag.address: node
            for tag in tags
            if (tag.data_type in _WITH_TEXTS or tag.address.startswith(PREFIX))
            and tag.address not in self._type_of
            and (node := self._node(tag.address)) is not None
        }
        if not wanted:
            return
        kinds = await self._attributes(list(wanted.values()), AttributeIds.DataType)
        for address, kind in zip(wanted, kinds, strict=True):
            if isinstance(kind, ua.NodeId):
                self._type_of[address] = kind
        await self.learn_types(kind for kind in kinds if isinstance(kind, ua.NodeId))

    async def type_of(self, node: ua.NodeId) -> ua.NodeId | None:
        """Return the type of a variable, whose definition is known then; None for what is no variable."""
        (kind,) = await self._attributes([node], AttributeIds.DataType)
        if not isinstance(kind, ua.NodeId):
            return None
        await self.learn_types([kind])
        return kind

    async def learn_types(self, kinds: Iterable[ua.NodeId]) -> None:
        """Ask for the definitions of types, and of the types of their fields."""
        waiting = set(kinds)
        for _ in range(_MOST_ROUNDS):
            fresh = [kind for kind in waiting - self._asked if not _is_built_in(kind)]
            if not fresh:
                return
            self._asked |= set(fresh)
            definitions = await self._attributes(fresh, AttributeIds.DataTypeDefinition)
            waiting = set()
            unnamed = []
            for kind, definition in zip(fresh, definitions, strict=True):
                if isinstance(definition, ua.StructureDefinition):
                    self._book.structures[kind] = definition
                    self._book.encodings[definition.DefaultEncodingId] = definition
                    waiting |= {field.DataType for field in definition.Fields or []}
                elif isinstance(definition, ua.EnumDefinition):
                    self._book.states[kind] = {
                        int(field.Value): field.DisplayName.Text or field.Name or ""
                        for field in definition.Fields or []
                    }
                else:
                    unnamed.append(kind)
            await self._learn_properties(unnamed)

    def fields_of(self, kind: ua.NodeId, path: Sequence[str | int] = ()) -> list[ua.StructureField]:
        """Return the fields of a structure's type, or of the structure at a path in it; none for another type."""
        definition = self._book.structures.get(kind)
        for step in path:
            if isinstance(step, int):
                continue
            fields = definition.Fields or [] if definition is not None else []
            inner = next((field.DataType for field in fields if field.Name == step), None)
            definition = None if inner is None else self._book.structures.get(inner)
        return list(definition.Fields or []) if definition is not None else []

    def states_of(self, kind: ua.NodeId) -> Mapping[int, str]:
        """Return the states of an enumeration; none where it is another type."""
        return self._book.states.get(kind, {})

    def shaped(self, tag: TagSpec, raw: object) -> object:
        """Return what a tag shows of a raw value: a part of it, the name of a state, a text of what is many."""
        is_part = tag.address.startswith(PREFIX)
        if raw is None or (type(raw) in _ONE_VALUE and not is_part and tag.data_type not in _WITH_TEXTS):
            return raw
        value = self._book.plain(raw)
        if tag.address.startswith(PREFIX):
            value = value_at(value, split_address(tag.address)[0])
        elif isinstance(value, int) and not isinstance(value, bool | State) and tag.address in self._type_of:
            value = State.of(value, self.states_of(self._type_of[tag.address]))
        if tag.data_type in _WITH_TEXTS and isinstance(value, list | dict | ua.ExtensionObject):
            return json.dumps(value, ensure_ascii=False, default=_opaque)
        return value

    def _node(self, address: str) -> ua.NodeId | None:
        try:
            return parse_node_id(split_address(address)[1], self._session.namespaces)
        except BadAddress:
            return None

    async def _learn_properties(self, kinds: Sequence[ua.NodeId]) -> None:
        """Take the states of enumerations of servers that know no definitions: EnumStrings or EnumValues."""
        for kind in kinds:
            for reference in await self._properties(kind):
                name = reference.BrowseName.Name
                if name not in {"EnumStrings", "EnumValues"}:
                    continue
                node = ua.NodeId(reference.NodeId.Identifier, reference.NodeId.NamespaceIndex)
                (value,) = await self._attributes([node], AttributeIds.Value)
                names = _names(value)
                if names:
                    self._book.states[kind] = names

    async def _properties(self, kind: ua.NodeId) -> list[ua.ReferenceDescription]:
        description = ua.BrowseDescription(
            NodeId=kind,
            BrowseDirection=ua.BrowseDirection.Forward,
            ReferenceTypeId=ua.NodeId(ua.Int32(ObjectIds.HasProperty)),
            IncludeSubtypes=True,
            NodeClassMask=ua.UInt32(0),
            ResultMask=ua.UInt32(ua.BrowseResultMask.All),
        )

        async def browse(client: Client, wanted: list[ua.BrowseDescription]) -> list[ua.BrowseResult]:
            return await client.uaclient.browse(ua.BrowseParameters(NodesToBrowse=wanted))

        (result,) = await self._session.in_batches([description], browse, refused=lambda _: ua.BrowseResult())
        return list(result.References or [])

    async def _attributes(self, nodes: Sequence[ua.NodeId], attribute: AttributeIds) -> list[object]:
        async def read(client: Client, wanted: list[ua.ReadValueId]) -> list[ua.DataValue]:
            return await client.uaclient.read(ua.ReadParameters(NodesToRead=wanted))

        wanted = [ua.ReadValueId(node, attribute) for node in nodes]
        values = await self._session.in_batches(wanted, read, refused=lambda _: ua.DataValue())
        return [None if value.Value is None else value.Value.Value for value in values]


def _is_built_in(kind: ua.NodeId) -> bool:
    return kind.NamespaceIndex == 0 and isinstance(kind.Identifier, int) and kind.Identifier <= ObjectIds.DiagnosticInfo


def _names(value: object) -> dict[int, str]:
    if not isinstance(value, list):
        return {}
    names: dict[int, str] = {}
    for place, each in enumerate(value):
        if isinstance(each, ua.LocalizedText):
            names[place] = each.Text or ""
        elif isinstance(each, ua.EnumValueType):
            names[int(each.Value)] = each.DisplayName.Text or ""
    return names


def _opaque(value: object) -> str:
    """Return what is not understood as its bytes."""
    if isinstance(value, ua.ExtensionObject):
        return value.Body.hex() if isinstance(value.Body, bytes) else ""
    return value.hex() if isinstance(value, bytes) else str(value)
