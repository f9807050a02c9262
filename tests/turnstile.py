"""Lets tests that are marked `alone` run while the other workers of pytest-xdist stand still.

They say within which time a station has to do something, which a busy neighbour would make untrue.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock


class Turnstile:
    """One worker's way through: each test passes the gate; one that is alone keeps it until it has ended.

    Whoever waits at the gate gets it after the test that runs, so that a test that is alone does not wait for ever.
    """

    def __init__(self, folder: Path, worker: str, workers: tuple[str, ...]) -> None:
        self._gate = FileLock(folder / "gate")
        self._own = FileLock(folder / worker)
        self._others = [FileLock(folder / other) for other in workers if other != worker]

    @contextmanager
    def pass_through(self, *, alone: bool) -> Iterator[None]:
        """Hold the turn of one test; with `alone`, wait until no other worker has one, and keep them waiting."""
        with ExitStack() as kept:
            with self._gate:
                kept.enter_context(self._own)
                if alone:
                    self._wait_for_others()
                    yield
                    return
            yield

    def _wait_for_others(self) -> None:
        for other in self._others:
            with other:
                pass  # it comes back through the gate, which this worker holds


def turnstile_of(config: pytest.Config) -> Turnstile | None:
    """The turnstile of this worker; None where tests run in turn anyway."""
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return None
    workers = tuple(f"gw{number}" for number in range(worker["workercount"]))
    return Turnstile(Path(worker["locks"]), worker["workerid"], workers)
