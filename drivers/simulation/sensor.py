"""The instruments of the demo plant: from what is true to what is measured.

Each value gets noise that belongs to its tag and to the second of the plant's time, is cut to its range and rounded to
the instrument's resolution. About one tag in a hundred has an instrument with a defect: spikes, a value that stands
still, or a drift. Defects are timed in scans (`scan_s`, plant seconds), since that is how a collector meets them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from app.model.tag import TagKind
from drivers.simulation.random_stream import stream
from drivers.simulation.tag import Defect, PlantTag

Values = NDArray[np.float64]

_SECONDS_DRAWN = 64
_SPIKE_EVERY = 240
_STUCK_EVERY = 720
_STUCK_FOR = 130
_DRIFT_PER_DAY = 0.04


class Instruments:
    """All instruments; `measure` turns the true values of a moment into measured ones, in the order of `tags`."""

    def __init__(self, tags: Sequence[PlantTag], seed: int, *, scan_s: float) -> None:
        self._noise = np.array([tag.noise for tag in tags])
        self._low = np.array([tag.low for tag in tags])
        self._high = np.array([np.inf if tag.kind is TagKind.COUNTER else tag.high for tag in tags])
        self._resolution = np.array([tag.resolution for tag in tags])
        self._start = np.array([tag.start for tag in tags])
        self._counts = np.array([tag.kind is TagKind.COUNTER for tag in tags])
        families = [(name, sum(1 for _ in group)) for name, group in groupby(tags, key=lambda tag: tag.equipment)]
        self._streams = [(stream(seed, f"{name}.noise"), size) for name, size in families]
        self._drawn: Values = np.empty((0, len(tags)))
        self._first_second = 0
        self._defects = [
            _Defective(place, tag, seed, scan_s) for place, tag in enumerate(tags) if tag.defect is not Defect.NONE
        ]

    def watch(self, time_s: float, true_value: Callable[[int], float]) -> None:
        """Let instruments that stand still take hold of their value; call it once per second of the plant."""
        for defective in self._defects:
            defective.watch(time_s, true_value)

    def measure(self, time_s: float, true_values: Values) -> Values:
        """Return what the instruments show; time must not go back by more than the noise that is kept."""
        shown = true_values + self._noise * self._noise_of(int(time_s)) + self._start
        for defective in self._defects:
            defective.distort(time_s, shown)
        shown = np.clip(shown, self._low, self._high)
        steps = shown / self._resolution
        measured: Values = np.where(self._counts, np.floor(steps + 1e-6), np.rint(steps)) * self._resolution
        return measured

    def _noise_of(self, second: int) -> Values:
        while second >= self._first_second + len(self._drawn):
            self._first_second += len(self._drawn)
            self._drawn = np.hstack([random.standard_normal((_SECONDS_DRAWN, size)) for random, size in self._streams])
        row: Values = self._drawn[second - self._first_second]
        return row


class _Defective:
    """An instrument with a defect; what it does in each window of scans comes from its own stream."""

    def __init__(self, place: int, tag: PlantTag, seed: int, scan_s: float) -> None:
        self._place = place
        self._defect = tag.defect
        self._scan_s = scan_s
        self._span = tag.high - tag.low
        self._random = stream(seed, f"{tag.name}.defect")
        self._direction = 1.0 if self._random.random() < 0.5 else -1.0
        self._window = -1
        self._begin_s = 0.0
        self._end_s = 0.0
        self._held: float | None = None

    def watch(self, time_s: float, true_value: Callable[[int], float]) -> None:
        if self._defect is Defect.DRIFT:
            return
        every, lasts = (_SPIKE_EVERY, 1) if self._defect is Defect.SPIKE else (_STUCK_EVERY, _STUCK_FOR)
        while time_s >= (self._window + 1) * every * self._scan_s:
            self._window += 1
            begin = self._window * every + self._random.uniform(0.2, 0.9) * (every - lasts)
            self._begin_s, self._end_s = begin * self._scan_s, (begin + lasts) * self._scan_s
            self._held = None
        if self._held is None and self._defect is Defect.STUCK and time_s >= self._begin_s:
            self._held = true_value(self._place)

    def distort(self, time_s: float, shown: Values) -> None:
        if self._defect is Defect.DRIFT:
            shown[self._place] += self._direction * self._span * _DRIFT_PER_DAY * min(time_s / 86_400.0, 5.0)
        elif self._begin_s <= time_s < self._end_s:
            if self._defect is Defect.SPIKE:
                shown[self._place] += self._direction * 0.3 * self._span
            elif self._held is not None:
                shown[self._place] = self._held
