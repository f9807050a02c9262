"""The names of data types as browsing shows them; an enumeration with its states."""

from __future__ import annotations

from collections.abc import Sequence

from asyncua import ua
from asyncua.ua.object_ids import ObjectIds

from drivers.opcua.data_types import DataTypes
from drivers.opcua.node_id import format_node_id

_BUILT_IN_TYPES = 25
_MOST_STATES = 12


def type_name(data_type: object, namespaces: Sequence[str], types: DataTypes) -> str:
    """Return the name of a standard type, the NodeId of another one, and behind it "(0 Off, 1 On)"; "" for none."""
    if not isinstance(data_type, ua.NodeId):
        return ""
    states = [f"{value} {text}" for value, text in types.states_of(data_type).items()]
    shown = states if len(states) <= _MOST_STATES else [*states[:_MOST_STATES], "..."]
    behind = f" ({', '.join(shown)})" if states else ""
    if data_type.NamespaceIndex == 0 and isinstance(data_type.Identifier, int):
        if 0 < data_type.Identifier <= _BUILT_IN_TYPES:
            return ua.VariantType(data_type.Identifier).name
        return _standard_name(data_type.Identifier) + behind
    return format_node_id(data_type, namespaces) + behind


def _standard_name(identifier: int) -> str:
    names = (name for name, value in vars(ObjectIds).items() if value == identifier)
    return next(names, f"i={identifier}")
