"""What surrounds the demo plant: the hour of its day, the weather, and the shifts that set its demand."""

from __future__ import annotations

import math
from dataclasses import dataclass

from drivers.simulation.random_stream import Wander, stream

DAY_S = 86_400.0
START_OF_DAY_S = 9 * 3600.0
"""The plant's clock shows 09:00 when its time is 0."""

_FIRST_SHIFT_S = 6 * 3600.0
_LAST_SHIFT_S = 22 * 3600.0
_CHANGE_S = 1200.0
_AT_NIGHT = 0.35


def shift_share(clock_s: float) -> float:
    """Return the production's demand at a time of day (s since midnight), 1 in the two shifts, less at night."""
    rising = (clock_s - _FIRST_SHIFT_S) / _CHANGE_S
    falling = (_LAST_SHIFT_S - clock_s) / _CHANGE_S
    return _AT_NIGHT + (1.0 - _AT_NIGHT) * min(1.0, max(0.0, min(rising, falling)))


@dataclass(slots=True)
class Surroundings:
    """Air and clock. Temperatures in °C; `share`: the production's demand, 1 in the two shifts."""

    air: Wander
    humid: Wander
    t_air: float = 24.0
    t_wet: float = 20.0
    share: float = 1.0

    def settle(self, time_s: float) -> None:
        """Bring everything to the plant's time; call it once per second."""
        clock_s = (time_s + START_OF_DAY_S) % DAY_S
        sun = math.sin(2.0 * math.pi * (clock_s - 9 * 3600.0) / DAY_S)
        self.t_air = 24.0 + 3.0 * sun + self.air.step()
        self.t_wet = 20.0 + 1.0 * sun + self.humid.step()
        self.share = shift_share(clock_s)


def surroundings(seed: int) -> Surroundings:
    """Return the surroundings that belong to `seed`."""
    return Surroundings(
        air=Wander(stream(seed, "surroundings.air"), sigma=0.3, tau_s=2400.0),
        humid=Wander(stream(seed, "surroundings.humid"), sigma=0.2, tau_s=3600.0),
    )
