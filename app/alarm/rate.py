"""How fast a tag changes: the least-squares slope over a short window of its newest samples."""

from __future__ import annotations

import math
from collections import deque

from app.model.clock import NS_PER_S

SHORTEST_WINDOW_S = 5.0
WINDOW_SCANS = 8
FEWEST_SAMPLES = 4
MOST_SAMPLES = 256
_SECONDS_PER_MINUTE = 60.0


def window_ns(scan_ms: int) -> int:
    """Return the window of a tag's rate, ns: eight of its scans, at least five seconds."""
    return int(max(SHORTEST_WINDOW_S, WINDOW_SCANS * scan_ms / 1_000) * NS_PER_S)


class SlopeWindow:
    """The slope of the newest samples of one tag by ordinary least squares.

    The difference of two neighbours would carry their noise undamped; over n evenly spaced samples in a window T the
    standard error of this slope is sigma / T * sqrt(12 / n). Nothing is said before the samples span half of the
    window.
    """

    def __init__(self, window: int) -> None:
        """Begin without samples; `window` in ns."""
        self.window = window
        self._samples: deque[tuple[int, float]] = deque()
        self._origin = (0, 0.0)
        self._sums = [0.0, 0.0, 0.0, 0.0]
        self._age = 0

    @property
    def newest(self) -> int:
        """Return the newest sample's time, ns UTC; 0 where there is none."""
        return self._samples[-1][0] if self._samples else 0

    def per_minute(self, time: int, value: float) -> float:
        """Take a sample (ns UTC, tag unit); return the slope in tag unit per minute, NaN while too little is known.

        A sample that comes late within the window is left out; one from before it means that the device's clock was set
        back, and begins the window anew.
        """
        if time < self.newest - self.window:
            self._samples.clear()
            self._age = 0
        elif time < self.newest:
            return math.nan
        self._append(time, value)
        while self._samples[0][0] < time - self.window:
            self._count(self._samples.popleft(), -1.0)
        span = time - self._samples[0][0]
        if len(self._samples) < FEWEST_SAMPLES or 2 * span < self.window:
            return math.nan
        return self._slope() * _SECONDS_PER_MINUTE

    def _append(self, time: int, value: float) -> None:
        # Of faster tags only so many are kept that the window still fits: the newest one takes its neighbour's place.
        crowded = len(self._samples) > 1 and (time - self._samples[-2][0]) * MOST_SAMPLES < self.window
        if crowded or time == self.newest:
            self._count(self._samples.pop(), -1.0)
        self._samples.append((time, value))
        self._age -= 1
        if self._age < 0:
            self._begin_sums()
        else:
            self._count(self._samples[-1], 1.0)

    def _begin_sums(self) -> None:
        # Sums that only ever grow and shrink drift away by rounding, and lose digits far from their origin.
        self._origin, self._sums, self._age = self._samples[-1], [0.0, 0.0, 0.0, 0.0], len(self._samples)
        for sample in self._samples:
            self._count(sample, 1.0)

    def _count(self, sample: tuple[int, float], sign: float) -> None:
        time, value = (sample[0] - self._origin[0]) / NS_PER_S, sample[1] - self._origin[1]
        sums = self._sums
        sums[0] += sign * time
        sums[1] += sign * value
        sums[2] += sign * time * time
        sums[3] += sign * time * value

    def _slope(self) -> float:
        count = len(self._samples)
        time, value, time_time, time_value = self._sums
        return (count * time_value - time * value) / (count * time_time - time * time)
