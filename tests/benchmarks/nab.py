"""The Numenta Anomaly Benchmark 1.1: its files, its labels, and its official score.

Source of the rules: Lavin and Ahmad 2015, "Evaluating Real-Time Anomaly Detection Algorithms", section II. A window's
first detection counts up to 1, the sooner the more; a false one costs 0.11 (standard profile), less right after a
window; a missed window costs 1. The first 15 % of a file, at most 750 rows, are not scored. 0 is a detector that says
nothing, 100 a perfect one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.model.clock import NS_PER_S
from tests.benchmarks.history_store import Absent

Array = NDArray[np.float64]
Times = NDArray[np.int64]

PROBATION, MOST_PROBATION = 0.15, 750
_FAR = 3.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a false detection and a missed window cost."""

    name: str
    false: float
    missed: float


STANDARD = Profile("standard", 0.11, 1.0)
PROFILES = (STANDARD, Profile("low false positives", 0.22, 1.0), Profile("low false negatives", 0.11, 2.0))


@dataclass(frozen=True, slots=True)
class NabFile:
    """One series: `times` (ns UTC), `values`, and the first and the last row of each labelled window."""

    name: str
    times: Times
    values: Array
    windows: tuple[tuple[int, int], ...]

    def worth(self) -> tuple[NDArray[np.int64], Array]:
        """Return for each row its window (-1: none, -2: not scored) and what a detection there is worth, -1 to 1."""
        count = len(self.times)
        rows = np.arange(count)
        window = np.full(count, -1, np.int64)
        worth = np.full(count, -1.0)
        ends = [*(first for first, _ in self.windows), count][1:]
        for number, ((first, last), end) in enumerate(zip(self.windows, ends, strict=True)):
            width = last - first + 1
            inside, after = rows[first : last + 1], rows[last + 1 : end]
            window[inside] = number
            worth[inside] = _sigmoid(-(last - inside + 1) / width) / float(_sigmoid(np.array(-1.0)))
            worth[after] = _sigmoid((after - last) / (width - 1))
        window[: min(int(PROBATION * count), MOST_PROBATION)] = -2
        return window, worth


def _sigmoid(place: Array) -> Array:
    """Return what a detection is worth at a place in widths of its window from the window's end."""
    return np.where(place >= _FAR, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(place, _FAR))) - 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """The score at every threshold: `thresholds` falling, `points` that were won or lost in `windows` windows."""

    thresholds: Array
    points: Array
    windows: int
    profile: Profile

    def best(self) -> tuple[float, float]:
        """Return the highest normalised score, and its threshold."""
        place = int(np.argmax(self.points))
        return self.normalised(float(self.points[place])), float(self.thresholds[place])

    def at(self, threshold: float) -> float:
        """Return the points at a threshold."""
        return float(self.points[np.flatnonzero(self.thresholds >= threshold)[-1]])

    def normalised(self, points: float) -> float:
        """Return points as a score: 0 for a detector that says nothing, 100 for a perfect one; 0 without any window."""
        if not self.windows:
            return 0.0
        return 100.0 * (points + self.profile.missed * self.windows) / (self.windows * (1.0 + self.profile.missed))


def curve_of(files: Sequence[NabFile], scores: Mapping[str, Array], profile: Profile = STANDARD) -> Curve:
    """Return the score of a detector at every threshold; `scores`: by file, one per row, higher is more anomalous."""
    level, gain, windows = [], [], 0
    for file in files:
        window, worth = file.worth()
        told = scores[file.name]
        outside = window == -1
        level.append(told[outside])
        gain.append(worth[outside] * profile.false)
        for number in np.unique(window[window >= 0]):
            inside = window == number
            order = np.argsort(-told[inside], kind="stable")
            won = np.maximum.accumulate(np.maximum(worth[inside][order], -profile.missed))
            level.append(told[inside][order])
            gain.append(np.diff(won, prepend=-profile.missed))
            windows += 1
    levels, gains = np.concatenate(level), np.concatenate(gain)
    order = np.argsort(-levels, kind="stable")
    levels, points = levels[order], np.cumsum(gains[order]) - profile.missed * windows
    is_last = np.append(levels[1:] != levels[:-1], values=True)
    start = -profile.missed * windows
    return Curve(np.append(np.inf, levels[is_last]), np.append(start, points[is_last]), windows, profile)


def read_corpus(folder: Path) -> list[NabFile]:
    """Read all files below `folder`/data; raise Absent where there are none."""
    labels = folder / "labels" / "combined_windows.json"
    if not labels.exists():
        raise Absent(f"{labels} is not there")
    windows = json.loads(labels.read_text(encoding="utf-8"))
    paths = sorted((folder / "data").rglob("*.csv"))
    files = [_read(path, name, windows[name]) for path in paths if (name := _name(path, folder)) in windows]
    if not files:
        raise Absent(f"no series in {folder / 'data'}")
    return files


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder / "data").as_posix()


def _read(path: Path, name: str, windows: list[tuple[str, str]]) -> NabFile:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    times = np.array([_time(row[0]) for row in rows], np.int64)
    first: dict[int, int] = {}
    for place, time in enumerate(times.tolist()):
        first.setdefault(time, place)
    bounds = tuple((first[_time(begin)], first[_time(end)]) for begin, end in windows)
    return NabFile(name, times, np.array([float(row[1]) for row in rows]), bounds)


def _time(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * NS_PER_S


def windowed_gaussian(values: Array, *, window: int = 1_000, most: float = 8.3) -> Array:
    """Return NAB's reference detector: how improbable a value is among the 1,000 before it, in standard deviations.

    Beyond `most` of them its probability is 1 to the precision of a double, so that it tells them no longer apart.
    """
    out = np.zeros(len(values))
    for place in range(1, len(values)):
        before = values[max(0, place - window) : place]
        out[place] = abs(values[place] - before.mean()) / (before.std() or 1e-6)
    return np.minimum(out, most)
