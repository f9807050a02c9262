"""Structures of a server's own types, read by their definitions (Part 3, 8.48; Part 6, 5.2.6).

asyncua makes classes of them, in one register for all servers of a process, by namespaces that differ from server to
server, and gives up on a server whose types it does not understand. Here one type that is not understood stays bytes.
"""

from __future__ import annotations

import dataclasses
from enum import IntEnum

from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import Primitives, extensionobject_from_binary, unpack_uatype
from asyncua.ua.uaerrors import UaError

from drivers.opcua.bounds import MOST_DEPTH, BoundedBuffer, Unbelievable
from drivers.opcua.sample import plain_of
from drivers.state import State

_BUILT_IN = 25
_STRUCTURE, _WITH_OPTIONAL, _UNION = 0, 1, 2
_MOST_FIELDS = 10_000


@dataclasses.dataclass(slots=True)
class TypeBook:
    """What is known of a server's types: enumerations and structures by the DataType, structures by their encoding."""

    states: dict[ua.NodeId, dict[int, str]] = dataclasses.field(default_factory=dict)
    structures: dict[ua.NodeId, ua.StructureDefinition] = dataclasses.field(default_factory=dict)
    encodings: dict[ua.NodeId, ua.StructureDefinition] = dataclasses.field(default_factory=dict)

    def plain(self, value: object) -> object:
        """Return a value as numbers, texts, lists and mappings; what is not understood stays as it is."""
        if isinstance(value, list):
            return [self.plain(each) for each in value]
        if isinstance(value, ua.ExtensionObject):
            return self._decoded(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, ua.NodeId | ua.LocalizedText | ua.QualifiedName):
            return {each.name: self.plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        if isinstance(value, ua.Variant | ua.DataValue):
            return self.plain(value.Value)
        if isinstance(value, IntEnum):
            return State.of(int(value), {int(value): value.name})
        return plain_of(value)

    def _decoded(self, value: ua.ExtensionObject) -> object:
        definition = self.encodings.get(value.TypeId)
        if definition is None or not isinstance(value.Body, bytes):
            return value
        try:
            return self._structure(definition, BoundedBuffer(value.Body), 0)
        except (UaError, ValueError, TypeError, ArithmeticError):  # a definition that is not that of the bytes
            return value

    def _structure(self, definition: ua.StructureDefinition, data: Buffer, depth: int) -> dict[str, object]:
        if depth > MOST_DEPTH:
            raise Unbelievable(f"structures nest deeper than {MOST_DEPTH}")
        kind, fields = int(definition.StructureType), definition.Fields or []
        if len(fields) > _MOST_FIELDS:
            raise Unbelievable(f"a structure of {len(fields)} fields")
        if kind == _UNION:
            chosen = Primitives.UInt32.unpack(data)
            fields = [fields[chosen - 1]] if 0 < chosen <= len(fields) else []
        elif kind not in {_STRUCTURE, _WITH_OPTIONAL}:
            raise Unbelievable(f"a structure of the kind {kind}, which may hold any subtype")
        present = Primitives.UInt32.unpack(data) if kind == _WITH_OPTIONAL else 0
        found: dict[str, object] = {}
        optional = 0
        for field in fields:
            if kind == _WITH_OPTIONAL and field.IsOptional:
                optional += 1
                if not present >> (optional - 1) & 1:
                    continue
            found[field.Name or ""] = self._field(field, data, depth)
        return found

    def _field(self, field: ua.StructureField, data: Buffer, depth: int) -> object:
        if field.ValueRank < 0:
            return self._element(field.DataType, data, depth)
        if field.ValueRank > 1:
            sizes = [Primitives.Int32.unpack(data) for _ in range(max(0, Primitives.Int32.unpack(data)))]
            count = 1
            for size in sizes:
                count *= max(0, size)
        else:
            count = int(Primitives.Int32.unpack(data))
        if count > len(data):
            raise Unbelievable(f"{count} elements announced, {len(data)} bytes left")
        return [self._element(field.DataType, data, depth) for _ in range(count)]

    def _element(self, kind: ua.NodeId, data: Buffer, depth: int) -> object:
        if kind in self.states:
            return State.of(int(Primitives.Int32.unpack(data)), self.states[kind])
        if kind in self.structures:
            return self._structure(self.structures[kind], data, depth + 1)
        if kind.NamespaceIndex or not isinstance(kind.Identifier, int):
            raise Unbelievable(f"a field of the unknown type {kind.to_string()}")
        number = _ALIASES.get(kind.Identifier, kind.Identifier)
        if number == ua.VariantType.ExtensionObject.value:
            return self.plain(extensionobject_from_binary(data))
        if not 0 < number <= _BUILT_IN:
            raise Unbelievable(f"a field of the type i={kind.Identifier}")
        return self.plain(unpack_uatype(ua.VariantType(number), data))


_ALIASES = {294: 13, 290: 11, 288: 7, 289: 7, 12877: 12, 12878: 12, 12879: 12, 12880: 12, 12881: 12, 30: 15, 295: 12}
"""Standard types that are simple ones under another name: UtcTime, Duration, IntegerId, Counter, Image, texts."""
