"""The frames of the border between the collector and its workers: samples as bare columns, messages as msgpack.

A frame is its body's length (uint32), its kind (uint8), three bytes of padding, and the body. That of a Block is the
number of its samples (uint32, padded to 8 bytes) and its columns, the wide ones first, so that each is aligned; behind
them, where there are any, the rows of its exact values and these values in msgpack. Nothing is pickled, and nothing is
read but numbers, texts and what a message's type allows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

import msgspec
import numpy as np

from app.model.block import Block, ExactColumn, object_column

MessageT = TypeVar("MessageT")

MOST_BYTES = 64 << 20
"""More than a worker may send at once: what announces more is no frame."""
MOST_SAMPLES = 200_000
"""So many samples go in one frame at most."""

_HEADER = struct.Struct("<IB3x")
_COUNT = struct.Struct("<I4x")
_MESSAGE = 0
_SAMPLE_BYTES = 32

_encoder = msgspec.msgpack.Encoder()
_exact_decoder = msgspec.msgpack.Decoder[tuple[list[int], list[int | str | bool]]](
    tuple[list[int], list[int | str | bool]]
)


@dataclass(frozen=True, slots=True)
class LateBlock:
    """Samples of the past, which a device had kept: for the history alone.

    `is_asked`: it was asked for them; else it has sent them by itself, as one does that was cut off.
    """

    block: Block
    is_asked: bool


class Samples(IntEnum):
    """What the samples of a frame are: of now, or of the past, asked for or not."""

    LIVE = 1
    ASKED = 2
    FORWARDED = 3


class FrameRefused(ValueError):
    """Bytes that are no frame of this border."""


def message_frame(message: object) -> bytes:
    """Return the frame of a message."""
    body = _encoder.encode(message)
    return _HEADER.pack(len(body), _MESSAGE) + body


def block_frames(block: Block, kind: Samples = Samples.LIVE) -> Iterator[bytes]:
    """Yield the frames of a Block, one unless it is very large; those of the past are to arrive as LateBlocks."""
    for start in range(0, len(block), MOST_SAMPLES):
        part = block.select(slice(start, start + MOST_SAMPLES))
        columns = (part.time, part.value, part.received, part.handle, part.status)
        exact = b"" if part.exact is None else _exact_bytes(part.exact)
        header = _HEADER.pack(_COUNT.size + len(part) * _SAMPLE_BYTES + len(exact), kind)
        yield b"".join((header, _COUNT.pack(len(part)), *(column.tobytes() for column in columns), exact))


class FrameReader(Generic[MessageT]):
    """Cuts what arrives into Blocks and messages."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[MessageT]) -> None:
        """Take messages that `decoder` understands."""
        self._decoder = decoder
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Block | LateBlock | MessageT]:
        """Return what is complete with `data`; raise FrameRefused where the stream is none of ours."""
        self._waiting += data
        found: list[Block | LateBlock | MessageT] = []
        place = 0
        while len(self._waiting) - place >= _HEADER.size:
            length, kind = _HEADER.unpack_from(self._waiting, place)
            if length > MOST_BYTES:
                raise FrameRefused(f"a frame of {length} bytes: at most {MOST_BYTES}")
            end = place + _HEADER.size + length
            if len(self._waiting) < end:
                break
            found.append(self._decode(kind, self._waiting[place + _HEADER.size : end]))
            place = end
        del self._waiting[:place]
        return found

    def _decode(self, kind: int, body: bytearray) -> Block | LateBlock | MessageT:
        if kind == Samples.LIVE:
            return _block(body)
        if kind in {Samples.ASKED, Samples.FORWARDED}:
            return LateBlock(_block(body), is_asked=kind == Samples.ASKED)
        if kind != _MESSAGE:
            raise FrameRefused(f"a frame of kind {kind}")
        try:
            return self._decoder.decode(body)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise FrameRefused(f"not a message: {error}") from error


def _block(body: bytearray) -> Block:
    if len(body) < _COUNT.size:
        raise FrameRefused(f"a block of {len(body)} bytes")
    (count,) = _COUNT.unpack_from(body)
    end = _COUNT.size + count * _SAMPLE_BYTES
    if len(body) < end:
        raise FrameRefused(f"a block of {len(body)} bytes for {count} samples")
    wide, narrow = 8 * count, 4 * count
    return Block(
        time=np.frombuffer(body, np.int64, count, _COUNT.size),
        value=np.frombuffer(body, np.float64, count, _COUNT.size + wide),
        received=np.frombuffer(body, np.int64, count, _COUNT.size + 2 * wide),
        handle=np.frombuffer(body, np.uint32, count, _COUNT.size + 3 * wide),
        status=np.frombuffer(body, np.uint32, count, _COUNT.size + 3 * wide + narrow),
        exact=_exact(body[end:], count) if len(body) > end else None,
    )


def _exact_bytes(exact: ExactColumn) -> bytes:
    rows = np.flatnonzero(exact != None)  # noqa: E711 - element by element
    return _encoder.encode((rows.tolist(), exact[rows].tolist()))


def _exact(body: bytearray, count: int) -> ExactColumn:
    try:
        rows, values = _exact_decoder.decode(body)
        column = np.full(count, None, np.object_)
        column[rows] = object_column(values)
    except (msgspec.MsgspecError, ValueError, IndexError) as error:
        raise FrameRefused(f"exact values that do not fit their block: {error}") from error
    return column
