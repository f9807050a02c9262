"""The pattern of a finding: how far each kind of tag of an Equipment has moved, and in which direction.

A contribution's share is a part of a squared distance, so its root is a distance; with the sign of the change the roots
are the direction in which the Equipment has gone, a vector of length 1. Two of them are compared by their cosine, which
for shares is the affinity of Bhattacharyya (1943) where all signs agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from app.model.case import DIRECTION
from app.model.forecast import Contribution

Pattern = Mapping[str, float]
"""By the role of a tag: a coordinate of a vector of length 1, empty where nothing is known."""


def role_of(tag: str, equipment: str) -> str:
    """Return what a tag is to its Equipment: its name without that of the Equipment, alike at all of one class."""
    prefix = f"{equipment}."
    return tag.removeprefix(prefix) if len(tag) > len(prefix) else tag


def pattern_of(contributions: Iterable[Contribution], equipment: str) -> dict[str, float]:
    """Return the pattern of some contributions; a change that is not known counts as a rise."""
    parts: dict[str, float] = {}
    for each in contributions:
        if each.share > 0.0 and math.isfinite(each.share):
            role = role_of(each.tag, equipment)
            parts[role] = parts.get(role, 0.0) + math.copysign(math.sqrt(each.share), _sign(each.change))
    return unit(parts)


def unit(parts: Mapping[str, float]) -> dict[str, float]:
    """Return the same direction with length 1."""
    length = math.sqrt(sum(part * part for part in parts.values()))
    return {role: part / length for role, part in parts.items()} if length > 0.0 else {}


def likeness(one: Pattern, other: Pattern) -> float:
    """Return 0..1: how alike two patterns are; opposite ones are not alike at all."""
    return min(1.0, max(0.0, sum(part * other.get(role, 0.0) for role, part in one.items())))


def merged(told: Sequence[tuple[float, Sequence[Contribution]]]) -> tuple[Contribution, ...]:
    """Return the contributions of several indicators together, strongest first; each counts by its weight >= 0.

    The change of a tag is that of its largest share, of those whose size is known where there are any.
    """
    total = sum(weight for weight, each in told if each)
    shares: dict[str, float] = {}
    changes: dict[str, tuple[tuple[bool, float], float]] = {}
    for weight, contributions in told:
        for each in contributions:
            share = each.share * weight / total if total > 0.0 else 0.0
            shares[each.tag] = shares.get(each.tag, 0.0) + share
            rank = (abs(each.change) > DIRECTION, share)
            if each.tag not in changes or rank >= changes[each.tag][0]:
                changes[each.tag] = (rank, each.change)
    strongest = sorted(shares, key=lambda tag: (-shares[tag], tag))
    return tuple(Contribution(tag, shares[tag], changes[tag][1]) for tag in strongest)


def _sign(change: float) -> float:
    return -1.0 if change < 0.0 else 1.0
