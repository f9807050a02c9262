"""A collector's writer as a process of its own, to be killed or watched: it tells each batch once it is stored."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.store import Store, opened
from tests.chaos.truth import Truth

KEEPING_UP, KEPT_UP = "keeping up", "kept up"


@dataclass(frozen=True, slots=True)
class Script:
    """What a writer shall do.

    `path`, `seed`, `first`, `end`: the file and the numbers of its batches, `end` excluded.
    `keep_up_every`, `reopen_every`: after how many batches it seals and compacts, or closes and opens the file.
    `synchronous`, `checkpoint_pages`: see tests.chaos.store.opened.
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
    is_hasty: bool = False
    is_left_open: bool = False

    def command(self) -> list[str]:
        """Return the command that runs it."""
        return [sys.executable, "-P", "-m", "tests.chaos.writer", json.dumps(asdict(self))]


def moment(said: Sequence[str]) -> str:
    """Return what a writer was doing that had said these lines."""
    if not said:
        return "while it started"
    return "in its upkeep" if said[-1] == KEEPING_UP else "while it wrote"


def acknowledged(said: Sequence[str], first: int) -> int:
    """Return how many batches were acknowledged in these lines, or before the writer's `first`."""
    return max([first, *(int(line) + 1 for line in said if line.isdigit())])


def _say(text: str) -> None:
    """Write a line with one call, so that it stands whole or not at all."""
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


def _write(store: Store, truth: Truth, number: int, script: Script) -> None:
    if script.is_hasty:
        _say(str(number))
    store.write(truth.batch(number), truth.alarm(number))
    if not script.is_hasty:
        _say(str(number))


def run(script: Script) -> None:
    """Write the batches as fast as possible."""
    truth = Truth(script.seed)
    number = script.first
    while number < script.end:
        session_end = min(script.end, (number // script.reopen_every + 1) * script.reopen_every)
        with opened(
            Path(script.path),
            truth.tags,
            synchronous=script.synchronous,
            checkpoint_pages=script.checkpoint_pages,
        ) as store:
            for _ in range(number, session_end):
                _write(store, truth, number, script)
                number += 1
                if number % script.keep_up_every == 0:
                    _say(KEEPING_UP)
                    store.keep_up()
                    _say(KEPT_UP)
            if script.is_left_open and number == script.end:
                os._exit(0)


if __name__ == "__main__":
    run(Script(**json.loads(sys.argv[1])))
