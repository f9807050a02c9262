"""Numbers in the fewest bytes that need no searching: how a commit's columns are packed while somebody waits for it.

What is repeated in neighbouring rows is stored once: a device sends one time and one status for many tags, and these
one after the other. Whole numbers become 32 bits from the least of them on, numbers that a 32-bit float holds become
one; to the last bit, or not at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]

_SMALL, _RUNS, _ROWS = b"\x00", b"\x01", b"\x02"
"""Codes of 16 bits, codes of 32 of which a run has one, codes of 16 of which a row that counts up by one has one."""
_SHORT = 1 << 16
_LONG = 1 << 32
_FEW = 8
_STEPS = (1_000_000, 1_000, 1)
"""Times are mostly whole milliseconds or microseconds."""
_HEAD = np.dtype([("least", "<i8"), ("step", "<i8")])


def narrowed(numbers: Column) -> bytes | None:
    """Return float64, int64 or uint32 numbers, not none, as bytes; None where they are not for this."""
    kind = numbers.dtype.kind
    if kind == "f":
        return _floats(numbers)
    if kind == "u":
        return _codes(numbers)
    return _wholes(numbers)


def widened(packed: bytes, kind: str, count: int) -> Column:
    """Return what `narrowed` was given; raise ValueError or IndexError for bytes that it did not make."""
    if kind == "f":
        return _as_floats(packed, count)
    if kind == "u":
        if packed[:1] == _SMALL:
            return np.frombuffer(packed, "<u2", offset=1).astype(np.uint32)
        if packed[:1] == _ROWS:
            return _counted_up(packed[1:], count)
        return _repeated(np.frombuffer(packed, "<u4", offset=1 + _bytes(count)), packed[1 : 1 + _bytes(count)], count)
    head = np.frombuffer(packed, _HEAD, 1)[0]
    body = packed[_HEAD.itemsize :]
    steps = np.frombuffer(body, "<u4", offset=_bytes(count)).astype(np.int64)
    return _repeated(steps * head["step"] + head["least"], body[: _bytes(count)], count)


def _floats(numbers: Column) -> bytes:
    with np.errstate(over="ignore", invalid="ignore"):
        short = numbers.astype(np.float32)
        is_short = short.astype(np.float64).view(np.uint64) == numbers.view(np.uint64)
    mask = np.packbits(is_short).tobytes()
    if is_short.all():
        return b"".join((mask, short.tobytes()))
    # by places, not by marks, which takes longer
    return b"".join((mask, short[is_short.nonzero()[0]].tobytes(), numbers[(~is_short).nonzero()[0]].tobytes()))


def _as_floats(packed: bytes, count: int) -> Column:
    is_short = _mask(packed, count)
    first, shorts = _bytes(count), int(np.count_nonzero(is_short))
    numbers = np.empty(count, np.float64)
    with np.errstate(invalid="ignore"):
        numbers[is_short] = np.frombuffer(packed, "<f4", shorts, first)
    numbers[~is_short] = np.frombuffer(packed, "<f8", offset=first + 4 * shorts)
    return numbers


def _codes(numbers: Column) -> bytes:
    if int(np.maximum.reduce(numbers)) < _SHORT:
        is_new = _begins(numbers, numbers[:-1] + np.uint32(1))
        return b"".join((_ROWS, np.packbits(is_new).tobytes(), numbers[is_new].astype("<u2").tobytes()))
    is_new = _begins(numbers, numbers[:-1])
    return b"".join((_RUNS, np.packbits(is_new).tobytes(), numbers[is_new].tobytes()))


def _wholes(numbers: Column) -> bytes | None:
    is_new = _begins(numbers, numbers[:-1])
    runs = numbers[is_new]
    least, most = int(np.minimum.reduce(runs)), int(np.maximum.reduce(runs))
    for step in _STEPS:
        # few tell mostly that it does not divide them all; whole division is much quicker than its rest
        if most - least >= _LONG * step or (runs[:_FEW] % step).any():
            continue
        quotients = runs // step
        if step == 1 or (quotients * step == runs).all():
            break
    else:
        return None
    least_step = least // step
    steps = (quotients - least_step).astype("<u4")
    head = np.array([(least_step * step, step)], _HEAD).tobytes()
    return head + np.packbits(is_new).tobytes() + steps.tobytes()


def _begins(numbers: Column, expected: Column) -> NDArray[np.bool_]:
    """Return which numbers are not what is expected behind the one before them."""
    is_new = np.empty(len(numbers), np.bool_)
    is_new[0] = True
    np.not_equal(numbers[1:], expected, out=is_new[1:])
    return is_new


def _repeated(values: Column, mask: bytes, count: int) -> Column:
    numbers: Column = values.repeat(_lengths(_mask(mask, count).nonzero()[0], count))
    return numbers


def _counted_up(packed: bytes, count: int) -> Column:
    begins = _mask(packed, count).nonzero()[0]
    firsts = np.frombuffer(packed, "<u2", offset=_bytes(count)).astype(np.int64)
    numbers = (firsts - begins).repeat(_lengths(begins, count))
    numbers += np.arange(count)
    return numbers.astype(np.uint32)


def _lengths(begins: NDArray[np.intp], count: int) -> NDArray[np.int64]:
    """Return the lengths of runs that begin there, the last of which ends at `count`."""
    lengths = np.empty(len(begins), np.int64)
    np.subtract(begins[1:], begins[:-1], out=lengths[:-1])
    if len(lengths):
        lengths[-1] = count - begins[-1]
    return lengths


def _mask(packed: bytes, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(packed, np.uint8, _bytes(count)), count=count).view(np.bool_)


def _bytes(bits: int) -> int:
    return -(-bits // 8)
