"""`rul`: how far forecasts of remaining life are off, and how often the truth lies within their band.

Protocol: C-MAPSS; one forecast per engine of the test part, at its last cycle, from its whole history; learned from the
engines of the training part alone, remaining life capped at 125 cycles there. Settings were chosen by cross-validation
over engines of training parts. The error is the mean over seeds; the truth is capped at 125 as well, and as it is. The
peer sees the same features: a linear model (ridge), its penalty chosen by the training engines.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from app.remaining_life.features import features
from app.remaining_life.history import Fleet, FloatArray
from app.remaining_life.regime import find_regimes
from app.remaining_life.training import CAP, EVERY, learn, remaining
from tests.benchmarks.__main__ import Options
from tests.benchmarks.cmapss import EngineSet, read_set
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import Absent, say_not_run
from tests.benchmarks.life_score import coverage, phm08, rmse

SETS = {"FD001": 11.1, "FD002": 10.6, "FD003": 9.8, "FD004": 11.0}
"""The error that is the goal, in cycles."""
PENALTIES = (1.0, 10.0, 100.0, 1_000.0, 10_000.0)
NEAR = 50.0
QUICK_SEEDS, FULL_SEEDS = 1, 5
FEW = (20, 50)
DRAWS = 5


def measure(options: Options) -> Iterator[Figure]:
    """Score each set that is there; the quick form one seed of the first."""
    print("protocol:", " ".join((__doc__ or "").split("Protocol: ")[1].split()), flush=True)
    folder = (options.data or Path(__file__).parents[3] / "shared" / "data") / "cmapss"
    if importlib.util.find_spec("lightgbm") is None:
        say_not_run('LightGBM absent: pip install "foreshift[learning]"')
        return
    for name, goal in SETS.items():
        try:
            engines = read_set(folder, name)
        except Absent as reason:
            say_not_run(f"{reason}: data absent")
            continue
        if options.quick and name != "FD001":
            say_not_run(f"{name}: only without --quick")
            continue
        yield from _scores(engines, goal, seeds=QUICK_SEEDS if options.quick else FULL_SEEDS)
        if name == "FD001" and not options.quick:
            yield from _few_failures(engines)


def _scores(engines: EngineSet, goal: float, *, seeds: int) -> Iterator[Figure]:
    capped = np.minimum(engines.truth, CAP)
    peer = np.clip(_linear(engines.fleet, engines), 0.0, CAP)
    errors, uncapped, scores, covered, widths, near = [], [], [], [], [], []
    for seed in range(seeds):
        model = learn(engines.fleet, machine_class=engines.name, unit="cycle", seed=seed)
        told = [model.estimate(engine) for engine in engines.stopped]
        p50 = np.array([each.p50 for each in told])
        low, high = np.array([each.p10 for each in told]), np.array([each.p90 for each in told])
        errors.append(rmse(p50, capped))
        uncapped.append(rmse(p50, engines.truth))
        scores.append(phm08(p50, capped))
        covered.append(coverage(low, high, capped))
        widths.append(float(np.mean(high - low)))
        near.append(float(np.mean((high - low)[capped <= NEAR])))
    text = f"{engines.name}, {len(capped)} engines, {seeds} seed{'s' if seeds > 1 else ''}"
    yield Figure(
        f"RMSE, truth capped at {CAP:.0f}, {text}",
        "cycles",
        _mean(errors),
        rmse(peer, capped),
        "ridge",
        f"ours <= {goal}",
    )
    yield Figure(f"RMSE, truth as it is, {text}", "cycles", _mean(uncapped), rmse(peer, engines.truth), "ridge")
    yield Figure(f"PHM08 score, truth capped, {text}", "1", _mean(scores), phm08(peer, capped), "ridge")
    yield Figure(f"share of truths from P10 to P90, mean, {text}", "1", _mean(covered), goal="ours >= 0.76")
    yield Figure(f"the same, {text}", "1", _mean(covered), goal="ours <= 0.88")
    yield Figure(f"the same, the worst seed, {text}", "1", min(covered))
    yield Figure(f"width from P10 to P90, {text}", "cycles", _mean(widths))
    yield Figure(f"width where {NEAR:.0f} cycles or fewer are left, {text}", "cycles", _mean(near))


def _few_failures(engines: EngineSet) -> Iterator[Figure]:
    """Learn from few engines, as a plant has them."""
    capped = np.minimum(engines.truth, CAP)
    for count in FEW:
        errors = []
        for draw in range(DRAWS):
            chosen = np.random.default_rng(draw).permutation(len(engines.fleet.machines))[:count].tolist()
            model = learn(engines.fleet.only(chosen), machine_class=engines.name, unit="cycle", seed=draw)
            errors.append(rmse(np.array([model.estimate(engine).p50 for engine in engines.stopped]), capped))
        yield Figure(
            f"RMSE after {count} failures, truth capped, {engines.name}, {DRAWS} draws", "cycles", _mean(errors)
        )


def _linear(fleet: Fleet, engines: EngineSet) -> FloatArray:
    """Return the forecasts of a linear model."""
    regimes = find_regimes(fleet)
    rows = [features(regimes.normalised(engine))[::EVERY] for engine in fleet.machines]
    lives = [remaining(len(engine), CAP)[::EVERY] for engine in fleet.machines]
    asked = np.vstack([features(regimes.normalised(engine))[-1] for engine in engines.stopped])
    half = len(rows) // 2
    penalty = min(
        PENALTIES,
        key=lambda each: rmse(
            _ridge(rows[:half], lives[:half], np.vstack(rows[half:]), each), np.concatenate(lives[half:])
        ),
    )
    return _ridge(rows, lives, asked, penalty)


def _ridge(rows: Sequence[FloatArray], lives: Sequence[FloatArray], asked: FloatArray, penalty: float) -> FloatArray:
    known, life = np.vstack(rows), np.concatenate(lives)
    mean, deviation = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
    scaled = (known - mean) / deviation
    weights = np.linalg.solve(scaled.T @ scaled + penalty * np.eye(scaled.shape[1]), scaled.T @ (life - life.mean()))
    forecast: FloatArray = (asked - mean) / deviation @ weights + life.mean()
    return forecast


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
