"""A collector's writer as a process of its own, to be killed or watched: it tells each batch once it is stored."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.store import Store, opened, read_changes
from tests.chaos.truth import Truth

KEEPING_UP, KEPT_UP, BEGINS = "keeping up", "kept up", "begins with "


@dataclass(frozen=True, slots=True)
class Script:
    """What a writer shall do.

    `path`, `seed`, `end`: the file, and the number of the batch before which the writer ends. `first`: how many batches
    have been acknowledged before; it goes on behind all that it finds.
    `keep_up_every`, `reopen_every`: after how many batches it seals and compacts, or closes and opens the file.
    `synchronous`, `checkpoint_pages`, `reserve_pages`: see tests.chaos.store.opened.
    `writes_in_upkeep`: commits a batch after each step of upkeep, as the collector does.
    `is_left_open`: ends without closing the file.
    `is_hasty`: acknowledges each batch before it is stored, a fault that every check has to find.
    """

    path: str
    seed: int
    first: int
    end: int
    keep_up_every: int = 40
    reopen_every: int = 150
    synchronous: str = "FULL"
    checkpoint_pages: int = 0
    reserve_pages: int = 0
    writes_in_upkeep: bool = True
    is_hasty: bool = False
    is_left_open: bool = False

    def command(self) -> list[str]:
        """Return the command that runs it."""
        return [sys.executable, "-P", "-m", "tests.chaos.writer", json.dumps(asdict(self))]


def moment(said: Sequence[str]) -> str:
    """Return what a writer was doing that had said these lines."""
    if not any(line.isdigit() for line in said):
        return "while it started"
    marks = [line for line in said if line in {KEEPING_UP, KEPT_UP}]
    return "in its upkeep" if marks and marks[-1] == KEEPING_UP else "while it wrote"


def acknowledged(said: Sequence[str], first: int) -> int:
    """Return how many batches were acknowledged in these lines, or before the writer's `first`.

    A commit that a kill had left unacknowledged is acknowledged by the next writer that finds it and goes on behind it.
    """
    found = [int(line.removeprefix(BEGINS)) for line in said if line.startswith(BEGINS)]
    return max([first, *found, *(int(line) + 1 for line in said if line.isdigit())])


def _say(text: str) -> None:
    """Write a line with one call, so that it stands whole or not at all."""
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


class _Writer:
    """Writes the batches as fast as possible."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._truth = Truth(script.seed)
        self._number = -1
        self._upkeep_due = script.first + script.keep_up_every

    def run(self) -> None:
        """Write all, in sessions with a fresh connection each."""
        script = self._script
        while self._number < script.end:
            with opened(
                Path(script.path),
                self._truth.tags,
                synchronous=script.synchronous,
                checkpoint_pages=script.checkpoint_pages,
                reserve_pages=script.reserve_pages,
            ) as store:
                if self._number < 0:
                    self._number = len(read_changes(store.path))
                    _say(f"{BEGINS}{self._number}")
                self._session(store, min(script.end, self._number + script.reopen_every))
                if script.is_left_open and self._number == script.end:
                    os._exit(0)

    def _session(self, store: Store, end: int) -> None:
        while self._number < end:
            self._write(store)
            if self._number >= self._upkeep_due:
                self._upkeep_due = self._number + self._script.keep_up_every
                _say(KEEPING_UP)
                store.keep_up(is_thorough=self._number % 3 == 0, between=lambda: self._write_between(store, end))
                _say(KEPT_UP)

    def _write_between(self, store: Store, end: int) -> None:
        if self._script.writes_in_upkeep and self._number < end:
            self._write(store)

    def _write(self, store: Store) -> None:
        number = self._number
        if self._script.is_hasty:
            _say(str(number))
        store.write(self._truth.batch(number), self._truth.alarm(number))
        if not self._script.is_hasty:
            _say(str(number))
        self._number += 1


if __name__ == "__main__":
    _Writer(Script(**json.loads(sys.argv[1]))).run()
