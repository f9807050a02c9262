"""Made-up series and rigs with labelled anomalies: what the settings of the detectors were chosen on.

Nothing in them is taken from a recorded set. Kinds of series: a daily wave, shifts by day, counts with bursts, a
wandering level, skewed traffic, periodic jobs, a level with harmless dips, sparse events; kinds of anomalies: a spike,
another level for a while or for good, a frozen value, noise, a ramp, a mirrored stretch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.model.clock import NS_PER_S
from tests.benchmarks.anomaly_sets import Recording
from tests.benchmarks.nab import NabFile

Array = NDArray[np.float64]

PERIODS_S = (300, 300, 300, 300, 900, 3_600, 1_800)
START_S = 1_400_000_000
KINDS, ANOMALIES = 8, 7
DAY_S = 86_400


def made_corpus(seed: int, *, files: int = 40) -> list[NabFile]:
    """Return series as NAB has them: 1 to 3 windows each, which take a tenth of the rows together."""
    random = np.random.default_rng(seed)
    return [_made_file(random, f"made/{seed}-{number}", number % KINDS) for number in range(files)]


def _made_file(random: np.random.Generator, name: str, kind: int) -> NabFile:
    count = int(random.integers(1_500, 8_000))
    seconds = START_S + np.arange(count) * PERIODS_S[int(random.integers(len(PERIODS_S)))]
    values = _series(random, kind, seconds)
    spread = float(np.std(np.diff(values)) + 0.3 * np.std(values))
    number = int(random.integers(1, 4))
    width = max(20, count // 10 // number)
    windows: list[tuple[int, int]] = []
    for place in np.sort(random.choice(np.arange(2, 10), number, replace=False)) / 10:
        begin = int(place * count) + int(random.integers(0, width))
        length = int(random.integers(1, width // 2 + 2))
        _disturb(random, values, slice(begin, min(count, begin + length)), spread)
        centre = begin + length // 2
        first, last = max(0, centre - width // 2), min(count - 1, centre + width // 2)
        if windows and first <= windows[-1][1]:
            first = windows[-1][1] + 1
        if last > first + 2:
            windows.append((first, last))
    return NabFile(name, seconds * NS_PER_S, values, tuple(windows))


def _series(random: np.random.Generator, kind: int, seconds: NDArray[np.int64]) -> Array:
    count = len(seconds)
    day, hour = 2.0 * np.pi * seconds / DAY_S, seconds % DAY_S / 3_600.0
    white = random.normal(size=count)
    red = _remembering(white, float(random.choice([0.0, 0.5, 0.9, 0.98])))
    series: list[Array] = [
        20.0 + 10.0 * np.sin(day + random.uniform(0, 6)) + random.uniform(0.3, 3.0) * red,
        np.where((hour > 9) & (hour < 18), 80.0, 20.0) + random.uniform(0.5, 4.0) * white,
        random.poisson(5.0 + 4.0 * np.sin(day)) + (random.random(count) < 0.01) * random.exponential(30.0, count),
        50.0 + 3.0 * red + 0.02 * np.cumsum(white),
        np.exp(1.0 + 0.6 * red + 0.5 * np.sin(day)),
        2.0 + 0.1 * white + np.where(np.arange(count) % 24 < 2, 20.0 * random.random(count), 0.0),
        80.0 + 4.0 * red + 0.05 * np.cumsum(white),
        random.exponential(1.0, count) * (random.random(count) < 0.3),
    ]
    values = series[kind]
    if kind == 6:
        for begin in random.integers(0, count - 60, 4).tolist():
            values[begin : begin + 30] -= random.uniform(5.0, 20.0)
    return values


def _remembering(white: Array, memory: float) -> Array:
    out, level = np.empty(len(white)), 0.0
    for place, value in enumerate((white * np.sqrt(1.0 - memory**2)).tolist()):
        level = memory * level + value
        out[place] = level
    return out


def _disturb(random: np.random.Generator, values: Array, where: slice, spread: float) -> None:
    """Put an anomaly of a random kind into a stretch of a series."""
    length = len(values[where])
    size = float(random.choice([-1.0, 1.0]) * random.uniform(2.0, 8.0) * spread)
    kind = int(random.integers(ANOMALIES))
    if kind == 0:
        values[where.start : where.start + int(random.integers(1, 4))] += 1.5 * size
    elif kind == 1:
        values[where] += size
    elif kind == 2:
        values[where] = np.median(values[max(0, where.start - 50) : where.start + 1])
    elif kind == 3:
        values[where] += 0.6 * abs(size) * random.normal(size=length)
    elif kind == 4:
        values[where.start :] += 0.7 * size
    elif kind == 5:
        values[where] += np.linspace(0.0, 1.5 * size, length)
    else:
        values[where] = values[where][::-1] * random.uniform(0.3, 0.6)


def made_rig(seed: int, *, rows: int = 1_150, faulty: bool = True) -> Recording:
    """Return eight signals of a rig that warms up, once a second: three common causes, own noise, some that wander.

    A fault moves one to three signals within a minute and is repaired later.
    """
    random = np.random.default_rng(seed)
    tags = 8
    loads = 0.5 * random.normal(size=(tags, 3))
    causes = np.array([_remembering(random.normal(size=rows), memory) for memory in (0.5, 0.9, 0.99)]).T
    signals = causes @ loads.T + random.normal(size=(rows, tags)) * random.uniform(0.3, 1.0, tags)
    warmth = 1.0 - np.exp(-np.arange(rows) / 2_500.0)
    signals += np.outer(warmth, random.normal(size=tags) * random.choice([0.0, 0.0, 3.0, 8.0, 15.0], tags))
    signals += np.cumsum(random.normal(size=(rows, tags)), axis=0) * random.choice([0.0, 0.0, 0.005, 0.02], tags)
    is_anomaly = np.zeros(rows, np.bool_)
    if faulty:
        begin = int(rows * random.uniform(0.45, 0.6))
        end = int(min(rows - 50, begin + rows * random.uniform(0.25, 0.35)))
        is_anomaly[begin:end] = True
        moved = random.choice(tags, int(random.integers(1, 4)), replace=False)
        place = np.arange(rows)
        course = np.clip((place - begin) / 60, 0.0, 1.0) * np.clip((end + 30 - place) / 60, 0.0, 1.0)
        signals[:, moved] += np.outer(course, random.normal(size=len(moved)) * random.uniform(1.0, 4.0))
    return Recording(f"made/{seed}", signals, is_anomaly)
