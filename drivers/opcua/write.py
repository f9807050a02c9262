"""Writes to OPC UA variables: a number as the type that the variable has, sent once, never repeated by itself."""

from __future__ import annotations

from collections.abc import Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds

from app.model import clock, status
from drivers.driver import BadAddress, WriteItem, WriteResult
from drivers.opcua.node_id import parse_node_id
from drivers.opcua.refusal import status_name
from drivers.opcua.session import ServiceRefused, Session, Unanswered
from drivers.typed_value import raw_value

_INTEGER_BITS = {
    "SByte": (7, 7),
    "Byte": (0, 8),
    "Int16": (15, 15),
    "UInt16": (0, 16),
    "Int32": (31, 31),
    "UInt32": (0, 32),
    "Int64": (63, 63),
    "UInt64": (0, 64),
}
"""Bits below zero and above it."""

_BUILT_IN_TYPES = 25

INCONCLUSIVE = {status.BAD_TIMEOUT, status.BAD_COMMUNICATION_ERROR}
"""What a server says that did not hear from the device behind it: the value may have been written."""


_REFUSALS = {
    status.BAD_NOT_WRITABLE: "the server lets nobody write it",
    status.BAD_USER_ACCESS_DENIED: "the server does not let this user write it: log in as another one",
    status.BAD_OUT_OF_RANGE: "the server does not take a value of this size",
    status.BAD_TYPE_MISMATCH: "the server holds another type there than it told",
    status.BAD_NODE_ID_UNKNOWN: "the server has no such variable",
}


async def write_item(session: Session, item: WriteItem) -> WriteResult:
    """Write one value and return what became of it; raise ConnectionLost."""
    try:
        node = parse_node_id(item.address, session.namespaces)
        variant_type = await _type_of(session, node)
        variant = _variant(raw_value(item), variant_type)
    except BadAddress as error:
        return _refused(item, status.BAD_NODE_ID_INVALID, error)
    except ServiceRefused as error:
        return _refused(item, error.code, error)
    except TypeError as error:
        return _refused(item, status.BAD_TYPE_MISMATCH, error)
    except (OverflowError, ValueError) as error:
        return _refused(item, status.BAD_OUT_OF_RANGE, error)
    if clock.monotonic_ns() > item.expires:
        reason = f"{item.address}: expired before it could be sent"
        return WriteResult(item.address, status.BAD_TIMEOUT, reason, is_sent=False)
    return await _send(session, item, node, variant)


def _refused(item: WriteItem, code: int, error: Exception) -> WriteResult:
    """Return that nothing was sent, and why."""
    return WriteResult(item.address, code, f"{item.address}: {error}", is_sent=False)


async def _send(session: Session, item: WriteItem, node: ua.NodeId, variant: ua.Variant) -> WriteResult:
    value = ua.WriteValue(node, AttributeIds.Value, None, ua.DataValue(variant, None))

    async def write(client: Client) -> Sequence[ua.StatusCode]:
        return await client.uaclient.write(ua.WriteParameters([value]))

    try:
        (result,) = await session.request(write)
    except Unanswered as error:
        reason = f"{item.address}: {error}: whether it was written is not known: read it back"
        return WriteResult(item.address, status.BAD_TIMEOUT, reason, is_answered=False)
    except ServiceRefused as error:
        return WriteResult(item.address, error.code, f"{item.address}: {error}")
    code = result.value
    reason = "" if code < status.BAD else f"{item.address}: {_why(code)}"
    return WriteResult(item.address, code, reason, is_answered=code & status.CODE_MASK not in INCONCLUSIVE)


def _why(code: int) -> str:
    """Return why the server has not taken a value, with what to do where that is known."""
    told = _REFUSALS.get(code & status.CODE_MASK, "")
    return f"{status_name(code)}: {told}" if told else status_name(code)


async def _type_of(session: Session, node: ua.NodeId) -> ua.VariantType:
    """Return the type of a variable's present value, else of its definition; raise ServiceRefused or TypeError."""
    wanted = [
        ua.ReadValueId(node, AttributeIds.DataType),
        ua.ReadValueId(node, AttributeIds.Value),
    ]
    definition, present = await session.request(
        lambda client: client.uaclient.read(ua.ReadParameters(NodesToRead=wanted))
    )
    code = 0 if definition.StatusCode is None else definition.StatusCode.value
    if code >= status.BAD:
        raise ServiceRefused(code, f"its type cannot be read: {status_name(code)}")
    if present.Value is not None and present.Value.VariantType is not ua.VariantType.Null:
        if present.Value.is_array:
            raise TypeError("it holds an array, not a number")
        return ua.VariantType(present.Value.VariantType.value)
    data_type = definition.Value.Value if definition.Value is not None else None
    identifier = data_type.Identifier if isinstance(data_type, ua.NodeId) and data_type.NamespaceIndex == 0 else 0
    if not isinstance(identifier, int) or not 0 < identifier <= _BUILT_IN_TYPES:
        raise TypeError("it has no value yet that would tell its type")
    return ua.VariantType(identifier)


def _variant(value: float | str, variant_type: ua.VariantType) -> ua.Variant:
    """Return the value as that type; raise TypeError, ValueError (NaN, not a truth value) or OverflowError."""
    name = variant_type.name
    if isinstance(value, str):
        if name != "String":
            raise TypeError(f"it holds {name}, not a text")
        return ua.Variant(value, variant_type)
    if name == "Boolean":
        if value not in {0, 1}:
            raise ValueError(f"{value:g} is neither 0 nor 1")
        return ua.Variant(bool(value), variant_type)
    if name in {"Float", "Double"}:
        return ua.Variant(value, variant_type)
    if name not in _INTEGER_BITS:
        raise TypeError(f"it holds {name}, not a number")
    below, above = _INTEGER_BITS[name]
    whole = round(value)
    if not (-(2**below) if below else 0) <= whole < 2**above:
        raise OverflowError(f"{value:g} does not fit into {name}")
    return ua.Variant(whole, variant_type)
