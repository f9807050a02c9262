"""Requests whose bytes are known beforehand: asyncua makes them of objects each time, 10 us for each item of a Read."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterable, Sequence

from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import nodeid_from_binary, nodeid_to_binary, struct_from_binary

from app.model import clock
from drivers.opcua.sample import ticks

_NO_TEXT = struct.pack("<i", -1)
_READ_TAIL = struct.pack("<I", AttributeIds.Value) + _NO_TEXT + struct.pack("<H", 0) + _NO_TEXT
"""The attribute, no index range, no data encoding."""


_HEADER = struct.Struct("<qIIiI3x")
"""Time, handle, no diagnostics wanted, no audit entry, how long it may take, no additional header (Part 4, 7.33)."""
_HEAD = struct.Struct("<I12xIBi3s")
"""Type, time, handle, result, diagnostics, number of texts, additional header: what stands first in most answers."""
_ACK = struct.Struct("<II")
_ONE_ACK = struct.Struct("<iII")
_FOUR_BYTES = 1
_NO_TOKEN = ua.NodeId()


class EncodedRequest:
    """A request of a service: its type (ObjectIds) and what stands behind its header."""

    __slots__ = ("_body", "_type")

    def __init__(self, type_id: int, body: bytes) -> None:
        """Begin without a header."""
        self._type = _type(type_id)
        self._body = body

    def as_bytes(self, token: ua.NodeId = _NO_TOKEN, *, handle: int = 0, timeout_ms: int = 0) -> bytes:
        """Return the whole of it, with a header that holds the session's token and the request's handle."""
        header = _HEADER.pack(ticks(clock.now_ns()), handle, 0, -1, timeout_ms)
        return b"".join((self._type, _token(token), header, self._body))


def short_id(number: int) -> int:
    """Return what stands before a structure of the standard's own namespace, as one number of four bytes."""
    return 1 | number << 16


@functools.cache
def _type(type_id: int) -> bytes:
    return struct.pack("<I", short_id(type_id))


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


def take_head(data: Buffer) -> None:
    """Pass over the type of an answer and its header (Part 4, 7.34); raise the error of a service that was refused."""
    at = data.copy()
    if len(at) >= _HEAD.size:
        kind, result, diagnostics, texts, additional = _HEAD.unpack(at.read(_HEAD.size))
        if kind & 0xFFFF == _FOUR_BYTES and not result and not diagnostics and texts <= 0 and additional == bytes(3):
            data.skip(_HEAD.size)
            return
    nodeid_from_binary(data)
    struct_from_binary(ua.ResponseHeader, data).ServiceResult.check()


def publish_request(acks: Sequence[tuple[int, int]]) -> EncodedRequest:
    """Return a PublishRequest (Part 4, 5.14.5) that acknowledges messages: the subscription's and their numbers."""
    if len(acks) == 1:
        body = _ONE_ACK.pack(1, *acks[0])
    else:
        body = struct.pack("<i", len(acks)) + b"".join(_ACK.pack(*ack) for ack in acks)
    return EncodedRequest(ObjectIds.PublishRequest_Encoding_DefaultBinary, body)
