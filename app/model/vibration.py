"""Where and how the vibration of a machine is recorded, and what is known of what turns there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from app.model.bearing import Bearing
from app.model.text import LocalText

ACCELERATIONS = {"m/s2": 1.0, "[g]": 9.80665}
"""Units of acceleration (UCUM), and what one of them is in m/s²."""
VELOCITIES = {"mm/s": 1.0, "m/s": 1000.0}
"""Units of velocity (UCUM), and what one of them is in mm/s."""


class Zone(StrEnum):
    """The four evaluation zones into which ISO 20816 divides the vibration of a machine."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Trigger(StrEnum):
    """Why a waveform was recorded."""

    SCHEDULE = "schedule"
    ALARM = "alarm"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class ZoneLimits:
    """The boundaries A|B, B|C and C|D of a class of machines, as velocity in mm/s rms, and where they come from.

    `machine`, `foundation`: to which machines they apply. `source`: the standard, contract or measurement, in words;
    `is_example`: they only show how such a row looks, and nobody may rely on them.
    """

    id: str
    limits: tuple[float, float, float]
    source: LocalText
    machine: LocalText = LocalText("")
    foundation: LocalText = LocalText("")
    is_example: bool = False

    def zone_of(self, velocity: float) -> Zone | None:
        """Return the zone of a velocity in mm/s rms; a boundary belongs to the better zone; None for NaN."""
        if math.isnan(velocity):
            return None
        return Zone("ABCD"[sum(velocity > limit for limit in self.limits)])


@dataclass(frozen=True, slots=True)
class MeasuringPoint:
    """A sensor of vibration: where its waveforms come from, and what turns near it.

    `address`: of an array in the device of `connection`, "" where waveforms are only imported. `unit`: of its values, a
    key of ACCELERATIONS or VELOCITIES; value = raw * `gain` of what a device sends. `rate_hz`: samples per second.
    `speed`: the tag of the shaft's speed in 1/min, else `rated_rpm` counts. `level`: the tag of the overall level,
    whose alarms trigger a record. `every_h`: hours of the plant's time between records, 0 for only on alarm.
    `keep_days`: days of the plant's time for which waveforms are kept, 0 for ever. `band`: Hz, in which the envelope is
    taken, (0, 0) to let it be chosen. `blades`, `teeth`: of the wheels on this shaft, 0 for none; `mating_teeth`: of
    the gear that meshes with it.
    """

    id: str
    equipment: str
    name: LocalText
    unit: str = "m/s2"
    rate_hz: float = 0.0
    gain: float = 1.0
    connection: str = ""
    address: str = ""
    speed: str = ""
    rated_rpm: float = 0.0
    level: str = ""
    every_h: float = 6.0
    keep_days: float = 365.0
    zones: str = ""
    band: tuple[float, float] = (0.0, 0.0)
    bearing: Bearing | None = None
    blades: int = 0
    teeth: int = 0
    mating_teeth: int = 0
