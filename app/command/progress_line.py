"""How far a long command has come, in one line of standard error that Ctrl+C may end."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, TextIO

from app.exchange.failure import Cancelled
from app.model import clock
from app.model.clock import NS_PER_S

TERMINAL_S: Final = 0.2
FILE_S: Final = 5.0
EXIT_CANCELLED = 130
"""As of a process that SIGINT (2) ended: 128 + 2."""


class ProgressLine:
    """Writes percent, count, pace and the time left; on a terminal over and over the same line.

    Once `cancel` was called, the next report raises Cancelled.
    """

    def __init__(self, what: str, *, unit: str = "samples", output: TextIO | None = None) -> None:
        """Tell of `what` (a verb), counting `unit`."""
        self._what = what
        self._unit = unit
        self._output = sys.stderr if output is None else output
        self._is_terminal = self._output.isatty()
        self._began = clock.monotonic_ns()
        self._told = self._began
        self._width = 0
        self._is_cancelled = False

    def __call__(self, share: float, samples: int) -> None:
        """Take the share that is done and the count so far; raise Cancelled."""
        if self._is_cancelled:
            raise Cancelled
        now = clock.monotonic_ns()
        if now - self._told < (TERMINAL_S if self._is_terminal else FILE_S) * NS_PER_S:
            return
        self._told = now
        self._write(progress_text(self._what, self._unit, share, samples, (now - self._began) / NS_PER_S))

    def stage(self, what: str, unit: str) -> ProgressLine:
        """Begin to tell of another thing."""
        self._what, self._unit = what, unit
        self._began = clock.monotonic_ns()
        return self

    def cancel(self) -> None:
        """Ask for the end at the next report."""
        self._is_cancelled = True

    def clear(self) -> None:
        """Take the line off the terminal."""
        if self._width:
            self._output.write("\r" + " " * self._width + "\r")
            self._output.flush()
            self._width = 0

    @property
    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return (clock.monotonic_ns() - self._began) / NS_PER_S

    def _write(self, text: str) -> None:
        if self._is_terminal:
            self._output.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._output.write(text + "\n")
        self._output.flush()


def progress_text(what: str, unit: str, share: float, count: int, seconds: float) -> str:
    """Return "exporting  42%  1,234,567 samples  812,000/s  0:12 left", the time alone where the share is NaN."""
    if math.isnan(share):
        return f"{what}  {_clock_text(seconds)}"
    pace = count / seconds if seconds > 0 else 0.0
    left = f"  {_clock_text(seconds * (1 - share) / share)} left" if share > 0.01 else ""
    return f"{what} {share:4.0%}  {count:,} {unit}  {pace:,.0f}/s{left}"


@contextmanager
def cancellable(what: str, *, unit: str = "samples") -> Iterator[ProgressLine]:
    """Give a progress line that Ctrl+C and SIGTERM cancel: what runs is left at a point where it can clean up."""
    line = ProgressLine(what, unit=unit)

    def cancel(_number: int, _frame: FrameType | None) -> None:
        line.cancel()

    before = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield line
    finally:
        line.clear()
        for number, handler in before.items():
            signal.signal(number, handler)


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
