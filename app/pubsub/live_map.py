"""The mapped file of live values: its layout, how it is made whole at once, and how it is opened.

All of it is in native byte order, because both sides run on one PC:

    header   32 x int64, see Field
    ring     `capacity` rows as columns: time int64, received int64, value float64, handle uint32, status uint32
    latest   two slots of `tags` rows as columns: time int64, value float64, status uint32; and `turn` uint32 per tag,
             whose last bit says which slot holds the newest whole sample
    text     two slots of `texts` rows of TEXT_BYTES: the newest exact value of the tags in `text_tag` (uint32, rising),
             its length in bytes first (uint16), then UTF-8; a tag's slots turn with those of its latest sample
"""

from __future__ import annotations

import mmap
import os
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import HandleArray, TimeArray, ValueArray
from app.model.status import StatusArray

MAGIC = int.from_bytes(b"FSHLIVE\n", "little")
VERSION = 2
HEADER_FIELDS = 32
MAX_TAGS = 10_000_000
MAX_CAPACITY = 1 << 28
REPLACE_SECONDS = 3.0

_RING_ROW = 8 + 8 + 8 + 4 + 4
_LATEST_ROW = 2 * (8 + 8 + 4) + 4
_ALIGNMENT = 64
TEXT_BYTES = 256
"""Of a longer text the live file shows the beginning; the history has all of it."""

_fence = threading.Lock()


class LiveUnavailable(Exception):
    """The live values cannot be reached: the message names the file and the remedy."""


class Field(IntEnum):
    """The places in the header; times are int64 ns, counts are samples since the publisher's start."""

    MAGIC = 0
    VERSION = 1
    TAGS = 2
    CAPACITY = 3
    GENERATION = 4
    STARTED = 5
    PID = 6
    HEARTBEAT = 7
    HEARTBEAT_MONOTONIC = 8
    RESERVED = 9
    PUBLISHED = 10
    STORED = 11
    TEXTS = 12


def order_memory() -> None:
    """Keep the loads and stores before this call before those after it, on processors that would reorder them.

    Two rounds of a lock are a full barrier: nothing sinks below the first release or rises above the second
    acquisition, and these two are ordered.
    """
    with _fence:
        pass
    with _fence:
        pass


@dataclass(slots=True)
class LiveMap:
    """The mapped file as arrays; `close` lets go of them. `identity` tells it from another file of the same name."""

    memory: mmap.mmap
    identity: tuple[int, int]
    header: NDArray[np.int64]
    time: TimeArray
    received: TimeArray
    value: ValueArray
    handle: HandleArray
    status: StatusArray
    latest_time: TimeArray
    latest_value: ValueArray
    latest_status: StatusArray
    turn: NDArray[np.uint32]
    text: NDArray[np.uint8]
    text_tag: HandleArray

    @property
    def tags(self) -> int:
        """Return the number of tags."""
        return len(self.turn)

    @property
    def capacity(self) -> int:
        """Return how many samples the ring holds."""
        return len(self.time)

    def close(self) -> None:
        """Let go of the file; the arrays are empty afterwards."""
        self.header = np.zeros(HEADER_FIELDS, np.int64)
        self.time = self.received = self.latest_time = np.empty(0, np.int64)
        self.value = self.latest_value = np.empty(0, np.float64)
        self.handle = self.status = self.latest_status = self.turn = self.text_tag = np.empty(0, np.uint32)
        self.text = np.empty((2, 0, TEXT_BYTES), np.uint8)
        self.memory.close()


def create(path: Path, tags: int, *, capacity: int, started: int, texts: Sequence[int] = ()) -> LiveMap:
    """Put a new file with a new generation in the place of `path` and map it for writing.

    `texts`: the handles of the tags that have exact values.
    Raise LiveUnavailable where the folder cannot be written or the disk is full.
    """
    if not 0 <= tags <= MAX_TAGS or not 1 <= capacity <= MAX_CAPACITY:
        raise ValueError(f"{tags} tags and a ring of {capacity} samples: at most {MAX_TAGS} and 1 to {MAX_CAPACITY}")
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        _write_empty(fresh, tags, capacity=capacity, started=started, texts=texts)
        _retire(path)
        _replace(fresh, path)
        return _map(path, mmap.ACCESS_WRITE)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)  # half of it would keep the last of a full disk
        raise LiveUnavailable(
            f"{path}: cannot make the file of live values: {error.strerror or error}: "
            "check that the folder can be written and that the disk has space"
        ) from error


