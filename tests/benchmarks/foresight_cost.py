"""`foresight-cost`: what it costs to watch tags, in processor time per tag and sample, and in memory.

Ours and the peers get the same rows in turn. river's HalfSpaceTrees watches one tag of them, as its interface has it, a
dictionary per sample; scikit-learn's LedoitWolf and PCA watch the same smoothed features of one Equipment as ours, one
row at a time, as a stream comes. Each may be absent.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.anomaly.equipment import EquipmentModel
from app.anomaly.feature import Memory, features
from app.anomaly.learned import Settings
from app.anomaly.univariate import UnivariateBank
from app.model.clock import NS_PER_S
from tests.benchmarks.__main__ import Options
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run

Array = NDArray[np.float64]

TAGS, EQUIPMENT_TAGS = 1_000, 52
BANK_ROWS, PEER_SAMPLES, EQUIPMENT_ROWS = 400, 400, 400
LEARNED_ROWS = 2_000
QUICK_TURNS, FULL_TURNS = 5, 15
_US = 1e6


def measure(options: Options) -> Iterator[Figure]:
    """Measure the bank of single tags, and the model of one Equipment."""
    turns = QUICK_TURNS if options.quick else FULL_TURNS
    yield from _bank(turns)
    yield from _equipment(turns)


def _least(contestants: dict[str, Callable[[], int]], turns: int) -> dict[str, float]:
    """Return the least processor time of each in turn, in µs per tag and sample; each returns how many it took.

    The least, since other work on the computer only adds: it evicts caches and shares the core.
    """
    least = dict.fromkeys(contestants, float("inf"))
    for _ in range(turns):
        for name, contestant in contestants.items():
            start = time.process_time()
            count = contestant()
            least[name] = min(least[name], (time.process_time() - start) / count * _US)
    return least


def _bank(turns: int) -> Iterator[Figure]:
    rows = np.random.default_rng(1).normal(size=(BANK_ROWS, TAGS))
    bank, clock = UnivariateBank(TAGS), [0]

    def ours() -> int:
        for row in rows:
            clock[0] += NS_PER_S
            bank.update(clock[0], row)
        return rows.size

    contestants: dict[str, Callable[[], int]] = {"ours": ours}
    if importlib.util.find_spec("river") is None:
        say_not_run("river absent: pip install river")
    else:
        trees = _half_space_trees()

        def river() -> int:
            for value in rows[:PEER_SAMPLES, 0].tolist():
                trees.score_one({"value": value})
                trees.learn_one({"value": value})
            return PEER_SAMPLES

        contestants["river"] = river
    least = _least(contestants, turns)
    yield Figure(
        f"processor time per tag and sample, {TAGS:,} tags",
        "µs",
        least["ours"],
        least.get("river"),
        "river HalfSpaceTrees",
        "ours <= 0.1",
    )
    yield Figure(
        "memory of a tag", "B", sum(array.nbytes for array in bank._arrays().values()) / TAGS, goal="ours <= 1000"
    )


def _half_space_trees() -> Any:  # noqa: ANN401 - river carries no types that are followed here
    anomaly = importlib.import_module("river.anomaly")
    return anomaly.HalfSpaceTrees(seed=1, limits={"value": (-5.0, 5.0)})


def _equipment(turns: int) -> Iterator[Figure]:
    random = np.random.default_rng(2)
    loads = random.normal(size=(5, EQUIPMENT_TAGS))
    rows = random.normal(size=(LEARNED_ROWS + EQUIPMENT_ROWS, 5)) @ loads
    rows += random.normal(size=rows.shape)
    known, rows = rows[:LEARNED_ROWS], rows[LEARNED_ROWS:]
    model, clock = EquipmentModel(EQUIPMENT_TAGS, period_s=1.0), [0]
    for row in known:
        clock[0] += NS_PER_S
        model.update(clock[0], row)
    start = time.process_time()
    model.learn()
    learning = time.process_time() - start

    def ours() -> int:
        for row in rows:
            clock[0] += NS_PER_S
            model.update(clock[0], row)
            model.reading()
        return rows.size

    contestants: dict[str, Callable[[], int]] = {"ours": ours}
    if importlib.util.find_spec("sklearn") is None:
        say_not_run("scikit-learn absent: pip install scikit-learn")
    else:
        contestants["scikit-learn"] = _scikit_learn(known, rows)
    least = _least(contestants, turns)
    yield Figure(
        f"processor time per tag and row of one Equipment, {EQUIPMENT_TAGS} tags, contributions included",
        "µs",
        least["ours"],
        least.get("scikit-learn"),
        "scikit-learn LedoitWolf and PCA without contributions",
    )
    yield Figure(f"learning from {LEARNED_ROWS:,} rows of {EQUIPMENT_TAGS} tags", "s", learning)
    yield Figure("memory of its whole state, per tag", "kB", len(model.save()) / EQUIPMENT_TAGS / 1_000.0)


def _scikit_learn(known: Array, rows: Array) -> Callable[[], int]:
    """Return the same measures at the same paces by scikit-learn's estimators."""
    covariance = importlib.import_module("sklearn.covariance")
    decomposition = importlib.import_module("sklearn.decomposition")
    settings = Settings()
    memories, distances, components = [], [], []
    for pace in settings.paces:
        learned = features(known, pace=pace, lags=settings.lags)
        memories.append(Memory(known.shape[1], pace=pace, lags=settings.lags))
        distances.append(covariance.LedoitWolf().fit(learned))
        components.append(decomposition.PCA(0.9).fit(learned))

    def judge() -> int:
        for row in rows:
            for memory, distance, component in zip(memories, distances, components, strict=True):
                feature = memory.take(row)[None, :]
                distance.mahalanobis(feature)
                rest = feature - component.inverse_transform(component.transform(feature))
                float(np.sum(rest**2))
        return rows.size

    return judge
