"""Hints of faults: lines that stand where a fault would put them, over the noise around them or over the zones' limit.

A hint is evidence and no diagnosis: it says which lines it has found and how far they stand out. Faults of bearings are
looked for in the envelope's spectrum, at least two harmonics together; those of the shaft in the velocity's, and only
as far as the velocity itself matters, since every machine has some unbalance. Source of the patterns: ISO 13373-3;
R. B. Randall, Vibration-based Condition Monitoring (2011), chapter 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from app.model.bearing import Bearing
from app.vibration.order import SLIP
from app.vibration.spectrum import Spectrum

OVER_FLOOR = 3.0
"""From so many times the noise floor (in amplitude) on a line counts as one."""
_HARMONICS = 4
_LEVEL = 0.8
"""A line between two bins stands nearly as high in both."""
_SIDEBAND_DOUBT = 0.6
"""A race that turns through the load, and a ball, modulate their impacts; without sidebands so much is left of it."""
_UNBALANCE_SHARE = 0.5
_MISALIGNED = 0.5
_LOOSE_HARMONICS = range(3, 11)
_LOOSE_LINES = 5
_LOOSE_SHARE = 0.1


class Fault(StrEnum):
    """What lines can be a sign of."""

    OUTER_RACE = "outer_race"
    INNER_RACE = "inner_race"
    BALL = "ball"
    CAGE = "cage"
    UNBALANCE = "unbalance"
    MISALIGNMENT = "misalignment"
    LOOSENESS = "looseness"
    GEAR = "gear"


@dataclass(frozen=True, slots=True)
class Match:
    """A line that was found: at `hz`, `order` times the shaft's frequency, `rms` in its spectrum's unit.

    `over_floor`: its amplitude in units of the noise around it. `is_sideband`: beside a harmonic, not one itself.
    """

    hz: float
    order: float
    rms: float
    over_floor: float
    is_sideband: bool = False


@dataclass(frozen=True, slots=True)
class FaultHint:
    """How strongly a fault shows: `score` in units of what counts as one (1 is the limit), and the lines behind it.

    `spacing`: of a gear, how many times per turn of the shaft its mesh swells: that of the wheel with the fault.
    """

    fault: Fault
    score: float
    matches: tuple[Match, ...]
    spacing: float = 0.0


def _is_multiple(order: float, of: float) -> bool:
    """Return whether an order is within the slip of a multiple of another one."""
    return of > 0.0 and round(order / of) >= 1 and abs(order - round(order / of) * of) <= 2.0 * SLIP * order


class LineSearch:
    """Looks for lines of a spectrum at multiples of the shaft's frequency."""

    def __init__(self, of: Spectrum, shaft_hz: float) -> None:
        """Look into `of`, while the shaft turns `shaft_hz` times a second."""
        self._of = of
        self._floor = of.floor()
        self.shaft_hz = shaft_hz

    def at(self, order: float, *, slip: float = 0.0, is_sideband: bool = False) -> Match:
        """Return the strongest line around an order; `slip`: by so much of it it may be elsewhere."""
        hz = order * self.shaft_hz
        tone = self._of.tone(hz, max(self._of.step_hz, slip * hz))
        place = min(len(self._floor) - 1, round(tone.hz / self._of.step_hz))
        floor = math.sqrt(float(self._floor[place]))
        height = math.sqrt(float(self._of.density[max(0, place - 1) : place + 2].max()))
        over = height / floor if floor > 0.0 else (math.inf if height > 0.0 else 0.0)
        is_line = 0.0 < hz < 0.95 * self._of.top_hz and self._is_peak(place)
        return Match(
            tone.hz, tone.hz / self.shaft_hz, tone.rms if is_line else 0.0, over if is_line else 0.0, is_sideband
        )

    def _is_peak(self, place: int) -> bool:
        """Return whether a bin stands above its neighbours, or level with one: the flank of another line does not."""
        density = self._of.density
        beside = density[max(0, place - 1) : place + 2]
        return bool(density[place] >= _LEVEL * float(beside.max()))

    def is_apart(self, order: float) -> bool:
        """Return whether an order is far enough from all multiples of the shaft's to be told from them."""
        away = abs(order - round(order)) * self.shaft_hz
        return order < 0.5 or away > 2.5 * self._of.step_hz


