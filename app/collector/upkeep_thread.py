"""The thread that keeps the history in order beside the recorder, whose connection alone may write."""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import CancelledError, Future
from pathlib import Path

from app.database import DatabaseError, PlantConnection, unhurried
from app.history.newest import NewestSamples
from app.history.retention import RetentionRules
from app.history.seal import Step
from app.history.unsealed import Unsealed
from app.history.upkeep import SEAL_S, HistoryUpkeep
from app.model import clock

log = logging.getLogger(__name__)

FIRST_S = 5.0
"""So soon after the start what the last collector left is sealed."""
NEWEST_S = 5.0
"""So often people who look with SQL get the newest samples."""
MOST_UNSEALED = 1_000_000
"""So many samples are sealed before their time: readers must unpack what is not sealed."""


class UpkeepThread:
    """Prepares in its own thread; the steps wait in `steps` until the recorder executes them."""

    def __init__(self, path: Path, rules: RetentionRules | None = None, unsealed: Unsealed | None = None) -> None:
        """Prepare to keep the history at `path`; `rules`: for how long, None for ever.

        `unsealed`: what the recorder has committed since the last seal.
        """
        self.steps: queue.SimpleQueue[tuple[Step, Future[None]] | None] = queue.SimpleQueue()
        self._upkeep = HistoryUpkeep(path, self._execute, rules, unsealed)
        self._newest = NewestSamples(path)
        self._due = threading.Event()
        self._unsealed = 0
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="history-upkeep")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End soon: steps that wait are given up, which leaves the history as it is."""
        self._is_stopping = True
        self._due.set()
        while (waiting := self._waiting()) is not None:
            waiting[1].cancel()

    def join(self) -> None:
        """Wait for the end; nobody executes steps any more."""
        while self._thread.is_alive():
            while (waiting := self._waiting()) is not None:
                waiting[1].cancel()
            self._thread.join(0.05)

    def note(self, samples: int) -> None:
        """Hear that samples were committed."""
        self._unsealed += samples
        if self._unsealed >= MOST_UNSEALED:
            self._due.set()

    def execute_one(self, connection: PlantConnection, timeout_s: float) -> float:
        """Execute one step on the writing connection if one comes within the time; return the seconds that it took.

        Its failure is told to upkeep.
        """
        try:
            waiting = self.steps.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return 0.0
        if waiting is None:
            return 0.0
        step, done = waiting
        if not done.set_running_or_notify_cancel():
            return 0.0
        began = clock.monotonic_ns()
        try:
            with unhurried(connection):
                step(connection)
        except DatabaseError as error:
            done.set_exception(error)
        else:
            done.set_result(None)
        return (clock.monotonic_ns() - began) / clock.NS_PER_S

    def wake(self) -> None:
        """Let `execute_one` return at once."""
        self.steps.put(None)

    def _waiting(self) -> tuple[Step, Future[None]] | None:
        try:
            return self.steps.get_nowait()
        except queue.Empty:
            return None

    def _execute(self, step: Step) -> None:
        done: Future[None] = Future()
        if self._is_stopping:
            raise CancelledError
        self.steps.put((step, done))
        done.result()

    def _run(self) -> None:
        self._due.wait(FIRST_S)
        sealed = -(1 << 62)
        while not self._is_stopping:
            is_due = self._due.is_set() or clock.monotonic_ns() - sealed > SEAL_S * clock.NS_PER_S
            if is_due:
                self._due.clear()
                self._unsealed = 0
                sealed = clock.monotonic_ns()
            self._turn(is_due=is_due)
            self._due.wait(NEWEST_S)

    def _turn(self, *, is_due: bool) -> None:
        began = clock.monotonic_ns()
        try:
            self._newest.refresh(self._execute)
            if not is_due:
                return
            self._upkeep.turn(clock.now_ns())
        except CancelledError:
            return
        except DatabaseError as error:
            log.warning("history.upkeep_failed %s", error)
        else:
            log.info("history.upkeep ms=%d", (clock.monotonic_ns() - began) // clock.NS_PER_MS)
