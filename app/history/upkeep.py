"""The history's upkeep beside the writer: seals commits, compacts hours that have passed, removes what is too old."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from app.database import PlantConnection, open_reader
from app.history.compaction import compaction_steps, open_hours
from app.history.late import late_steps
from app.history.layout import hour_of
from app.history.one_ahead import one_ahead
from app.history.retention import RetentionRules, is_clock_borne_out, retention_steps, step_back_to
from app.history.seal import Step, prepare_seal
from app.history.unsealed import Unsealed
from app.model import clock

log = logging.getLogger(__name__)

SEAL_S = 300.0
GRACE_NS = 120 * clock.NS_PER_S
"""So long after its end an hour stays as it is: what comes late is then mostly there."""


class HistoryUpkeep:
    """Packs in the thread that calls it; every change goes through `execute`, which runs a step on the writer."""

    def __init__(
        self,
        path: Path,
        execute: Callable[[Step], None],
        rules: RetentionRules | None = None,
        unsealed: Unsealed | None = None,
    ) -> None:
        """Prepare; `execute` returns when the step is committed, and raises what it raises.

        `rules`: for how long what is kept; None removes nothing. `unsealed`: what the writer of this process keeps.
        """
        self._path = path
        self._execute = execute
        self._rules = rules
        self._unsealed = unsealed
        self._kept_at: int | None = None

    def seal(self) -> int:
        """Seal what is in the journal; return the number of chunks."""
        with closing(open_reader(self._path)) as connection:
            seal = prepare_seal(connection, self._unsealed)
        if seal is None:
            return 0
        if self._unsealed is not None:
            self._unsealed.release(seal.through)
        for step in seal.steps():
            self._execute(step)
        return seal.chunks

    def compact(self, *, before: int) -> int:
        """Compact every hour that ended before an instant (ns UTC) and has fresh chunks; return how many."""
        with closing(open_reader(self._path)) as connection:
            hours = [hour for hour in open_hours(connection) if hour < hour_of(before)]
            for hour in hours:
                self._compact_hour(connection, hour)
        return len(hours)

    def keep_limits(self, now: int) -> bool:
        """Remove what is older at `now` (ns UTC) than its limit; return False where the clock cannot be relied on."""
        if self._rules is None:
            return True
        with closing(open_reader(self._path)) as connection:
            if not is_clock_borne_out(connection, now):
                return False
            for step in retention_steps(connection, self._rules, now):
                self._execute(step)
        return True

    def turn(self, now: int) -> None:
        """Do what is due regularly; what is too old goes once an hour."""
        self.seal()
        self.compact(before=now - GRACE_NS)
        if self._kept_at != hour_of(now):
            if not self.keep_limits(now):
                log.info("history.retention_waits for a day's worth of hours with samples in the month before now")
            self._kept_at = hour_of(now)

    def settle(self) -> None:
        """Seal and compact everything there is, also the hour that has not passed."""
        self.seal()
        self.compact(before=(1 << 63) - 1)

    def _compact_hour(self, connection: PlantConnection, hour: int) -> None:
        step_back = step_back_to(connection, hour)
        if step_back is not None:
            self._execute(step_back)
        for step in late_steps(connection, hour):
            self._execute(step)
        with closing(one_ahead(lambda: self._compaction(hour))) as steps:
            for step in steps:
                self._execute(step)

    def _compaction(self, hour: int) -> Generator[Step]:
        # with a connection of the thread in which the steps are made
        with closing(open_reader(self._path)) as connection:
            yield from compaction_steps(connection, hour)
