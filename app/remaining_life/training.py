"""Learning remaining life from the failures of a fleet; needs LightGBM, which prediction does not."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.remaining_life.band import measured_band
from app.remaining_life.features import features
from app.remaining_life.history import Fleet, FloatArray, LifeError
from app.remaining_life.model import LifeModel, digest
from app.remaining_life.regime import Regimes, find_regimes
from app.remaining_life.trees import Trees, from_lightgbm

CAP = 125.0
FEWEST_FAILURES = 20
"""Below it a learned remaining life is worse than a trend to a limit (16 to 26 cycles off, measured on C-MAPSS)."""
FOLDS = 5
POINTS = 10
"""Moments at which each machine of the calibration is forecast; with 3 the coverage swings by chance (0.77 to 0.90)."""
EVERY = 3
"""Neighbouring rows tell nearly the same: every third is learned from."""
YOUNGEST = 20
TREES = 300
_SETTINGS: dict[str, object] = {
    "objective": "regression",
    "learning_rate": 0.03,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.3,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}
"""Chosen by cross-validation over the machines of training sets alone."""


def learn(fleet: Fleet, *, machine_class: str, unit: str, cap: float = CAP, seed: int = 0) -> LifeModel:
    """Return a model of the fleet's class whose band was measured on machines left out in turn.

    Raise LifeError with fewer than FEWEST_FAILURES machines, and without LightGBM.
    """
    count = len(fleet.machines)
    if count < FEWEST_FAILURES:
        raise LifeError(
            f"{machine_class}: {count} failures are known, {FEWEST_FAILURES} are needed: "
            "until then a trend to its limit says more"
        )
    forecast, truth, machine = _left_out(fleet, cap=cap, seed=seed)
    regimes, trees = _fitted(fleet, cap=cap, seed=seed)
    return LifeModel(
        machine_class=machine_class,
        unit=unit,
        cap=cap,
        failures=count,
        learned_from=digest(fleet.machines),
        conditions=fleet.conditions,
        signals=fleet.signals,
        regimes=regimes,
        trees=trees,
        band=measured_band(forecast, truth, machine),
    )


def remaining(life: int, cap: float) -> FloatArray:
    """Return the remaining life at each row of a machine that failed at the end of the last one, at most the cap."""
    left: FloatArray = np.minimum(np.arange(life - 1.0, -1.0, -1.0), cap)
    return left


def _left_out(fleet: Fleet, *, cap: float, seed: int) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Return forecasts for machines of which nothing was learned, at chance moments, the truth, and whose each is."""
    chance = np.random.default_rng(seed)
    fold = chance.permutation(len(fleet.machines)) % FOLDS
    forecast, truth, owner = [], [], []
    for number in range(FOLDS):
        regimes, trees = _fitted(fleet.only(np.flatnonzero(fold != number).tolist()), cap=cap, seed=seed)
        for place in np.flatnonzero(fold == number).tolist():
            machine = fleet.machines[place]
            moments = chance.integers(min(YOUNGEST, len(machine) - 1), len(machine), POINTS)
            rows = features(regimes.normalised(machine))[moments]
            forecast.append(np.clip(trees.predict(rows), 0.0, cap))
            truth.append(remaining(len(machine), cap)[moments])
            owner.append(np.full(POINTS, place))
    return np.concatenate(forecast), np.concatenate(truth), np.concatenate(owner)


def _fitted(fleet: Fleet, *, cap: float, seed: int) -> tuple[Regimes, Trees]:
    library = _lightgbm()
    regimes = find_regimes(fleet)
    rows = [features(regimes.normalised(machine))[::EVERY] for machine in fleet.machines]
    lives = [remaining(len(machine), cap)[::EVERY] for machine in fleet.machines]
    data = library.Dataset(np.vstack(rows), np.concatenate(lives))
    return regimes, from_lightgbm(library.train({**_SETTINGS, "seed": seed}, data, TREES).dump_model())


def _lightgbm() -> Any:  # noqa: ANN401 - a module without types
    try:
        import lightgbm  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError as error:
        raise LifeError(
            "learning needs a package that is not installed; install it with\n"
            f'{sys.executable} -m pip install "foreshift[learning]"'
        ) from error
    return lightgbm
