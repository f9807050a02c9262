"""Keeps the processes of a station alive: what dies is started again, what must end ends them all.

The supervisor holds no data and does almost nothing, so that it is the one process that has no reason to die.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from app.model import clock

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
HEALTHY_LIVES = 10.0
"""A child that lived so many times as long as the pause before it has not died of its start: the pauses begin anew."""
STOP_S = 8.0

EXIT_UNUSABLE = 2
"""The exit code of a child whose configuration or surroundings cannot work: starting it again is of no use."""


class AtExit(Enum):
    """What a child's own, orderly exit means."""

    RESTART = "restart"
    END_ALL = "end all"


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One process: its name for the log, the arguments of `foreshift` that start it, and what its exit means."""

    name: str
    arguments: tuple[str, ...]
    at_exit: AtExit = AtExit.RESTART


def own_command(arguments: Sequence[str]) -> list[str]:
    """Return the command line that runs this program; -P keeps a folder of the user's from shadowing ours."""
    return [sys.executable, "-P", "-m", "app", *arguments]


class _Child:
    """One process and when it may be started again."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self._pause_s = 0.0
        self._due = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start_when_due(self) -> None:
        if self.process is not None or clock.monotonic_ns() < self._due:
            return
        self._started = clock.monotonic_ns()
        self.process = subprocess.Popen(own_command(self.spec.arguments), stdin=subprocess.PIPE)
        log.info("child.started name=%s pid=%d", self.spec.name, self.process.pid)

    def ended(self) -> int | None:
        """Return the exit code if the process has ended since the last look."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None
        now = clock.monotonic_ns()
        was_healthy = now - self._started > HEALTHY_LIVES * self._pause_s * clock.NS_PER_S
        self._pause_s = FIRST_PAUSE_S if was_healthy else min(LONGEST_PAUSE_S, 2.0 * self._pause_s)
        self._due = now + int(self._pause_s * clock.NS_PER_S)
        return code

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()

    def wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            log.error(  # noqa: TRY400 - the trace would name only this wait
                "child.killed name=%s pid=%d", self.spec.name, self.process.pid
            )
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs children until one of them ends all, or until `stop`."""

    def __init__(self, specs: Sequence[ChildSpec], *, wait: Callable[[float], bool]) -> None:
        """Prepare; `wait(seconds)` sleeps and returns whether the supervisor shall stop (threading.Event.wait)."""
        self._children = [_Child(spec) for spec in specs]
        self._wait = wait

    def run(self) -> int:
        """Start and keep the children; return the exit code of the one that ended all, or 0 after a stop."""
        code = 0
        try:
            while not self._wait(0.05):
                ending = self._turn()
                if ending is not None:
                    code = ending
                    break
        finally:
            for child in reversed(self._children):
                child.stop()
            for child in self._children:
                child.wait()
        return code

    def _turn(self) -> int | None:
        for child in self._children:
            code = child.ended()
            if code is not None:
                log.info("child.ended name=%s code=%d", child.spec.name, code)
                if code == EXIT_UNUSABLE or (code == 0 and child.spec.at_exit is AtExit.END_ALL):
                    return code
            child.start_when_due()
        return None
