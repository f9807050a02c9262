"""What is known of one machine from its commissioning on, and the fleet of those that have failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class LifeError(Exception):
    """Remaining life cannot be learned or told; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class MachineHistory:
    """One machine of a class, one row per unit of life (a cycle, an hour of running), from new or overhauled on.

    `conditions`: shape (n, c), what is asked of the machine (load, speed, altitude). `signals`: shape (n, s), what is
    measured on it. Both float64 without NaN: a gap is bridged before, or left out.
    """

    machine: str
    conditions: FloatArray
    signals: FloatArray

    def __post_init__(self) -> None:
        """Refuse what could not be learned from; raise LifeError."""
        rows = len(self.signals)
        if rows == 0 or len(self.conditions) != rows:
            raise LifeError(
                f"{self.machine}: {len(self.conditions)} rows of conditions, {rows} of signals: give as many"
            )
        if not (np.isfinite(self.signals).all() and np.isfinite(self.conditions).all()):
            raise LifeError(f"{self.machine}: some values are missing or infinite: bridge or leave out these rows")

    def __len__(self) -> int:
        """Return for how many units of life the machine has been watched."""
        return len(self.signals)

    def until(self, life: int) -> MachineHistory:
        """Return what was known when the machine had lived so long."""
        return MachineHistory(self.machine, self.conditions[:life], self.signals[:life])


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machines of one class, all of which were watched until they failed; names of the columns in their order."""

    conditions: tuple[str, ...]
    signals: tuple[str, ...]
    machines: tuple[MachineHistory, ...]

    def __post_init__(self) -> None:
        """Refuse machines with other columns; raise LifeError."""
        wanted = (len(self.conditions), len(self.signals))
        for machine in self.machines:
            if (machine.conditions.shape[1], machine.signals.shape[1]) != wanted:
                raise LifeError(f"{machine.machine}: its columns are not those of the fleet")

    def only(self, rows: Sequence[int]) -> Fleet:
        """Return some of the machines."""
        return Fleet(self.conditions, self.signals, tuple(self.machines[row] for row in rows))
