"""HistoryRead of raw values (Part 4, 5.11.3; Part 11, 6.5.3): the request's bytes, and the answer as columns.

asyncua makes times of whole microseconds of it, and objects of each value; the columns keep the 100 ns of the standard.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from asyncua import ua
from asyncua.common.utils import Buffer, NotEnoughData
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import Primitives, nodeid_from_binary

from drivers.opcua.bounds import Unbelievable
from drivers.opcua.encoded import EncodedRequest, take_head
from drivers.opcua.notification import Changes, decode
from drivers.opcua.sample import ticks

_NO_TEXT = struct.pack("<i", -1)
_NO_RANGE_NO_ENCODING = _NO_TEXT + struct.pack("<H", 0) + _NO_TEXT
_DETAILS = struct.Struct("<?qqI?")
_DETAILS_TYPE = struct.pack("<BBHB", 1, 0, ObjectIds.ReadRawModifiedDetails_Encoding_DefaultBinary, 1)
_HISTORY_TYPES = {
    ObjectIds.HistoryData_Encoding_DefaultBinary,
    ObjectIds.HistoryModifiedData_Encoding_DefaultBinary,
}
_HAS_BYTES = 1
_RESULT_BYTES = 11
"""What a result takes at least: code, no point, an empty object of type i=0."""


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """What a server says of one node: `code` its StatusCode, `point` where to go on, b"" where nothing follows."""

    code: int
    point: bytes = b""
    changes: Changes | None = None


def history_request(
    wanted: Iterable[tuple[bytes, bytes]], start: int, end: int, *, most: int, is_release: bool = False
) -> EncodedRequest:
    """Return a HistoryReadRequest of raw values with start <= time < end (ns UTC of the server), earliest first.

    `wanted`: the bytes of each NodeId, and its continuation point. `most`: values per node at most.
    `is_release`: nothing is read, the server lets go of the points.
    """
    details = _DETAILS.pack(False, ticks(start), ticks(end + 99), most, False)  # noqa: FBT003 - fields of a structure
    nodes = [node + _NO_RANGE_NO_ENCODING + _bytes(point) for node, point in wanted]
    head = struct.pack("<i?i", ua.TimestampsToReturn.Both.value, is_release, len(nodes))
    body = b"".join((_DETAILS_TYPE, _bytes(details), head, *nodes))
    return EncodedRequest(ObjectIds.HistoryReadRequest_Encoding_DefaultBinary, body)


def history_answers(data: Buffer, *, is_exact: bool) -> list[HistoryAnswer]:
    """Return what a HistoryReadResponse says of each node; raise UaError, or the StatusCode of the service."""
    take_head(data)
    count = max(0, int(Primitives.Int32.unpack(data)))
    if count * _RESULT_BYTES > len(data):
        raise Unbelievable(f"{count} results announced, {len(data)} bytes left")
    return [_answer(data, is_exact=is_exact) for _ in range(count)]


def _answer(data: Buffer, *, is_exact: bool) -> HistoryAnswer:
    code = int(Primitives.UInt32.unpack(data))
    point = Primitives.Bytes.unpack(data) or b""
    kind = nodeid_from_binary(data)
    if not data.read(1)[0] & _HAS_BYTES:
        return HistoryAnswer(code, point)
    size = int(Primitives.Int32.unpack(data))
    if size < 0:
        return HistoryAnswer(code, point)
    body = data.read(size)
    if kind.NamespaceIndex or kind.Identifier not in _HISTORY_TYPES:
        raise Unbelievable(f"history of the type {kind.to_string()}, which was not asked for")
    if len(body) < Primitives.Int32.size:
        raise NotEnoughData("a history without the number of its values")
    (values,) = struct.unpack_from("<i", body)
    changes = decode(body, Primitives.Int32.size, max(0, values), is_exact=is_exact)[0]
    return HistoryAnswer(code, point, changes)


def _bytes(content: bytes) -> bytes:
    return struct.pack("<i", len(content)) + content if content else _NO_TEXT
