"""One column of samples as bytes: bit-exact, small, and able to say how it was packed.

Every packed column begins with three bytes: the codec, its version and the kind of the values. So a file outlives the
codec that is best today: a reader knows what it meets, and a column that it cannot read is told by name. The best codec
for numbers is pcodec (docs/decisions/0016-history-of-chunks.md has the measurements); where it is not installed, or its
answer is not the same bits again, the column is packed by means of Python's own library.
"""

from __future__ import annotations

import json
import struct
import zlib
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.history.narrow import narrowed, widened

try:
    from pcodec import ChunkConfig, DeltaSpec, standalone
except ImportError:  # pragma: no cover - a platform without its wheel
    standalone = None

Column = NDArray[Any]

CONSTANT = 0
PCODEC = 1
SHUFFLED = 2
TEXT = 3
RUNS = 4
RAW = 5
NARROW = 6
_VERSION = 1
_HEAD_BYTES = 3
_PCODEC_HEAD = bytes((PCODEC, _VERSION))
_STATUS_RUNS_HEAD = bytes((RUNS, _VERSION, ord("u")))

LASTING = 8
TIMES = 6
"""Times are no larger than with LASTING, and take half as long."""
QUICK = 2
"""For what is packed anew within the hour."""
_TEXT_LEVEL = 6
_BATCH = 256
_MOST_RUNS = 16
"""Some 30 bytes larger than what pcodec makes of so many, and read twenty times as fast."""
_FEWEST = 8
"""Below so many numbers the two headers of pcodec outweigh what it saves."""

_TYPES: dict[str, np.dtype[Any]] = {"f": np.dtype("<f8"), "i": np.dtype("<i8"), "u": np.dtype("<u4")}
_BITS: dict[str, np.dtype[Any]] = {"f": np.dtype(np.uint64), "i": np.dtype(np.uint64), "u": np.dtype(np.uint32)}


class CodecError(Exception):
    """A packed column cannot be unpacked; the message says why."""


def pack(column: Column, *, level: int = LASTING) -> bytes:
    """Return a column (float64, int64, uint32, bool, or objects that are str) of shape (n,) as bytes.

    `level`: how much is searched for to make it small, from QUICK to LASTING.
    """
    if column.dtype.kind == "O":
        return _head(TEXT, "O") + _pack_text(column)
    numbers = _as_stored(column)
    kind = numbers.dtype.kind
    if _is_constant(numbers):
        return _head(CONSTANT, kind) + numbers[:1].tobytes()
    if kind == "u" and (runs := _pack_runs(numbers)):
        return _head(RUNS, kind) + runs
    if len(numbers) < _FEWEST:
        return _head(RAW, kind) + numbers.tobytes()
    if standalone is not None:
        packed: bytes = standalone.simple_compress(numbers, _configuration(level))
        if _same(standalone.simple_decompress(packed), numbers):
            return _head(PCODEC, kind) + packed
    return _head(SHUFFLED, kind) + _pack_shuffled(numbers)


def pack_at_once(column: Column) -> bytes:
    """Return a column as `pack` does, in a fifth of the time and half as small again: for what is packed anew soon."""
    if column.dtype.kind != "O":
        numbers = _as_stored(column)
        kind = numbers.dtype.kind
        if len(numbers) >= _FEWEST and not _is_constant(numbers) and (packed := narrowed(numbers)) is not None:
            return _head(NARROW, kind) + packed
    return pack(column, level=QUICK)


