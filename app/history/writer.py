"""Writes samples into the plant's history, durably and as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection, migrate, transaction
from app.history.schema import HISTORY
from app.model import status
from app.model.block import Block
from app.model.tag import TagDefinition


class HistoryWriter:
    """The only one that writes samples; used from the thread that owns `connection`."""

    def __init__(self, connection: PlantConnection, tags: Sequence[TagDefinition]) -> None:
        """Bring the tables up to date and find the tags by their names; raise DatabaseError.

        A tag keeps its history under its name, wherever it stands in the plant's list.
        """
        self._connection = connection
        migrate(connection, HISTORY)
        self._tag_of_handle = _register(connection, tags)

    def write(self, block: Block) -> int:
        """Store the samples in one transaction, durable on return; return how many were given.

        Of several samples of one tag and time the last counts, also over what is stored already. A value that is not a
        number never stays good. Raise DatabaseError where nothing could be stored, ValueError for an unknown handle.
        """
        if not len(block):
            return 0
        if int(block.handle.max()) >= len(self._tag_of_handle) or not self._tag_of_handle[block.handle].all():
            raise ValueError(f"handle {block.handle.max()}: is none of the {len(self._tag_of_handle)} tags")
        tag = self._tag_of_handle[block.handle]
        order = np.lexsort((block.time, tag))
        codes = np.where(
            np.isnan(block.value) & status.good_mask(block.status), np.uint32(status.BAD_NO_DATA), block.status
        )
        columns = (tag[order], block.time[order], block.value[order], codes[order])
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO sample (tag, time, value, status) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (tag, time) DO UPDATE SET value = excluded.value, status = excluded.status",
                zip(*(column.tolist() for column in columns), strict=True),
            )
        return len(block)


def _register(connection: PlantConnection, tags: Sequence[TagDefinition]) -> NDArray[np.int64]:
    """Return the id in the file for every handle, 0 where no tag has it."""
    with transaction(connection):
        connection.executemany(
            "INSERT INTO tag (name, unit) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET unit = excluded.unit "
            "WHERE unit <> excluded.unit",
            [(tag.name, tag.unit) for tag in tags],
        )
        known = dict(connection.execute("SELECT name, id FROM tag").fetchall())
    ids = np.zeros(max((tag.handle for tag in tags), default=-1) + 1, np.int64)
    for tag in tags:
        ids[tag.handle] = known[tag.name]
    return ids
