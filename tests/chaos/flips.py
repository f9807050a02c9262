"""Bit rot: one bit of a sealed store is turned over, and it is asked who notices and what is read then."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.database import DatabaseError
from app.history.reader import HistoryReader
from tests.chaos.store import Repair, damage_of, opened, read_changes, read_content, repair
from tests.chaos.truth import Truth
from tests.chaos.verdict import describe_difference

BATCHES = 400
_GOAL = 0.995


@dataclass(slots=True)
class FlipReport:
    """How often a flip was found by whom, and what was read although nobody had found it.

    `found_by` counts "reading" (an error), "integrity check" (SQLite's), "own check" (the storage's), "anything".
    `silent`: nobody found it and other samples were read. `harmless`: nobody found it, and all that is read is right.
    """

    flips: int = 0
    found_by: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    gaps: int = 0
    harmless: int = 0
    silent: list[str] = field(default_factory=list)

    @property
    def found(self) -> float:
        """The share of flips that anything found."""
        return self.found_by["anything"] / self.flips if self.flips else 0.0

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.found >= _GOAL and not self.silent

    def as_text(self) -> str:
        """Return the figures."""
        ways = ", ".join(f"{way} {count}" for way, count in sorted(self.found_by.items()))
        lines = [
            f"{self.flips} flipped bits: found {self.found:.1%} (goal {_GOAL:.1%}): {ways}",
            f"  mended {self.mended}, shown as a gap {self.gaps}",
            f"  not found: {self.harmless} that change nothing read, {len(self.silent)} that change what is read",
        ]
        return "\n".join(lines + [f"    {line}" for line in self.silent[:10]])


@dataclass(frozen=True, slots=True)
class Flips:
    """A campaign of one seed in an empty folder."""

    folder: Path
    seed: int

    def run(self, flips: Iterable[int]) -> FlipReport:
        """Try the flips of these numbers, each on a fresh copy of the same sealed store."""
        truth = Truth(self.seed)
        whole = self.folder / "whole.sqlite"
        with opened(whole, truth.tags) as store:
            for number in range(BATCHES):
                store.write(truth.batch(number), truth.alarm(number))
            store.keep_up()
        report = FlipReport()
        size = whole.stat().st_size
        for flip in flips:
            rng = np.random.default_rng([self.seed, flip])
            place, bit = int(rng.integers(size)), int(rng.integers(8))
            damaged = self.folder / "damaged.sqlite"
            shutil.copyfile(whole, damaged)
            with damaged.open("r+b") as file:
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 1 << bit]))
            self._try(damaged, truth, report, f"bit {bit} of byte {place} (--seed {self.seed} --only {flip})")
            for left in self.folder.glob("damaged.sqlite*"):
                left.unlink()
        return report

    def _try(self, path: Path, truth: Truth, report: FlipReport, name: str) -> None:
        finders = set()
        difference = "unread"
        try:
            difference = _difference(path, truth)
        except (DatabaseError, sqlite3.Error, ValueError):
            finders.add("reading")
        try:
            if damage_of(path):
                finders.add("integrity check")
        except (DatabaseError, sqlite3.Error):
            finders.add("integrity check")
        repaired = repair(path)
        if repaired is not None and repaired.found:
            finders.add("own check")
            _count_repair(path, truth, report, repaired, name)
        report.flips += 1
        report.found_by.update(finders | ({"anything"} if finders else set()))
        if not finders and difference:
            report.silent.append(f"{name}: {difference}")
        elif not finders:
            report.harmless += 1


def _difference(path: Path, truth: Truth) -> str:
    """Read everything and return how it differs from what was written."""
    with HistoryReader(path) as reader:
        found = read_content(reader, truth.tags)
        reader.latest()
    if difference := describe_difference(found, truth.content(BATCHES)):
        return difference
    changes = [truth.alarm(number) for number in range(BATCHES)]
    return "" if read_changes(path) == changes else "the alarm journal differs"


def _count_repair(path: Path, truth: Truth, report: FlipReport, repaired: Repair, name: str) -> None:
    """After a repair all is there again, or what is missing stands in a gap; no sample may be wrong."""
    difference = _difference(path, truth)
    report.mended += not difference
    report.gaps += bool(difference) and repaired.gaps > 0
    if "another value" in difference or (difference and not repaired.gaps):
        report.silent.append(f"{name}: after the repair: {difference}")