def unpack(packed: bytes, count: int, kind: str = "") -> Column:
    """Return the column of `count` values, of that kind where one is expected; raise CodecError.

    `kind`: f, i, u or O for float64, int64, uint32 or str objects.
    """
    if len(packed) < _HEAD_BYTES:
        raise CodecError("a packed column is shorter than its head")
    codec, version, found = packed[0], packed[1], chr(packed[2])
    if version != _VERSION or codec not in _UNPACK:
        raise CodecError(f"codec {codec} version {version} is not known here: install the newest version")
    if kind and found != kind:
        raise CodecError(f"a column of kind {found!r} stands where {kind!r} should")
    try:
        column = _UNPACK[codec](packed[_HEAD_BYTES:], found, count)
    except (ValueError, TypeError, RuntimeError, zlib.error, KeyError, IndexError) as error:
        raise CodecError(f"a column of codec {codec} cannot be unpacked: {error}") from error
    if len(column) != count:
        raise CodecError(f"a column holds {len(column)} values instead of {count}")
    return column


def kind_of(packed: bytes) -> str:
    """Return the kind of value that a packed column says it holds: f, i, u or O, "" where it has no head."""
    return chr(packed[2]) if len(packed) >= _HEAD_BYTES else ""


def unpack_into(packed: bytes, column: Column) -> None:
    """Unpack a column of numbers of the kind and length of `column` into it; raise CodecError."""
    kind, count = column.dtype.kind, len(column)
    if packed[:2] != _PCODEC_HEAD or kind_of(packed) != kind or standalone is None:
        column[:] = unpack(packed, count, kind)
        return
    try:
        progress = standalone.simple_decompress_into(packed[_HEAD_BYTES:], column)
    except (ValueError, TypeError, RuntimeError) as error:
        raise CodecError(f"a column of codec {PCODEC} cannot be unpacked: {error}") from error
    if progress.n_processed != count or not progress.finished:
        raise CodecError(f"a column does not hold {count} values")


