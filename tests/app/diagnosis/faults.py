"""A machine of three signals with faults that show in level, swing and pace."""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.diagnosis.fault_model import FaultModel
from app.diagnosis.training import learn

Array = NDArray[np.float64]
TAGS = ("FLOW", "P", "VIB")


def healthy(count: int, *, seed: int = 0) -> Array:
    random = np.random.default_rng(seed)
    rows: Array = 50.0 + random.normal(size=(count, 1)) + 0.3 * random.normal(size=(count, 3))
    return rows


def faulty(cause: str, count: int, *, seed: int) -> Array:
    """Return rows that begin with the fault's begin."""
    rows = healthy(count, seed=seed)
    if cause == "clogged":
        rows += (-6.0, 4.0, 0.0)
    elif cause == "hunting":
        rows[:, 0] += 6.0 * np.sin(np.arange(count) / 5.0)
    elif cause == "loose":
        rows[:, 2] += np.random.default_rng(seed + 1).normal(size=count) * 3.0
    elif cause == "leaking":
        rows += (5.0, -5.0, 0.0)
    return rows


def episodes(*causes: str, times: int = 2, count: int = 200) -> Mapping[str, list[Array]]:
    return {cause: [faulty(cause, count, seed=100 + 10 * time) for time in range(times)] for cause in causes}


@cache
def model_of_faults(*causes: str) -> FaultModel:
    return learn(healthy(400), episodes(*(causes or ("clogged", "hunting", "loose"))), tags=TAGS)
