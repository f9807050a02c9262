"""Read of one variable of an OPC UA server whose value is an array of numbers."""

from __future__ import annotations

import numpy as np
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds

from app.model import clock, status
from drivers.array_source import ArrayValue
from drivers.driver import BadAddress
from drivers.opcua.node_id import UnknownNamespace, parse_node_id
from drivers.opcua.part import split_address
from drivers.opcua.sample import code_of
from drivers.opcua.session import ServiceRefused, Session


async def read_array(session: Session, address: str) -> ArrayValue:
    """Return the array at a NodeId, flat; bad where the server has none there. Raise BadAddress, ConnectionLost."""
    path, text = split_address(address)
    if path:
        raise BadAddress(f'"{address}" names a part of a value: give the NodeId of the variable that is the array')
    now = clock.now_ns()
    try:
        node = parse_node_id(text, session.namespaces)
    except UnknownNamespace as error:
        return ArrayValue(status.BAD_NODE_ID_UNKNOWN, now, reason=str(error))
    try:
        (sample,) = await session.request(lambda client: client.uaclient.read_attributes([node], AttributeIds.Value))
    except ServiceRefused as error:
        return ArrayValue(error.code, now, reason=str(error))
    return _array_of(sample, now, session.skew_ns)


def _array_of(sample: ua.DataValue, now: int, skew_ns: int) -> ArrayValue:
    code = code_of(sample)
    moment = sample.SourceTimestamp or sample.ServerTimestamp
    time = now if moment is None else clock.from_datetime(moment) - skew_ns
    if code >= status.BAD:
        return ArrayValue(code, time, reason=f"the server says {status.name(code)}")
    value = None if sample.Value is None else sample.Value.Value
    if not isinstance(value, list):
        return ArrayValue(status.BAD_TYPE_MISMATCH, time, reason="its value is no array")
    try:
        numbers = np.asarray(value, np.float64).ravel()
    except (TypeError, ValueError):
        return ArrayValue(status.BAD_TYPE_MISMATCH, time, reason="its value is no array of numbers")
    if not len(numbers):
        return ArrayValue(status.BAD_NO_DATA, time, reason="its array is empty")
    return ArrayValue(code, time, numbers.astype("<f8").tobytes())
