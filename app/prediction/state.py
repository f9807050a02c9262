"""What a prediction has learned, as bytes that outlive the station: typed, with a checksum, nothing to be executed."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")

_MAGIC = b"foreshift prediction 1\n"
_KINDS = {"<f8", "|b1"}


class StateMisfit(Exception):
    """Bytes are not the state of this prediction; the message says why. The remedy is to learn from the history."""


@dataclass(frozen=True, slots=True)
class PredictionState:
    """What one prediction knew. `subject`: as findings are kept by; `basis`: digest of what it rests on.

    `seen`: up to when it has taken the samples of each tag (by name), ns UTC, 0 for none; `body`: all that it knew.
    """

    subject: str
    basis: str
    seen: dict[str, int]
    body: bytes

    @property
    def newest(self) -> int:
        """Return the time of the newest sample that is in it, ns UTC, 0 for none."""
        return max(self.seen.values(), default=0)


def pack(state: object) -> bytes:
    """Return a state (a dataclass of numbers, texts, arrays of float64 or bool, and containers of these) as bytes."""
    body = msgspec.msgpack.encode(state, enc_hook=_plain)
    return _MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def unpack(kind: type[T], data: bytes) -> T:
    """Return what `pack` wrote of the same `kind`; raise StateMisfit for anything else."""
    start = len(_MAGIC) + 4
    body = data[start:]
    if not data.startswith(_MAGIC) or zlib.crc32(body).to_bytes(4, "big") != data[len(_MAGIC) : start]:
        raise StateMisfit("it is damaged, or another version of the program has written it")
    try:
        return msgspec.msgpack.decode(body, type=kind, dec_hook=_array)
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise StateMisfit(f"another version of the program has written it: {error}") from error


def digest_of(basis: object) -> str:
    """Return a digest of what a prediction rests on (numbers, texts and containers of these)."""
    return hashlib.sha256(msgspec.msgpack.encode(basis, enc_hook=_plain)).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, np.ascontiguousarray(value).tobytes()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no part of a state")


def _array(_: type, packed: Any) -> Any:  # noqa: ANN401 - as msgspec has it
    kind, shape, data = packed
    if kind not in _KINDS:
        raise ValueError(f"numbers of kind {kind}")
    return np.frombuffer(data, kind).reshape(shape).copy()
