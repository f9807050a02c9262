"""Requests whose bytes are known beforehand: asyncua makes them of objects each time, 10 us for each item of a Read."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterable

from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import nodeid_to_binary, struct_from_binary

from app.model import clock
from drivers.opcua.sample import ticks

_NO_TEXT = struct.pack("<i", -1)
_READ_TAIL = struct.pack("<I", AttributeIds.Value) + _NO_TEXT + struct.pack("<H", 0) + _NO_TEXT
"""The attribute, no index range, no data encoding."""


_HEADER = struct.Struct("<qIIiI3x")
"""Time, handle, no diagnostics wanted, no audit entry, how long it may take, no additional header (Part 4, 7.33)."""
_ANSWERED = struct.Struct("<IBi3s")
"""Result, diagnostics, number of texts, additional header: what stands behind time and handle in most answers."""
_TIME_AND_HANDLE = 12


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
        header = self.RequestHeader
        return b"".join(
            (
                self._type,
                _token(header.AuthenticationToken),
                _HEADER.pack(ticks(clock.now_ns()), header.RequestHandle, 0, -1, header.TimeoutHint),
                self._body,
            )
        )


@functools.lru_cache(maxsize=8)
def _token(node: ua.NodeId) -> bytes:
    return bytes(nodeid_to_binary(node))


def read_value_id(node: ua.NodeId) -> bytes:
    """Return a ReadValueId (Part 4, 7.29) of a variable's value."""
    return bytes(nodeid_to_binary(node)) + _READ_TAIL


def read_request(wanted: Iterable[bytes]) -> EncodedRequest:
    """Return a ReadRequest (Part 4, 5.11.2) with both times and without a greatest age."""
    items = list(wanted)
    head = struct.pack("<dIi", 0.0, ua.TimestampsToReturn.Both.value, len(items))
    return EncodedRequest(ObjectIds.ReadRequest_Encoding_DefaultBinary, head + b"".join(items))


def take_header(data: Buffer) -> None:
    """Pass over the header of an answer (Part 4, 7.34); raise the error of a service that was refused."""
    at = data.copy()
    at.skip(_TIME_AND_HANDLE)
    if len(at) >= _ANSWERED.size:
        result, diagnostics, texts, additional = _ANSWERED.unpack(at.read(_ANSWERED.size))
        if not result and not diagnostics and texts <= 0 and additional == bytes(3):
            data.skip(_TIME_AND_HANDLE + _ANSWERED.size)
            return
    struct_from_binary(ua.ResponseHeader, data).ServiceResult.check()


def publish_request(acks: Iterable[ua.SubscriptionAcknowledgement]) -> EncodedRequest:
    """Return a PublishRequest (Part 4, 5.14.5)."""
    pairs = [struct.pack("<II", ack.SubscriptionId, ack.SequenceNumber) for ack in acks]
    body = struct.pack("<i", len(pairs)) + b"".join(pairs)
    return EncodedRequest(ObjectIds.PublishRequest_Encoding_DefaultBinary, body)
