"""The storage on trial, in one place: how it is opened, written, kept up, checked and read.

Whoever changes the storage changes this file alone: `keep_up` runs what seals and compacts, `repair` the storage's own
check of its content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.alarm.journal import MOST_ROWS, AlarmJournal, JournalEntry, page
from app.database import PlantConnection, open_reader, open_writer
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model.alarm import AlarmRecord
from app.model.block import Block, block_of, concatenate
from app.model.tag import TagDefinition

SYNCHRONOUS = ("FULL", "NORMAL", "OFF")
FIRST_INSTANT, LAST_INSTANT = 0, 1 << 62


@dataclass(frozen=True, slots=True)
class Store:
    """A history with its alarm journal over the one writing connection."""

    connection: PlantConnection
    path: Path
    history: HistoryWriter
    journal: AlarmJournal

    def write(self, block: Block, change: AlarmRecord) -> None:
        """Commit samples and an alarm's change as the collector does; all is acknowledged once this has returned."""
        self.history.write(block)
        self.journal.record([change])

    def keep_up(self) -> None:
        """Seal and compact whatever can be; where samples are rows, only the WAL is copied back and cut."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def opened(
    path: Path, tags: Sequence[TagDefinition], *, synchronous: str = "FULL", checkpoint_pages: int = 0
) -> Iterator[Store]:
    """Open the store as a collector does when it starts; raise DatabaseError.

    `synchronous` other than FULL sabotages it. `checkpoint_pages`: the WAL's length that is copied back, 0 as usual.
    """
    with closing(open_writer(path)) as connection:
        if synchronous != "FULL":
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        if checkpoint_pages:
            connection.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
        yield Store(connection, path, HistoryWriter(connection, tags), AlarmJournal(connection))


def read_content(reader: HistoryReader, tags: Sequence[TagDefinition]) -> Block:
    """Return every sample of the tags in the order of handle and time."""
    blocks = []
    for tag in tags:
        series = reader.raw(tag.name, FIRST_INSTANT, LAST_INSTANT)
        blocks.append(block_of(np.full(len(series), tag.handle), series.time, series.value, series.status))
    return concatenate(blocks)


def read_changes(path: Path) -> list[AlarmRecord]:
    """Return all lines of the alarm journal in their order."""
    entries: list[JournalEntry] = []
    with closing(open_reader(path)) as connection:
        while lines := page(connection, entries[-1].number if entries else 0, limit=MOST_ROWS):
            entries += lines
    return [entry.record for entry in reversed(entries)]


def damage_of(path: Path) -> str:
    """Return what SQLite's integrity check says, "" where all is well."""
    with closing(open_reader(path)) as connection:
        rows = connection.execute("PRAGMA integrity_check(5)").fetchall()
    return "" if rows == [("ok",)] else "; ".join(str(row[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class Repair:
    """What the storage's own check found: damaged places, how many were mended, how many are shown as a gap."""

    found: int
    mended: int
    gaps: int


def repair(path: Path) -> Repair | None:
    """Let the storage check and mend its content; None where it has no check of its own (app.history.integrity)."""
    return None
