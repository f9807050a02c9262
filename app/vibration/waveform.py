"""A waveform: what one sensor of vibration has given in a stretch of evenly spaced samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.vibration import ACCELERATIONS, VELOCITIES, Trigger

Signal = NDArray[np.float64]

FEWEST = 256
"""With fewer samples no spectrum tells anything."""
MOST = 1 << 22


class BadWaveform(ValueError):
    """A record is no waveform; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Waveform:
    """`values`: float64, shape (n,), in `unit`, `rate_hz` of them in a second, the first one at `time` (ns UTC).

    `speed_rpm`: of the shaft meanwhile, 0 where nobody knows. `id`: in the plant's file, 0 where it is not there.
    """

    point: str
    equipment: str
    time: int
    rate_hz: float
    unit: str
    values: Signal
    speed_rpm: float = 0.0
    trigger: Trigger = Trigger.IMPORT
    id: int = 0

    @property
    def shaft_hz(self) -> float:
        """Return the frequency at which the shaft turned, 0 where nobody knows."""
        return self.speed_rpm / 60.0

    @property
    def duration_s(self) -> float:
        """Return how long it is."""
        return len(self.values) / self.rate_hz

    @property
    def is_acceleration(self) -> bool:
        """Return whether its values are accelerations, else they are velocities."""
        return self.unit in ACCELERATIONS

    def in_si(self) -> Signal:
        """Return its values in m/s², or in mm/s where they are velocities."""
        return self.values * (ACCELERATIONS | VELOCITIES)[self.unit]


def check_waveform(waveform: Waveform) -> None:
    """Raise BadWaveform where nothing could be made of it."""
    values, where = waveform.values, waveform.point
    if waveform.unit not in ACCELERATIONS | VELOCITIES:
        known = ", ".join(ACCELERATIONS | VELOCITIES)
        raise BadWaveform(f"{where}: the unit {waveform.unit!r} is no vibration: give one of {known}")
    if not np.isfinite(waveform.rate_hz) or waveform.rate_hz <= 0.0:
        raise BadWaveform(f"{where}: {waveform.rate_hz:g} samples per second: give the sample rate in Hz")
    if values.ndim != 1 or not FEWEST <= len(values) <= MOST:
        raise BadWaveform(f"{where}: {values.size} samples: a waveform has {FEWEST} to {MOST} in one row")
    if not np.isfinite(values).all():
        raise BadWaveform(f"{where}: {int((~np.isfinite(values)).sum())} samples are no numbers: record it again")
