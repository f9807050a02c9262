"""Requests whose bytes are known beforehand: asyncua makes them of objects each time, 10 us for each item of a Read."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import nodeid_to_binary, struct_to_binary

_NO_TEXT = struct.pack("<i", -1)
_READ_TAIL = struct.pack("<I", AttributeIds.Value) + _NO_TEXT + struct.pack("<H", 0) + _NO_TEXT
"""The attribute, no index range, no data encoding."""


class EncodedRequest:
    """A request of a service: its type (ObjectIds) and what stands behind its header."""

    __slots__ = ("RequestHeader", "_body", "_type")

    def __init__(self, type_id: int, body: bytes) -> None:
        """Begin with an empty header, which the transport fills."""
        self.RequestHeader = ua.RequestHeader()
        self._type = struct.pack("<BBH", 1, 0, type_id)
        self._body = body

    def as_bytes(self) -> bytes:
        """Return the whole of it."""
        return self._type + bytes(struct_to_binary(self.RequestHeader)) + self._body


def read_value_id(node: ua.NodeId) -> bytes:
    """Return a ReadValueId (Part 4, 7.29) of a variable's value."""
    return bytes(nodeid_to_binary(node)) + _READ_TAIL


def read_request(wanted: Iterable[bytes]) -> EncodedRequest:
    """Return a ReadRequest (Part 4, 5.11.2) with both times and without a greatest age."""
    items = list(wanted)
    head = struct.pack("<dIi", 0.0, ua.TimestampsToReturn.Both.value, len(items))
    return EncodedRequest(ObjectIds.ReadRequest_Encoding_DefaultBinary, head + b"".join(items))


def publish_request(acks: Iterable[ua.SubscriptionAcknowledgement]) -> EncodedRequest:
    """Return a PublishRequest (Part 4, 5.14.5)."""
    pairs = [struct.pack("<II", ack.SubscriptionId, ack.SequenceNumber) for ack in acks]
    body = struct.pack("<i", len(pairs)) + b"".join(pairs)
    return EncodedRequest(ObjectIds.PublishRequest_Encoding_DefaultBinary, body)