def unpack_first(packed: bytes, count: int, size: int, scratch: Column | None = None) -> Column:
    """Return at least the first `size` values of a packed column of `count`, or all there are; raise CodecError.

    What follows is not unpacked where the codec allows that. `scratch`: an array to be used again for them where it is
    of their kind.
    """
    kind = kind_of(packed)
    if packed[:2] != _PCODEC_HEAD or kind not in _TYPES or standalone is None:
        return unpack(packed, count)
    # pcodec fills whole batches only
    size = min(count, -(-size // _BATCH) * _BATCH)
    is_fitting = scratch is not None and size <= len(scratch) and scratch.dtype.kind == kind
    column = scratch[:size] if scratch is not None and is_fitting else np.empty(size, _TYPES[kind])
    try:
        progress = standalone.simple_decompress_into(packed[_HEAD_BYTES:], column)
    except (ValueError, TypeError, RuntimeError) as error:
        raise CodecError(f"a column of codec {PCODEC} cannot be unpacked: {error}") from error
    if progress.n_processed != size:
        raise CodecError(f"a column holds {progress.n_processed} values instead of {count}")
    return column


def unpack_one(packed: bytes, count: int, row: int, scratch: Column | None = None) -> Any:  # noqa: ANN401
    """Return one value of a packed column of `count`; the rest is as with `unpack_first`."""
    if packed[:3] == _STATUS_RUNS_HEAD:
        begins, values = _runs(packed[_HEAD_BYTES:], count)
        return np.uint32(values[bisect_right(begins, row) - 1])
    return unpack_first(packed, count, row + 1, scratch)[row]


def _head(codec: int, kind: str) -> bytes:
    return bytes((codec, _VERSION, ord(kind)))


def _as_stored(column: Column) -> Column:
    kind = "i" if column.dtype.kind == "b" else column.dtype.kind
    return np.ascontiguousarray(column, _TYPES[kind])


@lru_cache
def _configuration(level: int) -> object:
    # Differences of first order, where they pay: never worse on plant signals than its own search, and quicker.
    return ChunkConfig(compression_level=level, delta_spec=DeltaSpec.try_consecutive(1))


def _is_constant(numbers: Column) -> bool:
    bits = numbers.view(_BITS[numbers.dtype.kind])
    return not len(bits) or bool(bits[0] == bits[-1] and (bits == bits[0]).all())


def _same(first: Column, second: Column) -> bool:
    return first.dtype == second.dtype and first.tobytes() == second.tobytes()


def _pack_shuffled(numbers: Column) -> bytes:
    steps = np.diff(numbers.view(f"<u{numbers.itemsize}"), prepend=numbers.dtype.type(0).view(f"<u{numbers.itemsize}"))
    return zlib.compress(steps.view(np.uint8).reshape(len(steps), -1).T.tobytes(), 1)


def _unpack_shuffled(packed: bytes, kind: str, count: int) -> Column:
    width = _TYPES[kind].itemsize
    planes = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(width, count)
    steps = np.ascontiguousarray(planes.T).view(f"<u{width}").ravel()
    return np.cumsum(steps, dtype=steps.dtype).view(_TYPES[kind])


def _unpack_pcodec(packed: bytes, kind: str, _count: int) -> Column:
    if standalone is None:
        raise CodecError("pcodec is not installed: install it to read this history")
    column: Column | None = standalone.simple_decompress(packed)
    if column is None or column.dtype != _TYPES[kind]:
        raise CodecError(f"a column of type {None if column is None else column.dtype} stands where {kind} should")
    return column


def _unpack_constant(packed: bytes, kind: str, count: int) -> Column:
    value = np.frombuffer(packed, _TYPES[kind])
    return np.full(count, value[0]) if count else value


def _pack_runs(numbers: Column) -> bytes:
    """Return runs of equal values, such as StatusCodes: where each begins, and its value; nothing for many runs."""
    is_new = numbers[1:] != numbers[:-1]
    if np.count_nonzero(is_new) >= _MOST_RUNS:
        return b""
    begins = [0, *(is_new.nonzero()[0] + 1).tolist()]
    return struct.pack(f"<{2 * len(begins)}I", *begins, *[numbers.item(begin) for begin in begins])


def _unpack_runs(packed: bytes, kind: str, count: int) -> Column:
    begins, values = _runs(packed, count)
    column = np.empty(count, np.uint32)
    for begin, end, value in zip(begins, (*begins[1:], count), values, strict=True):
        column[begin:end] = value
    return column.view(_TYPES[kind])


def _runs(packed: bytes, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where each run of `count` numbers begins, and its value."""
    size, rest = divmod(len(packed), 8)
    numbers = struct.unpack(f"<{2 * size}I", packed) if size and not rest else ()
    begins, values = numbers[:size], numbers[size:]
    if not begins or begins[0] or begins[-1] >= count or any(one >= next_ for one, next_ in pairwise(begins)):
        raise CodecError("the runs of a column do not rise from its first row to its last")
    return begins, values


def _unpack_raw(packed: bytes, kind: str, _count: int) -> Column:
    return np.frombuffer(packed, _TYPES[kind])


def _pack_text(column: Column) -> bytes:
    words: dict[str, int] = {}
    codes = np.array([words.setdefault(text, len(words)) for text in column], np.uint32)
    book = zlib.compress(json.dumps(list(words), ensure_ascii=False).encode("utf-8", "surrogatepass"), _TEXT_LEVEL)
    return len(book).to_bytes(4, "little") + book + pack(codes)


def _unpack_text(packed: bytes, _kind: str, count: int) -> Column:
    length = int.from_bytes(packed[:4], "little")
    words = json.loads(zlib.decompress(packed[4 : 4 + length]).decode("utf-8", "surrogatepass"))
    codes = unpack(packed[4 + length :], count, "u")
    column = np.empty(count, object)
    column[:] = [words[code] for code in codes.tolist()]
    return column


_UNPACK: dict[int, Callable[[bytes, str, int], Column]] = {
    CONSTANT: _unpack_constant,
    PCODEC: _unpack_pcodec,
    SHUFFLED: _unpack_shuffled,
    TEXT: _unpack_text,
    RUNS: _unpack_runs,
    RAW: _unpack_raw,
    NARROW: widened,
}
