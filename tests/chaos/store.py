"""The storage on trial, in one place: how it is opened, written, kept up, checked and read.

Whoever changes the storage changes this file alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app import database, write_ahead
from app.alarm.journal import MOST_ROWS, AlarmJournal, JournalEntry, page
from app.alarm.journal_check import damaged_lines
from app.database import PlantConnection, open_reader, open_writer, transaction, unhurried
from app.history.gap import Gap, read_gaps
from app.history.integrity import Damage, find_damage, structure_problems
from app.history.reader import HistoryReader
from app.history.repair import repair_steps
from app.history.seal import Step
from app.history.unsealed import Unsealed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.alarm import AlarmRecord
from app.model.block import Block, block_of, concatenate
from app.model.tag import TagDefinition
from app.write_ahead import checkpoint

SYNCHRONOUS = ("FULL", "NORMAL", "OFF")
FIRST_INSTANT, LAST_INSTANT = 0, 1 << 62


@dataclass(frozen=True, slots=True)
class Store:
    """A history with its alarm journal over the one writing connection."""

    connection: PlantConnection
    path: Path
    history: HistoryWriter
    journal: AlarmJournal
    unsealed: Unsealed

    def write(self, block: Block, change: AlarmRecord) -> None:
        """Commit samples and an alarm's change as the collector does; all is acknowledged once this has returned."""
        with transaction(self.connection):
            self.history.write(block)
            self.journal.record([change])
        checkpoint(self.connection)

    def keep_up(self, *, is_thorough: bool, between: Callable[[], None] = lambda: None) -> None:
        """Seal, and compact what can be or, where it is thorough, everything.

        `between` is called after each of its transactions: there the collector commits new samples.
        """

        def execute(step: Step) -> None:
            with unhurried(self.connection):
                step(self.connection)
            between()

        upkeep = HistoryUpkeep(self.path, execute, unsealed=self.unsealed)
        if is_thorough:
            upkeep.settle()
        else:
            upkeep.turn(self._newest_time())

    def _newest_time(self) -> int:
        with HistoryReader(self.path) as reader:
            extent = reader.extent()
        return extent[1] if extent else 0


@contextmanager
def opened(
    path: Path,
    tags: Sequence[TagDefinition],
    *,
    synchronous: str = "FULL",
    checkpoint_pages: int = 0,
    reserve_pages: int = 0,
) -> Iterator[Store]:
    """Open the store as a collector does when it starts; raise DatabaseError.

    `synchronous` other than FULL sabotages it. `checkpoint_pages`: the WAL's length that is copied back, 0 as usual.
    `reserve_pages`: the length that is reserved for the WAL, shorter than a collector does it; 0 for none.
    """
    with closing(open_writer(path)) as connection:
        if synchronous != "FULL":
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        if checkpoint_pages:
            connection.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
        if reserve_pages:
            write_ahead.WAL_RESERVE = reserve_pages * database.PAGE_BYTES
            write_ahead.reserve_wal(connection)
        unsealed = Unsealed()
        history = HistoryWriter(connection, tags, unsealed=unsealed)
        yield Store(connection, path, history, AlarmJournal(connection), unsealed)


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


def structure_damage(path: Path) -> str:
    """Return what SQLite finds wrong with the file's structure, "" where all is well."""
    with closing(open_reader(path)) as connection:
        return "; ".join(structure_problems(connection, 5))


def alarm_damage(path: Path) -> list[str]:
    """Return the lines of the alarm journal that are not as they were written, in words."""
    with closing(open_reader(path)) as connection:
        return list(damaged_lines(connection))


def content_damage(path: Path) -> list[Damage]:
    """Return what the history's own check finds wrong with its content."""
    with closing(open_reader(path)) as connection:
        return find_damage(connection)


def repair(path: Path, damages: Sequence[Damage]) -> list[Gap]:
    """Repair what can be, set aside the rest; return the gaps that are shown then."""
    with closing(open_writer(path)) as connection:
        for step in repair_steps(damages):
            step(connection)
        return read_gaps(connection, FIRST_INSTANT, LAST_INSTANT)
