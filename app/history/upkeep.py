"""The history's upkeep beside the writer: seals commits into chunks, compacts hours that have passed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.database import open_reader
from app.history.compaction import compaction_steps, open_hours
from app.history.layout import hour_of
from app.history.seal import Step, prepare_seal
from app.model import clock

SEAL_S = 300.0
GRACE_NS = 120 * clock.NS_PER_S
"""So long after its end an hour stays as it is: what comes late is then mostly there."""


class HistoryUpkeep:
    """Packs in the thread that calls it; every change goes through `execute`, which runs a step on the writer."""

    def __init__(self, path: Path, execute: Callable[[Step], None]) -> None:
        """Prepare; `execute` returns when the step is committed, and raises what it raises."""
        self._path = path
        self._execute = execute

    def seal(self) -> int:
        """Seal what is in the journal; return the number of chunks."""
        with closing(open_reader(self._path)) as connection:
            seal = prepare_seal(connection)
        if seal is None:
            return 0
        for step in seal.steps():
            self._execute(step)
        return len(seal.chunks)

    def compact(self, *, before: int) -> int:
        """Compact every hour that ended before an instant (ns UTC) and has fresh chunks; return how many."""
        with closing(open_reader(self._path)) as connection:
            hours = [hour for hour in open_hours(connection) if hour < hour_of(before)]
            for hour in hours:
                for step in compaction_steps(connection, hour):
                    self._execute(step)
        return len(hours)

    def turn(self, now: int) -> None:
        """Do what is due regularly."""
        self.seal()
        self.compact(before=now - GRACE_NS)

    def settle(self) -> None:
        """Seal and compact everything there is, also the hour that has not passed."""
        self.seal()
        self.compact(before=(1 << 63) - 1)
