"""A waveform's values as bytes: bit for bit the same again, and as small as pcodec makes them.

The first byte tells the codec, the second the type: values that float32 holds exactly, which is what most devices
send, take half the room.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from app.vibration.waveform import BadWaveform, Signal

try:
    from pcodec import ChunkConfig, standalone
except ImportError:  # pragma: no cover - a platform without its wheel
    standalone = None

_PCODEC, _DEFLATED = 1, 2
_TYPES: dict[int, np.dtype[Any]] = {ord("d"): np.dtype("<f8"), ord("f"): np.dtype("<f4")}


def pack(values: Signal) -> bytes:
    """Return float64 values, shape (n,), as bytes."""
    single = values.astype(np.float32)
    kind = "f" if np.array_equal(single.astype(np.float64), values) else "d"
    numbers = np.ascontiguousarray(single if kind == "f" else values)
    if standalone is not None:
        packed: bytes = standalone.simple_compress(numbers, ChunkConfig(compression_level=8))
        if np.array_equal(standalone.simple_decompress(packed), numbers):
            return bytes((_PCODEC, ord(kind))) + packed
    return bytes((_DEFLATED, ord(kind))) + zlib.compress(numbers.astype(_TYPES[ord(kind)]).tobytes())


def unpack(packed: bytes, count: int) -> Signal:
    """Return the `count` values of packed ones; raise BadWaveform where they are damaged."""
    try:
        codec, kind = packed[0], _TYPES[packed[1]]
        if codec == _PCODEC and standalone is not None:
            numbers = standalone.simple_decompress(packed[2:])
        elif codec == _DEFLATED:
            numbers = np.frombuffer(zlib.decompress(packed[2:]), kind)
        else:
            raise BadWaveform(f"a waveform of codec {codec} is not known here: install the newest version")
    except (IndexError, KeyError, ValueError, TypeError, RuntimeError, zlib.error) as error:
        if isinstance(error, BadWaveform):
            raise
        raise BadWaveform(f"a stored waveform cannot be unpacked ({error}): the file is damaged") from error
    if numbers is None or len(numbers) != count:
        raise BadWaveform(f"a stored waveform does not hold its {count} values: the file is damaged")
    return np.asarray(numbers, np.float64)
