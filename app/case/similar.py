"""Which closed cases are like an open one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.case.pattern import Pattern, likeness, pattern_of
from app.model.case import CaseRecord, SimilarCase

MOST = 5
_ALIKE = 0.7


def similar_to(pattern: Pattern, past: Iterable[CaseRecord], equipment: Collection[str]) -> tuple[SimilarCase, ...]:
    """Return the closed cases of some equipment whose patterns are like `pattern`, most alike first, then newest."""
    found = [
        SimilarCase(
            each.number,
            each.equipment,
            each.opened,
            alike,
            each.verdict,
            each.cause,
            each.reason,
        )
        for each in past
        if each.verdict is not None
        and each.equipment in equipment
        and (alike := likeness(pattern, pattern_of(each.contributions, each.equipment))) >= _ALIKE
    ]
    return tuple(sorted(found, key=lambda case: (-round(case.likeness, 3), -case.opened))[:MOST])