def bearing_hints(search: LineSearch, bearing: Bearing) -> list[FaultHint]:
    """Return how strongly each fault of a rolling bearing shows in the spectrum of its envelope.

    Lines that the strongest of them explains do not count for the others: trains of impacts have many harmonics.
    """
    trains = [
        _Train(Fault.OUTER_RACE, bearing.bpfo),
        _Train(Fault.INNER_RACE, bearing.bpfi, sideband=1.0),
        _Train(Fault.BALL, 2.0 * bearing.bsf, sideband=bearing.ftf),
        _Train(Fault.CAGE, bearing.ftf, most=3),
    ]
    hints = [_hint_of(search, train) for train in trains]
    strongest = max(range(len(trains)), key=lambda place: hints[place].score)
    if hints[strongest].score < 1.0:
        return hints
    known = trains[strongest]
    return [
        hint if train is known else _hint_of(search, train, explained=known.order)
        for train, hint in zip(trains, hints, strict=True)
    ]


def shaft_hints(search: LineSearch, limit: float) -> list[FaultHint]:
    """Return how strongly unbalance, misalignment and looseness show in the spectrum of the velocity (mm/s).

    `limit`: the velocity, mm/s rms, from which it matters: the boundary of the zones B and C.
    """
    first, second = search.at(1.0), search.at(2.0)
    total = search._of.rms_in(0.0, search._of.top_hz)  # noqa: SLF001 - of the same module
    is_single = first.rms**2 >= _UNBALANCE_SHARE * total**2 and second.rms < _MISALIGNED * first.rms
    unbalance = first.rms / limit if is_single else 0.0
    is_double = second.rms >= _MISALIGNED * first.rms and second.over_floor >= OVER_FLOOR
    misalignment = math.hypot(first.rms, second.rms) / limit if is_double else 0.0
    return [
        FaultHint(Fault.UNBALANCE, unbalance, (first,)),
        FaultHint(Fault.MISALIGNMENT, misalignment, (first, second)),
        _looseness(search, max(first.rms, second.rms), limit),
    ]


def _looseness(search: LineSearch, strongest: float, limit: float) -> FaultHint:
    """Return how strongly it shows: many harmonics, or half orders, as a part that knocks gives."""
    halves = [search.at(k + 0.5) for k in range(4)]
    harmonics = [search.at(float(k)) for k in _LOOSE_HARMONICS]
    lines = [each for each in harmonics if each.over_floor >= OVER_FLOOR and each.rms >= _LOOSE_SHARE * strongest]
    knocks = [each for each in halves if each.over_floor >= OVER_FLOOR and each.rms >= _LOOSE_SHARE * strongest]
    found = (*knocks, *lines)
    is_loose = len(lines) >= _LOOSE_LINES or len(knocks) >= 2
    return FaultHint(Fault.LOOSENESS, math.hypot(*(each.rms for each in found)) / limit if is_loose else 0.0, found)


@dataclass(frozen=True, slots=True)
class _Train:
    """The impacts of a fault: `order` of them per turn, of a size that varies `sideband` times per turn."""

    fault: Fault
    order: float
    sideband: float = 0.0
    most: int = _HARMONICS


def _hint_of(search: LineSearch, train: _Train, *, explained: float = 0.0) -> FaultHint:
    """Return how strongly a train of impacts shows: the second highest of its harmonics, so that one alone is none.

    `explained`: an order whose multiples have another cause.
    """
    fault, sideband = train.fault, train.sideband
    orders = [k * train.order for k in range(1, train.most + 1)]
    free = [each for each in orders if search.is_apart(each) and not _is_multiple(each, explained)]
    harmonics = [search.at(each, slip=SLIP) for each in free]
    ranked = sorted((each.over_floor for each in harmonics), reverse=True)
    score = ranked[1] / OVER_FLOOR if len(ranked) > 1 else 0.0
    sidebands: list[Match] = []
    if sideband:
        beside = [centre.order + side * sideband for centre in harmonics[:2] for side in (-1.0, 1.0)]
        sidebands = [search.at(each, is_sideband=True) for each in beside]
        seen = sum(each.over_floor >= OVER_FLOOR for each in sidebands)
        score *= 1.0 if seen >= 2 else _SIDEBAND_DOUBT
    return FaultHint(fault, score, (*harmonics, *sidebands))
