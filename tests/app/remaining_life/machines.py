"""Machines made for tests: two signals drift ever faster towards failure, at one or several regimes of load."""

from __future__ import annotations

import numpy as np

from app.remaining_life.history import Fleet, MachineHistory

LOADS = (0.0, 20.0, 42.0)


def machine(number: int, *, regimes: int = 1, life: int | None = None) -> MachineHistory:
    """Return one machine, the same for the same number."""
    chance = np.random.default_rng(number)
    life = int(chance.integers(90, 180)) if life is None else life
    wear = np.exp(np.linspace(-4.0, 0.0, life))
    load = np.array(LOADS)[chance.integers(0, regimes, life)] + chance.normal(0.0, 0.002, life)
    noise = chance.normal(0.0, 0.05, (life, 3))
    signals = np.column_stack([100 + load * 5 + wear, 10 - load * 0.1 - wear * 0.5, np.full(life, 7.0)])
    signals[:, :2] += noise[:, :2]
    return MachineHistory(f"M{number}", load[:, None], signals)


def fleet(count: int, *, regimes: int = 1) -> Fleet:
    """Return machines that ran to failure."""
    return Fleet(
        ("load",), ("heat", "flow", "still"), tuple(machine(number, regimes=regimes) for number in range(count))
    )
