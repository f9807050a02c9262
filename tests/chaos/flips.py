"""Bit rot: one bit of a sealed store is turned over, and it is asked who notices and what is read then."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np

from app.database import DatabaseError
from app.history.reader import HistoryReader
from app.model import status
from app.model.block import Block
from tests.chaos.store import damage_of, opened, read_changes, read_content, repair
from tests.chaos.truth import Truth
from tests.chaos.verdict import describe_difference

GOAL = 0.995
_BUCKETS = (10, 400)


@dataclass(slots=True)
class FlipReport:
    """How often a flip was found by whom, and what was read where nobody had found it.

    `found_by` counts "reading" (an error), "integrity check" (SQLite's), "own check" (the storage's) and "anything".
    `crashes`: errors of reading that are no DatabaseError, so that no remedy is told. `silent`: nobody found it and
    something else was read, or something wrong was read after a repair. `harmless`: nobody found it, and all that is
    read is right.
    """

    flips: int = 0
    found_by: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    gaps: int = 0
    harmless: int = 0
    crashes: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def found(self) -> float:
        """The share of flips that anything found."""
        return self.found_by["anything"] / self.flips if self.flips else 0.0

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.found >= GOAL and not self.silent

    def as_text(self) -> str:
        """Return the figures, and the first of what was not found."""
        ways = ", ".join(f"{way} {count}" for way, count in sorted(self.found_by.items()))
        lines = [
            f"{self.flips} flipped bits: found {self.found:.1%} (goal {GOAL:.1%}): {ways}",
            f"  mended {self.mended}, shown as a gap {self.gaps}",
            f"  not found: {self.harmless} that change nothing read, {len(self.silent)} that change what is read",
            *(f"    {line}" for line in self.silent[:10]),
            f"  errors of reading that tell no remedy: {len(self.crashes)}",
            *(f"    {line}" for line in self.crashes[:5]),
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Flips:
    """A campaign of one seed in an empty folder, on a store of so many batches."""

    folder: Path
    seed: int
    batches: int = 400

    def run(self, flips: Iterable[int]) -> FlipReport:
        """Try the flips of these numbers, each on a fresh copy of the same sealed store."""
        whole, damaged = self.folder / "whole.sqlite", self.folder / "damaged.sqlite"
        original = _Original(Truth(self.seed), self.batches)
        original.store(whole)
        content, report = whole.read_bytes(), FlipReport()
        for flip in flips:
            rng = np.random.default_rng([self.seed, flip])
            place, bit = int(rng.integers(len(content))), int(rng.integers(8))
            damaged.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
            name = f"bit {bit} of byte {place} (python -m tests.chaos flips --seed {self.seed} --only {flip})"
            _try(damaged, original, report, name)
            for left in self.folder.glob(f"{damaged.name}*"):
                left.unlink()
        return report


@dataclass(slots=True)
class _Original:
    """What was stored, and the hash of all that is read from it while it is whole."""

    truth: Truth
    batches: int
    hash: bytes = b""

    def store(self, path: Path) -> None:
        """Write it sealed."""
        with opened(path, self.truth.tags) as store:
            for number in range(self.batches):
                store.write(self.truth.batch(number), self.truth.alarm(number))
            store.keep_up()
        self.hash = _hash_of_all(path, self.truth)

    def is_read_from(self, path: Path) -> bool:
        """Whether every reader gives what it gave from the whole file; raise whatever reading raises."""
        return _hash_of_all(path, self.truth) == self.hash

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


def _try(path: Path, original: _Original, report: FlipReport, name: str) -> None:
    """Count who finds the damage, and what is read if nobody does."""
    report.flips += 1
    finders, is_right = set(), False
    try:
        is_right = original.is_read_from(path)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file causes is counted
        finders.add("reading")
        if not isinstance(error, DatabaseError):
            report.crashes.append(f"{name}: {type(error).__name__}: {error}")
    if _has_damage(path):
        finders.add("integrity check")
    repaired = repair(path)
    if repaired is not None and repaired.found:
        finders.add("own check")
        _judge_repair(path, original, report, name=name, gaps=repaired.gaps)
    if finders:
        report.found_by.update(finders | {"anything"})
    elif is_right:
        report.harmless += 1
    else:
        report.silent.append(f"{name}: {original.difference(path)}")


def _has_damage(path: Path) -> bool:
    try:
        return bool(damage_of(path))
    except DatabaseError:
        return True


def _judge_repair(path: Path, original: _Original, report: FlipReport, *, name: str, gaps: int) -> None:
    """After a repair all is there again, or what is missing is in a gap; no sample may have become another."""
    try:
        if original.is_read_from(path):
            report.mended += 1
        elif not gaps:
            report.silent.append(f"{name}: after the repair, without a gap: {original.difference(path)}")
        elif wrong := original.wrong_samples(path):
            report.silent.append(f"{name}: after the repair {wrong} good samples were never given")
        else:
            report.gaps += 1
    except Exception as error:  # noqa: BLE001 - whatever is left of the damage is counted
        report.silent.append(f"{name}: cannot be read after the repair: {type(error).__name__}: {error}")


def _rows(block: Block) -> set[tuple[int, int, float]]:
    return set(zip(block.handle.tolist(), block.time.tolist(), block.value.tolist(), strict=True))


def _hash_of_all(path: Path, truth: Truth) -> bytes:
    """Read all that a reader can be asked for, samples, envelopes, newest, extent and alarms, and return its hash."""
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
    digest.update(repr(read_changes(path)).encode())
    return digest.digest()
