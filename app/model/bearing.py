"""A rolling bearing: its frequencies, as multiples of the shaft's, out of what its maker says of it.

Source: the kinematics of balls that roll without slip between a fixed outer and a turning inner ring, as in
ISO 13373-2 and T. A. Harris, Rolling Bearing Analysis. True bearings slip by one or two per cent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_FEWEST_BALLS = 3


@dataclass(frozen=True, slots=True)
class Bearing:
    """A rolling bearing whose outer ring stands still.

    `bpfo`, `bpfi`: balls pass a place of the outer, the inner race; `bsf`: a ball turns; `ftf`: the cage turns; each so
    many times per turn of the shaft.
    """

    bpfo: float
    bpfi: float
    bsf: float
    ftf: float
    designation: str = ""


def bearing_of(balls: int, ball_mm: float, pitch_mm: float, *, contact_deg: float = 0.0, name: str = "") -> Bearing:
    """Return the bearing with `balls` rolling elements of diameter `ball_mm` on a circle of `pitch_mm`.

    `contact_deg`: the contact angle. Raise ValueError where such balls make no bearing.
    """
    if balls < _FEWEST_BALLS or not 0.0 < ball_mm < pitch_mm or not 0.0 <= contact_deg < 90.0:
        raise ValueError(f"{balls} balls of {ball_mm:g} mm on a circle of {pitch_mm:g} mm make no bearing")
    ratio = ball_mm / pitch_mm * math.cos(math.radians(contact_deg))
    return Bearing(
        bpfo=balls / 2.0 * (1.0 - ratio),
        bpfi=balls / 2.0 * (1.0 + ratio),
        bsf=pitch_mm / (2.0 * ball_mm) * (1.0 - ratio * ratio),
        ftf=0.5 * (1.0 - ratio),
        designation=name,
    )
