"""What a plant file says about maintenance: nameplates, spare parts, what is done how often, and planned stops.

The words are those of ISA-95 (IEC 62264): MaintenanceDefinition is what is done and how often. Hours and days are the
plant's own (see Plant.time_scale).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.role import Role
from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class Nameplate:
    """What a register of equipment knows of one: "" where it is not known.

    `commissioned`, `overhauled`: ISO 8601 dates. `meter`: the tag that tells how long it has run: a counter of hours,
    or a state that is not 0 while it runs. `spares`: ids of SparePart.
    """

    maker: str = ""
    model: str = ""
    serial: str = ""
    rating: str = ""
    commissioned: str = ""
    overhauled: str = ""
    meter: str = ""
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SparePart:
    """A part that is kept for repairs; `place`: where it lies."""

    id: str
    name: LocalText
    place: str = ""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a checklist: done or not, or, where `is_measured`, a value in `unit` from `low` to `high`."""

    text: LocalText
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def is_measured(self) -> bool:
        """Return whether a value belongs to it."""
        return bool(self.unit) or self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class MaintenanceDefinition:
    """Work that is done again and again; what comes first of `every` and `every_days` makes it due, 0 is never.

    `every`: hours of `meter` (or what that counts); `last_at`: its reading when it was done last before the station
    knew of it, NaN where nobody knows. `first_due`: ISO 8601 date. `is_fixed`: the next date counts from the last one
    instead of from when the work was done. `lead_days`: so early a work order is requested; `tolerance_days`: so late
    it may be before it is overdue. `renews`: after it the equipment is as new, so that predictions learn it anew.
    """

    id: str
    equipment: str
    title: LocalText
    every: float = 0.0
    meter: str = ""
    last_at: float = math.nan
    every_days: float = 0.0
    first_due: str = ""
    is_fixed: bool = False
    lead_days: float = 7.0
    tolerance_days: float = 0.0
    estimated_h: float = 0.0
    parts: tuple[str, ...] = ()
    checks: tuple[CheckItem, ...] = ()
    renews: bool = False


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A stretch in which the plant, or some `equipment` of it, stands still anyway.

    `start`: int64 ns UTC of the first one; it lasts `hours` and comes again every `every_days`, 0 for never.
    """

    id: str
    name: LocalText
    start: int
    hours: float
    every_days: float = 0.0
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaintenanceRules:
    """`release_role`: the least role that releases work, cancels it and says whether it helped.

    `watch_h`: for so many hours after completion what led to the work is watched.
    """

    release_role: Role = Role.ENGINEER
    watch_h: float = 72.0