def open_existing(path: Path) -> LiveMap:
    """Map the file for reading; raise LiveUnavailable where it is missing, incomplete or of another version."""
    try:
        live = _map(path, mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise LiveUnavailable(f"{path}: no live values: start the collector of this plant") from error
    except OSError as error:
        raise LiveUnavailable(f"{path}: cannot be opened: {error.strerror or error}: check who owns it") from error
    if live.header[Field.GENERATION] == 0:
        live.close()
        raise LiveUnavailable(f"{path}: is about to be replaced by a new collector: try again")
    return live


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells this file from another of the same name, None where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _write_empty(path: Path, tags: int, *, capacity: int, started: int, texts: Sequence[int]) -> None:
    """Write every byte, so that a full disk is an error here and not a fault of the mapping later."""
    header = np.zeros(HEADER_FIELDS, np.int64)
    header[[Field.MAGIC, Field.VERSION, Field.TAGS, Field.CAPACITY]] = MAGIC, VERSION, tags, capacity
    header[Field.TEXTS] = len(texts)
    header[[Field.GENERATION, Field.STARTED, Field.PID]] = secrets.randbits(62) + 1, started, os.getpid()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(header.tobytes())
        file.write(bytes(_size(tags, capacity, len(texts)) - header.nbytes))
    live = _map(path, mmap.ACCESS_WRITE)
    live.latest_value[:] = np.nan
    live.latest_status[:] = status.BAD_WAITING_FOR_INITIAL_DATA
    live.text_tag[:] = sorted(texts)
    live.close()


def _retire(path: Path) -> None:
    """Take the generation from a former file, so that its readers let go of it."""
    try:
        former = _map(path, mmap.ACCESS_WRITE)
    except (OSError, LiveUnavailable):
        return
    former.header[Field.GENERATION] = 0
    former.close()


def _replace(fresh: Path, path: Path) -> None:
    """Rename over `path`; where an open file cannot be replaced (Windows) wait until its readers have let go."""
    deadline = time.monotonic() + REPLACE_SECONDS
    while True:
        try:
            fresh.replace(path)
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _map(path: Path, access: int) -> LiveMap:
    with path.open("rb" if access == mmap.ACCESS_READ else "r+b") as file:
        found = os.fstat(file.fileno())
        if found.st_size < HEADER_FIELDS * 8:
            raise LiveUnavailable(f"{path}: is incomplete: start the collector of this plant again")
        memory = mmap.mmap(file.fileno(), found.st_size, access=access)
    try:
        return _views(path, memory, identity=(found.st_dev, found.st_ino))
    except LiveUnavailable:
        memory.close()
        raise


def _views(path: Path, memory: mmap.mmap, *, identity: tuple[int, int]) -> LiveMap:
    version, tags, capacity, texts = _checked_header(path, memory)
    if version != VERSION:
        raise LiveUnavailable(
            f"{path}: is of version {version}, this program reads {VERSION}: start the collector and the window from "
            "the same installation"
        )
    is_credible = 0 <= texts <= tags <= MAX_TAGS and 1 <= capacity <= MAX_CAPACITY
    if not is_credible or len(memory) != _size(tags, capacity, texts):
        raise LiveUnavailable(f"{path}: is incomplete: start the collector of this plant again")
    return _columns(memory, tags, capacity=capacity, texts=texts, identity=identity)


def _checked_header(path: Path, memory: mmap.mmap) -> tuple[int, int, int, int]:
    header = np.frombuffer(memory[: HEADER_FIELDS * 8], np.int64)
    if header[Field.MAGIC] != MAGIC:
        raise LiveUnavailable(f"{path}: is not a file of live values: remove it and start the collector again")
    version, tags, capacity, texts = header[[Field.VERSION, Field.TAGS, Field.CAPACITY, Field.TEXTS]].tolist()
    return version, tags, capacity, texts


def _columns(memory: mmap.mmap, tags: int, *, capacity: int, texts: int, identity: tuple[int, int]) -> LiveMap:
    at = HEADER_FIELDS * 8

    def column(dtype: type[np.generic], *shape: int) -> NDArray[np.generic]:
        nonlocal at
        count = int(np.prod(shape))
        array = np.frombuffer(memory, dtype, count, at).reshape(shape)
        at = _aligned(at + array.nbytes)
        return array

    return LiveMap(
        memory=memory,
        identity=identity,
        header=np.frombuffer(memory, np.int64, HEADER_FIELDS),
        time=column(np.int64, capacity),  # type: ignore[arg-type]  # dtype is only known at run time
        received=column(np.int64, capacity),  # type: ignore[arg-type]
        value=column(np.float64, capacity),  # type: ignore[arg-type]
        handle=column(np.uint32, capacity),  # type: ignore[arg-type]
        status=column(np.uint32, capacity),  # type: ignore[arg-type]
        latest_time=column(np.int64, 2, tags),  # type: ignore[arg-type]
        latest_value=column(np.float64, 2, tags),  # type: ignore[arg-type]
        latest_status=column(np.uint32, 2, tags),  # type: ignore[arg-type]
        turn=column(np.uint32, tags),  # type: ignore[arg-type]
        text=column(np.uint8, 2, texts, TEXT_BYTES),  # type: ignore[arg-type]
        text_tag=column(np.uint32, texts),  # type: ignore[arg-type]
    )


def _size(tags: int, capacity: int, texts: int) -> int:
    rows = capacity * _RING_ROW + tags * _LATEST_ROW + texts * (2 * TEXT_BYTES + 4)
    return HEADER_FIELDS * 8 + rows + 11 * _ALIGNMENT


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT
