"""What a waveform's analysis says to a case: the zone of the velocity, and each fault that its lines hint at."""

from __future__ import annotations

import math

from app.model.case import DIRECTION, Indication
from app.model.forecast import Contribution
from app.model.vibration import MeasuringPoint, ZoneLimits
from app.vibration.analysis import Analysis

VERSION = "vibration 1"
PREFIX = "vibration "
LARGEST = 100.0


def indicator_of(point: str, what: str) -> str:
    """Return the name of an indicator: a measuring point, and the fault or "zone"."""
    return f"{PREFIX}{point} {what}"


def indications(analysis: Analysis, point: MeasuringPoint, zones: ZoneLimits | None) -> list[Indication]:
    """Return one Indication for the zone, bad from C on, and one for each fault, bad from a score of 1 on.

    All faults are told each time, so that what is gone becomes good again. Contributions name the tag of the overall
    level, where the point has one.
    """
    time, equipment = analysis.waveform.time, point.equipment
    tags = (Contribution(point.level, 1.0, DIRECTION),) if point.level else ()
    found = [
        Indication(equipment, indicator_of(point.id, hint.fault), time, min(hint.score, LARGEST), 1.0, tags, VERSION)
        for hint in analysis.hints
    ]
    velocity = analysis.measure.velocity
    if zones is not None and not math.isnan(velocity):
        found.append(
            Indication(equipment, indicator_of(point.id, "zone"), time, velocity, zones.limits[1], tags, VERSION)
        )
    return found
