"""Bounds on what an answer may make the decoder do: asyncua believes every length and count that a server sends.

An array of Null takes no bytes, so that five bytes announce two thousand million elements; a negative length moves the
place of reading backwards; dimensions invent elements that were never sent. `set_bounds` ties all of them to the bytes
that are there, for every decoding in this process; `BoundedBuffer` adds the time that one message may take.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from asyncua.common.utils import Buffer, NotEnoughData
from asyncua.ua import ua_binary
from asyncua.ua.uaerrors import UaError

BUDGET_NS, BUDGET_NS_PER_BYTE = 250_000_000, 10_000
"""Processor time that asyncua's decoder may take for one message. An honest folder of 3,000 children in one answer
takes 1.2 us a byte, the worst of hostile ones within the other bounds 4 us: this ends only what is neither."""

_LONGEST_STRETCH_NS = 25_000_000
"""As much counts at most between two looks at the clock, which are 512 readings apart: what takes longer is not the
message's fault. Its head is read before other work and its body after; a whole collection of garbage takes half a
second in a large process, and the first compiling of a decoder some tens of milliseconds."""

MOST_DEPTH = 100
"""Structures and Variants in one another, as deep as the standard asks a decoder to go (Part 6, 5.1.6). Python's own
limit would end it later, but CPython 3.11 can compile nothing more in a thread where that has happened so deep down."""

MOST_DIMENSIONS = 16
_CHECK_EVERY = 512


class Unbelievable(UaError):
    """A length, a count or a depth that the bytes of its message cannot hold."""


class _Budget:
    """What is left of a message's time, shared by every view of its bytes."""

    __slots__ = ("_last", "_left_ns", "depth", "reads")

    def __init__(self, budget_ns: int) -> None:
        self._left_ns = budget_ns
        self._last = 0
        self.reads = 0
        self.depth = 0

    def check(self) -> None:
        """Count what was taken since the last look at the clock."""
        self.reads = _CHECK_EVERY
        now = time.thread_time_ns()
        if self._last:
            self._left_ns -= min(now - self._last, _LONGEST_STRETCH_NS)
        self._last = now
        if self._left_ns < 0:
            raise Unbelievable("the message takes too long to read")


class BoundedBuffer(Buffer):
    """Bytes of one message; raise NotEnoughData outside them, Unbelievable after `budget_ns` of processor time."""

    def __init__(
        self,
        data: bytes,
        start_pos: int = 0,
        size: int = -1,
        budget: _Budget | None = None,
        budget_ns: int | None = None,
    ) -> None:
        """Begin at `start_pos` of `data`."""
        super().__init__(data, start_pos, size)
        if budget is None:
            budget = _Budget(BUDGET_NS + BUDGET_NS_PER_BYTE * len(data) if budget_ns is None else budget_ns)
        self.budget = budget

    def rest(self) -> tuple[bytes, int, int]:
        """Return the whole message, and where in it what has not been read begins and ends."""
        return self._data, self._cur_pos, self._cur_pos + self._size

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        if not 0 <= size <= self._size:
            raise NotEnoughData(f"{size} bytes wanted, {self._size} left")
        budget = self.budget
        budget.reads -= 1
        if budget.reads < 0:
            budget.check()
        place = self._cur_pos
        self._size -= size
        self._cur_pos = place + size
        return self._data[place : place + size]

    def skip(self, size: int) -> None:
        """Pass over the next `size` bytes."""
        if not 0 <= size <= self._size:
            raise NotEnoughData(f"{size} bytes to pass over, {self._size} left")
        self._size -= size
        self._cur_pos += size

    def copy(self, size: int = -1) -> Self:
        """Return a view of the next `size` bytes, of all where -1."""
        if size < -1:
            raise NotEnoughData(f"{size} bytes wanted")
        within = self._size if size == -1 else min(size, self._size)
        return type(self)(self._data, self._cur_pos, within, self.budget)


