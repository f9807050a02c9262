"""The state of a detector as bytes: named arrays with a checksum, in which nothing can be executed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

VERSION = 1
_MAGIC = b"foreshift anomaly\n"
_KINDS = {"<f8", "<i8", "|b1"}
_MOST_BYTES = 256 << 20

State = dict[str, NDArray[Any]]


class AnomalyError(Exception):
    """A detector was given what it cannot use; the message names the place and the remedy."""


class _Array(msgspec.Struct, array_like=True):
    kind: str
    shape: tuple[int, ...]
    data: bytes


class _File(msgspec.Struct):
    version: int
    detector: str
    arrays: dict[str, _Array]


def pack(detector: str, state: Mapping[str, NDArray[Any] | float | bool]) -> bytes:
    """Return named arrays and numbers (float64, int64, bool) as bytes; `detector` says which class they belong to."""
    arrays = {}
    for name, value in state.items():
        array = np.asarray(value)
        arrays[name] = _Array(array.dtype.str, array.shape, np.ascontiguousarray(array).tobytes())
    body = msgspec.msgpack.encode(_File(VERSION, detector, arrays))
    return _MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def unpack(detector: str, data: bytes) -> State:
    """Return what `pack` wrote for the same `detector`; raise AnomalyError for anything else."""
    start = len(_MAGIC) + 4
    if not data.startswith(_MAGIC) or not start <= len(data) <= _MOST_BYTES:
        raise AnomalyError("not the state of a detector: learn anew")
    body = data[start:]
    if zlib.crc32(body).to_bytes(4, "big") != data[len(_MAGIC) : start]:
        raise AnomalyError("the state of a detector is damaged: restore a backup, or learn anew")
    try:
        file = msgspec.msgpack.decode(body, type=_File)
        if (file.version, file.detector) != (VERSION, detector):
            raise AnomalyError(
                f'the state is one of "{file.detector}" in version {file.version}, '
                f'not of "{detector}" in version {VERSION}: learn anew'
            )
        return {name: _unpacked(array) for name, array in file.arrays.items()}
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise AnomalyError(f"not a whole state of a detector: {error}: learn anew") from error


def restore_into(target: Mapping[str, NDArray[Any]], state: State) -> None:
    """Copy arrays over those of the same name, kind and shape; raise AnomalyError where one does not fit."""
    for name, array in target.items():
        kept = state.get(name)
        if kept is None or kept.shape != array.shape or kept.dtype != array.dtype:
            raise AnomalyError(f'the state does not fit this detector at "{name}": its tags or settings have changed')
        array[...] = kept


def _unpacked(packed: _Array) -> NDArray[Any]:
    if packed.kind not in _KINDS:
        raise ValueError(f"numbers of kind {packed.kind}")
    return np.frombuffer(packed.data, packed.kind).reshape(packed.shape).copy()
