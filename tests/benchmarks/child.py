"""The processes of a benchmark: each tells on its standard output, a line at a time, what happened in it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import psutil

from app.model import clock
from tests.benchmarks.delay import Seconds

ROOT = Path(__file__).parents[2]
END_S = 15.0
START_S = 120.0
"""At a load of 30 on two cores a window with 10,000 alarms took longer than 40 s to show the first."""


def tell(word: str, *values: float | str) -> None:
    """Write one line for the process that started this one; a float keeps all its digits."""
    print(word, *(repr(value) if isinstance(value, float) else value for value in values), flush=True)


def module(name: str, *arguments: object) -> list[str]:
    """Return the command line of a module of this package."""
    return [sys.executable, "-m", f"tests.benchmarks.{name}", *map(str, arguments)]


class Child:
    """A process that ends when its standard input is closed; what it told is kept."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        """Start it."""
        self._name = " ".join(command)
        self._lines: list[list[str]] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="child-output", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def cpu_s(self) -> float:
        """Return the processor seconds that it and the processes it started have used so far."""
        process = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))

    def told(self, word: str, series: str = "") -> list[list[str]]:
        """Return what stood in each line behind `word`, and `series` where one is given."""
        head = [word, series] if series else [word]
        with self._news:
            return [line[len(head) :] for line in self._lines if line[: len(head)] == head]

    def column(self, word: str) -> Seconds:
        """Return the only number of each line that begins with `word`: shape (n,)."""
        return np.array([float(line[0]) for line in self.told(word)])

    def wait_for(self, word: str, series: str = "", *, timeout_s: float = START_S) -> None:
        """Wait for a line that begins so; raise TimeoutError, or ChildProcessError where it ended before."""
        due = clock.monotonic_ns() + int(timeout_s * clock.NS_PER_S)
        while not self.told(word, series):
            self.check()
            if clock.monotonic_ns() > due:
                raise TimeoutError(f"{self._name} did not tell {word} {series} within {timeout_s} s")
            with self._news:
                self._news.wait(0.1)

    def wait_for_more(self, word: str, known: int, *, timeout_s: float = START_S) -> None:
        """Wait for a further line that begins so, where `known` have come; raise as `wait_for` does."""
        due = clock.monotonic_ns() + int(timeout_s * clock.NS_PER_S)
        while len(self.told(word)) <= known:
            self.check()
            if clock.monotonic_ns() > due:
                raise TimeoutError(f"{self._name} did not tell {word} once more within {timeout_s} s")
            with self._news:
                self._news.wait(0.1)

    def check(self) -> None:
        """Raise ChildProcessError where it has ended."""
        if self.process.poll() is not None:
            raise ChildProcessError(f"{self._name} ended with code {self.process.returncode}")

    def end(self) -> None:
        """Close its standard input and wait for its end; by force where it does not come."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            if not line.endswith("\n"):
                return  # it was ended in the midst of a line
            with self._news:
                self._lines.append(line.split())
                self._news.notify_all()
