"""Bit rot: one bit of a sealed store is turned over, and it is asked who notices and what is read then."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from app.database import PAGE_BYTES, DatabaseError, open_reader
from app.history.integrity import Damage
from app.history.reader import HistoryReader
from app.model import status
from app.model.block import Block
from tests.chaos.store import alarm_damage, content_damage, opened, read_changes, read_content, repair, structure_damage
from tests.chaos.truth import Truth
from tests.chaos.verdict import describe_difference

GOAL = 0.995
_ALARM_EVERY = 20
_BUCKETS = (10, 400)
_SHOWN = 10

Answer = TypeVar("Answer")


@dataclass(slots=True)
class FlipReport:
    """How often a flip was found by whom, what became of it, and what was read where nobody had found it.

    `found_by` counts "reading" (an error), "structure" (SQLite's check), "content" (the history's own), "alarms"
    (that of the alarm journal) and "anything".
    `mended`, `gaps`: after the repair all is read as before, or nothing wrong is and a gap says what is missing;
    `to_restore`: SQLite's structure is hurt, which wants a backup. `harmless`: nobody found it, and every reader and
    every table give what they gave, so it lies in unused space. `unfound_in`: the tables of what else was not found.
    `silent`: nobody found it and something else was read, or something wrong was read after a repair. `crashes`: errors
    that are no DatabaseError, so that no remedy is told.
    """

    flips: int = 0
    found_by: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    gaps: int = 0
    to_restore: int = 0
    harmless: int = 0
    unfound_in: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def found(self) -> float:
        """The share that anything found, of the flips that lie in used space."""
        used = self.flips - self.harmless
        return self.found_by["anything"] / used if used else 0.0

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.found >= GOAL and not self.silent and not self.crashes

    def as_text(self) -> str:
        """Return the figures, and the first of what was not found."""
        ways = ", ".join(f"{way} {count}" for way, count in sorted(self.found_by.items()))
        tables = ", ".join(f"{table} {count}" for table, count in self.unfound_in.most_common())
        lines = [
            f"{self.flips} flipped bits, {self.harmless} of them in unused space",
            f"  found {self.found:.1%} of the others (goal {GOAL:.1%}): {ways}",
            f"  mended {self.mended}, shown as a gap {self.gaps}, to be restored from a backup {self.to_restore}",
            f"  not found: {tables or 'none'}",
            f"  read otherwise without a word: {len(self.silent)}",
            *(f"    {line}" for line in self.silent[:_SHOWN]),
            f"  errors that tell no remedy: {len(self.crashes)}",
            *(f"    {line}" for line in self.crashes[:_SHOWN]),
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Flips:
    """A campaign of one seed in an empty folder, on a store of so many batches."""

    folder: Path
    seed: int
    batches: int = 1_000

    def run(self, flips: Iterable[int]) -> FlipReport:
        """Try the flips of these numbers, each on a fresh copy of the same sealed store."""
        whole, damaged = self.folder / "whole.sqlite", self.folder / "damaged.sqlite"
        original = _Original(Truth(self.seed), self.batches)
        original.store(whole)
        content, tables, report = whole.read_bytes(), _tables(whole), FlipReport()
        for flip in flips:
            rng = np.random.default_rng([self.seed, flip])
            place, bit = int(rng.integers(len(content))), int(rng.integers(8))
            damaged.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
            table = tables.get(place // PAGE_BYTES + 1, "no table")
            name = f"bit {bit} of byte {place}, {table} (python -m tests.chaos flips --seed {self.seed} --only {flip})"
            _Trial(damaged, original, report, name, table).run()
            for left in self.folder.glob(f"{damaged.name}*"):
                left.unlink()
        return report


@dataclass(slots=True)
class _Original:
    """What was stored, and the hash of all that is read from it while it is whole."""

    truth: Truth
    batches: int
    readers: bytes = b""
    tables: bytes = b""

    def store(self, path: Path) -> None:
        """Write it sealed and compacted, in several sessions of upkeep as a collector would."""
        with opened(path, self.truth.tags) as store:
            for number in range(self.batches):
                store.history.write(self.truth.batch(number))
                if number % _ALARM_EVERY == 0:
                    store.journal.record([self.truth.alarm(number)])
                if number % 100 == 0:
                    store.keep_up(is_thorough=False)
            store.keep_up(is_thorough=True)
        self.readers, self.tables = _hash_of_readers(path, self.truth), _hash_of_tables(path)

    def is_read_from(self, path: Path) -> bool:
        """Whether every reader gives what it gave from the whole file; raise whatever reading raises."""
        return _hash_of_readers(path, self.truth) == self.readers

    def is_in(self, path: Path) -> bool:
        """Whether also every table gives what it gave."""
        return _hash_of_tables(path) == self.tables and self.is_read_from(path)

    def difference(self, path: Path) -> str:
        """Return in words how what is read differs."""
        with HistoryReader(path) as reader:
            found = read_content(reader, self.truth.tags)
        difference = describe_difference(found, self.truth.content(self.batches))
        return difference or "the samples as given, but a summary or an alarm differs"

    def wrong_samples(self, path: Path) -> int:
        """Return how many samples that are read as good were never given."""
        with HistoryReader(path) as reader:
            found = read_content(reader, self.truth.tags)
        return len(_rows(found.select(status.good_mask(found.status))) - _rows(self.truth.content(self.batches)))


@dataclass(frozen=True, slots=True)
class _Trial:
    """One damaged file."""

    path: Path
    original: _Original
    report: FlipReport
    name: str
    table: str

    def run(self) -> None:
        """Count who finds the damage and what becomes of it, or what is read if nobody finds it."""
        self.report.flips += 1
        is_right = self._ask("reading", lambda: self.original.is_in(self.path))
        structure = self._ask("structure", lambda: structure_damage(self.path))
        damages = self._ask("content", lambda: content_damage(self.path))
        altered = self._ask("alarms", lambda: alarm_damage(self.path))
        finders = {
            way
            for way, is_finder in (
                ("reading", is_right is None),
                ("structure", structure is None or structure),
                ("content", damages is None or damages),
                ("alarms", altered is None or altered),
            )
            if is_finder
        }
        if not finders:
            self._count_unfound(is_right=bool(is_right))
            return
        self.report.found_by.update(finders | {"anything"})
        if finders & {"structure", "alarms"} or damages is None:
            self.report.to_restore += 1
        elif damages:
            self._ask("repair", lambda: self._judge_repair(damages))

    def _ask(self, way: str, question: Callable[[], Answer]) -> Answer | None:
        """Return the answer, None where the damage raises an error; one that tells no remedy is listed."""
        try:
            return question()
        except DatabaseError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a damaged file causes is counted
            self.report.crashes.append(f"{self.name}: {way}: {type(error).__name__}: {error}")
            return None

    def _count_unfound(self, *, is_right: bool) -> None:
        if is_right:
            self.report.harmless += 1
        else:
            self.report.unfound_in[self.table] += 1
            self.report.silent.append(f"{self.name}: {self.original.difference(self.path)}")

    def _judge_repair(self, damages: Sequence[Damage]) -> None:
        """After a repair all is there again, or what is missing is in a gap; no sample may have become another."""
        gaps = repair(self.path, damages)
        if self.original.is_read_from(self.path):
            self.report.mended += 1
        elif not gaps:
            self.report.silent.append(f"{self.name}: repaired without a gap: {self.original.difference(self.path)}")
        elif wrong := self.original.wrong_samples(self.path):
            self.report.silent.append(f"{self.name}: repaired, but {wrong} good samples were never given")
        else:
            self.report.gaps += 1


def _rows(block: Block) -> set[tuple[int, int, float]]:
    return set(zip(block.handle.tolist(), block.time.tolist(), block.value.tolist(), strict=True))


def _tables(path: Path) -> dict[int, str]:
    """Return which table or index each page belongs to, as far as this SQLite can tell."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            return dict(connection.execute("SELECT pageno, name FROM dbstat").fetchall())
        except sqlite3.OperationalError:
            return {}


def _hash_of_tables(path: Path) -> bytes:
    """Read whatever anybody's SQL can ask for and return its hash."""
    digest = hashlib.sha256()
    with closing(open_reader(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in tables:
            digest.update(repr(connection.execute(f"SELECT * FROM {table}").fetchall()).encode())  # noqa: S608 - ours
    return digest.digest()


def _hash_of_readers(path: Path, truth: Truth) -> bytes:
    """Read whatever a reader can be asked for and return its hash."""
    digest = hashlib.sha256()
    names = [tag.name for tag in truth.tags]
    with HistoryReader(path) as reader:
        content = read_content(reader, truth.tags)
        for column in (content.handle, content.time, content.value, content.status):
            digest.update(column.tobytes())
        first, last = reader.extent() or (0, 0)
        for buckets in _BUCKETS:
            for name, envelope in sorted(reader.envelope(names, first, last + 1, buckets).items()):
                digest.update(name.encode())
                for part in astuple(envelope):
                    digest.update(np.asarray(part).tobytes())
        digest.update(repr(sorted(reader.latest().items())).encode())
        digest.update(repr(sorted(reader.snapshot((first + last) // 2).items())).encode())
    digest.update(repr(read_changes(path)).encode())
    return digest.digest()