@functools.cache
def set_bounds() -> None:
    """Let asyncua's decoders believe no count that the remaining bytes cannot hold; a second call does nothing."""
    ua_binary._create_uatype_array_deserializer = _array_deserializer  # noqa: SLF001 - there is no other way in
    ua_binary._create_list_deserializer = _list_deserializer  # noqa: SLF001
    ua_binary._reshape = _reshape  # type: ignore[assignment]  # noqa: SLF001
    unbounded = ua_binary._create_dataclass_deserializer  # noqa: SLF001
    ua_binary._create_dataclass_deserializer = functools.cache(lambda kind: _no_deeper(unbounded(kind)))  # noqa: SLF001
    ua_binary.variant_from_binary = _no_deeper(ua_binary.variant_from_binary)  # type: ignore[assignment]
    ua_binary._create_uatype_deserializer.cache_clear()  # noqa: SLF001
    ua_binary._create_type_deserializer.cache_clear()  # noqa: SLF001
    unbounded.cache_clear()


def _no_deeper(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a decoder that ends where a message nests too deep."""

    def read(data: Buffer) -> Any:  # noqa: ANN401
        budget = getattr(data, "budget", None)
        if budget is None:
            return decode(data)
        budget.depth += 1
        if budget.depth > MOST_DEPTH:
            raise Unbelievable(f"structures nest deeper than {MOST_DEPTH}")
        made = decode(data)
        budget.depth -= 1
        return made

    return read


@functools.cache
def _array_deserializer(kind: Any) -> Callable[[Any], list[Any] | None]:  # noqa: ANN401 - as the library types it
    """Return the reader of an array in a Variant or a field: None for a negative length (Part 6, 5.2.5)."""
    numbers = getattr(ua_binary.Primitives1, kind.name, None)
    element = ua_binary._create_uatype_deserializer(kind)  # noqa: SLF001

    def read(data: Buffer) -> list[Any] | None:
        if _is_empty(element):  # nothing is sent but a count: a value that is bad, not a message that is lost
            ua_binary.Primitives.Int32.unpack(data)
            return []
        length = _length(data)
        if length < 0:
            return None
        if numbers is not None:
            return list(numbers.unpack_array(data, length))
        return [element(data) for _ in range(length)]

    return read


@functools.cache
def _list_deserializer(kind: Any) -> Callable[[Any], list[Any]]:  # noqa: ANN401
    """Return the reader of a list of structures; the reader of one is made late, as structures hold one another."""
    element: Callable[[Any], Any] | None = None

    def read(data: Buffer) -> list[Any]:
        nonlocal element
        length = _length(data)
        if element is None:
            element = ua_binary._create_type_deserializer(kind, object)  # noqa: SLF001
        if length > 0 and _is_empty(element):
            raise Unbelievable(f"{length} elements without a byte")
        return [element(data) for _ in range(length)]

    return read


def _length(data: Buffer) -> int:
    """Return a count that the remaining bytes can hold, one byte for each element."""
    length = int(ua_binary.Primitives.Int32.unpack(data))
    if length > len(data) and length > 0:
        raise Unbelievable(f"{length} elements announced, {len(data)} bytes left")
    return length


@functools.cache
def _is_empty(element: Callable[[Any], Any]) -> bool:
    """Return whether an element is read from no bytes at all: Null, and structures without a field."""
    try:
        element(Buffer(b""))
    except NotEnoughData:
        return False
    except UaError:
        return False
    return True


def _reshape(flat: list[Any], dimensions: Sequence[int] | None) -> list[Any]:
    """Return a flat array as nested lists; raise Unbelievable where the dimensions do not make up its length."""
    sizes = list(dimensions or ())
    if len(sizes) > MOST_DIMENSIONS or any(size < 0 for size in sizes) or math.prod(sizes) != len(flat):
        raise Unbelievable(f"{len(flat)} elements under the dimensions {sizes[:MOST_DIMENSIONS]}")
    for size in reversed(sizes[1:]):
        flat = [flat[at : at + size] for at in range(0, len(flat), size)] if size else []
    return flat
