"""A damaged or eccentric gear, by the sidebands of its mesh: they stand as far from it as one of its shafts turns.

The line of the mesh itself is no sign of a fault: every gear has one, and its height follows the load. A wheel that is
eccentric, worn unevenly or has a broken tooth lets the mesh swell once a turn, which stands as pairs of lines beside
it; their distance tells which wheel. Source: R. B. Randall, Vibration-based Condition Monitoring (2011), chapter 5.
"""

from __future__ import annotations

from app.vibration.hint import OVER_FLOOR, Fault, FaultHint, LineSearch, Match

_HARMONICS = (1, 2, 3)
_SIDEBANDS = (1, 2)
_SIDEBAND_SHARE = 0.25
"""Of the mesh: from there on a pair counts as one that a sound gear does not have. Chosen, not measured on machines."""


def gear_hint(search: LineSearch, teeth: int, mating_teeth: int = 0) -> FaultHint:
    """Return how strongly the fault of a gear shows in the spectrum of what was measured.

    `teeth`: of the wheel on the shaft whose speed is known; `mating_teeth`: of the other one, 0 where not known. The
    second highest pair of sidebands counts, so that one alone is none.
    """
    spacings = [1.0]
    if mating_teeth and mating_teeth != teeth:
        spacings.append(teeth / mating_teeth)
    hints = [_hint_of(search, float(teeth), spacing) for spacing in spacings]
    return max(hints, key=lambda hint: hint.score)


def _hint_of(search: LineSearch, teeth: float, spacing: float) -> FaultHint:
    matches: list[Match] = []
    shares: list[float] = []
    for harmonic in _HARMONICS:
        mesh = search.at(harmonic * teeth)
        if mesh.over_floor < OVER_FLOOR or mesh.rms <= 0.0:
            continue
        matches.append(mesh)
        for step in _SIDEBANDS:
            pair = [search.at(mesh.order + side * step * spacing, is_sideband=True) for side in (-1.0, 1.0)]
            matches += pair
            is_pair = all(each.over_floor >= OVER_FLOOR for each in pair)
            shares.append(min(each.rms for each in pair) / mesh.rms if is_pair else 0.0)
    ranked = sorted(shares, reverse=True)
    score = ranked[1] / _SIDEBAND_SHARE if len(ranked) > 1 else 0.0
    return FaultHint(Fault.GEAR, score, tuple(matches), spacing)
