"""This program's history as one of the stores that are compared."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.database import open_writer
from app.history.envelope import Envelope
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model.block import Block
from app.model.clock import NS_PER_S
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from tests.benchmarks.history_store import Answer, Table, written_here
from tests.benchmarks.recorded_plant import tag_name

LARGEST_COMMIT = 200_000


class OurHistory:
    """The history in its own file, with the upkeep that this version has."""

    name = "ours"

    def __init__(self, folder: Path, tags: Sequence[TagDefinition]) -> None:
        """Open a new file in `folder` for the tags."""
        self.path = folder / "plant.sqlite"
        self._handles = {tag.name: tag.handle for tag in tags}
        self._connection = open_writer(self.path)
        self._writer = HistoryWriter(self._connection, tags)
        self._upkeep = _upkeep(self._connection, self.path)
        self._reader = HistoryReader(self.path)

    @property
    def reads_raw(self) -> bool:
        """Whether an envelope can be had from the samples alone, for the comparison of like with like."""
        return self._upkeep is None or "from_raw" in inspect.signature(HistoryReader.envelope).parameters

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the file in commits as large as those after an outage."""
        for block in blocks:
            for first in range(0, len(block), LARGEST_COMMIT):
                self._writer.write(block.select(slice(first, first + LARGEST_COMMIT)))
        self.settle()

    def commit(self, block: Block) -> None:
        """Store samples durably."""
        self._writer.write(block)

    def settle(self) -> None:
        """Seal and compact all, and bring the log into the file."""
        if self._upkeep is not None:
            self._upkeep.settle()
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def size(self) -> int:
        """Return the bytes of the pages in use; the others wait to be used again."""
        pages, free, width = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * width)

    def written(self) -> int:
        """Return the bytes that this process has handed to the disk."""
        return written_here()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()
        self._connection.close()

    def raw(self, handle: int, start: int, end: int) -> Answer:
        """Return time, value and status of a tag."""
        found = self._reader.raw(self._name(handle), start, end)
        return lambda: (found.time, found.value, found.status)

    def envelope(self, handles: Sequence[int], start: int, end: int, *, buckets: int, from_raw: bool = False) -> Answer:
        """Return tag, bucket's start, minimum, maximum and count, by tag and bucket."""
        options: dict[str, Any] = {"from_raw": True} if from_raw and self._upkeep is not None else {}
        found = self._reader.envelope([self._name(handle) for handle in handles], start, end, buckets, **options)
        return lambda: _by_bucket({self._handles[name]: envelope for name, envelope in found.items()})

    def bucket_width(self, handle: int, start: int, end: int, *, buckets: int, from_raw: bool = False) -> int:
        """Return the width in ns of the buckets that `envelope` chooses."""
        options: dict[str, Any] = {"from_raw": True} if from_raw and self._upkeep is not None else {}
        return self._reader.envelope([self._name(handle)], start, end, buckets, **options)[self._name(handle)].width

    def snapshot(self, at: int) -> Answer:
        """Return tag, time, value and status of every tag's last sample up to an instant, by tag."""
        found = self._reader.snapshot(at) if hasattr(self._reader, "snapshot") else self._newest_before(at)
        return lambda: _by_handle({self._handles[name]: sample for name, sample in found.items()})

    def _newest_before(self, at: int) -> dict[str, DataValue]:
        """Ask tag by tag, as long as the reader has no question for the plant at an instant."""
        found = {}
        for name in self._handles:
            newest = self._reader.raw(name, at - 3_600 * NS_PER_S, at + 1, limit=1)
            if len(newest):
                found[name] = DataValue(float(newest.value[0]), int(newest.status[0]), int(newest.time[0]))
        return found

    def _name(self, handle: int) -> str:
        return tag_name(handle)


def _upkeep(connection: object, path: Path) -> Any:  # noqa: ANN401 - the module is not in every version
    if importlib.util.find_spec("app.history.upkeep") is None:
        return None
    return importlib.import_module("app.history.upkeep").HistoryUpkeep(connection, path)


def _by_bucket(found: dict[int, Envelope]) -> Table:
    parts = [
        (np.full(len(one), handle, np.int64), one.time, one.minimum, one.maximum, one.count)
        for handle, one in sorted(found.items())
    ]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _by_handle(found: dict[int, DataValue]) -> Table:
    handles = sorted(found)
    return (
        np.array(handles, np.int64),
        np.array([found[handle].source_time for handle in handles], np.int64),
        np.array([found[handle].value for handle in handles], np.float64),
        np.array([found[handle].status for handle in handles], np.int64),
    )
