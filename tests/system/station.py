"""A whole demo station in its own folder.

Simulated plant, collector and an off-screen window, as `foreshift demo` runs it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from app.model import clock
from app.supervisor import own_command

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"tags (?P<good>\d+)/(?P<all>\d+), newest (?P<age>[\d.]+) s ago")
COMMANDS = {"collector": "collect", "simulator": "simulate", "window": "open"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the window's summary: when it was read (monotonic ns) and what it says of the values."""

    at: int
    text: str
    good: int
    tags: int
    age_s: float

    @property
    def is_live(self) -> bool:
        """Whether nearly all tags are shown with fresh values."""
        return self.good >= 0.95 * self.tags and self.age_s < 2.0

    def is_live_since(self, instant: int) -> bool:
        """Whether, besides, the newest value was made after an instant (monotonic ns; the age is told to 0.1 s)."""
        return self.is_live and self.at - int((self.age_s + 0.1) * clock.NS_PER_S) > instant


class Station:
    """The processes of one `foreshift` command; everything that they print is kept in `lines`."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home = home
        self.lines: list[str] = []
        self.seen: list[Seen] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            own_command(arguments),
            cwd=ROOT,
            env={**os.environ, "FORESHIFT_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="station-output")
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = LINE.search(line)
            with self._news:
                self.lines.append(line.rstrip())
                if found:
                    good, tags, age = int(found["good"]), int(found["all"]), float(found["age"])
                    self.seen.append(Seen(clock.monotonic_ns(), line.strip(), good, tags, age))
                self._news.notify_all()

    def until(self, fact: Callable[[], bool], *, timeout_s: float) -> bool:
        """Wait until `fact` holds after some line; return whether it came to hold."""
        with self._news:
            return self._news.wait_for(fact, timeout_s)

    def live_after(self, instant: int, *, timeout_s: float) -> float:
        """Return the seconds from `instant` (monotonic ns) to the first line with values made after it.

        Fail if too late.
        """

        def found() -> Seen | None:
            return next((seen for seen in self.seen if seen.is_live_since(instant)), None)

        self.until(lambda: found() is not None, timeout_s=timeout_s)
        first = found()
        assert first is not None, "not live:\n" + "\n".join(self.lines[-15:])
        return (first.at - instant) / clock.NS_PER_S

    def child(self, name: str) -> psutil.Process:
        """Return the process of "collector", "simulator" or "window"."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if COMMANDS[name] in process.cmdline()[3:6]:
                    return process
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        raise AssertionError(f"no {name} among the children:\n" + "\n".join(self.lines[-15:]))

    def end(self) -> int:
        """Stop the station as Ctrl+C does, and return its exit code."""
        children = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        for child in children:
            if child.is_running():
                child.kill()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code
