"""Causes that a learned model tells, among those that the signatures tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.case.signature import FITS, MOST_CAUSES, Signature
from app.model.case import UNKNOWN_CAUSE, RankedCause

NEWS = 0.1
"""A probability that has moved by less is no news."""


def with_learned(causes: Sequence[RankedCause], learned: Sequence[RankedCause]) -> tuple[RankedCause, ...]:
    """Return causes best first, those of one name as one by the better of them; "unknown" stays first if none fits."""
    best: dict[str, RankedCause] = {}
    for each in (*causes, *learned):
        known = best.get(each.cause.en.casefold())
        if known is None or each.likeness > known.likeness:
            action = each.action if each.action.en or known is None else known.action
            best[each.cause.en.casefold()] = replace(each, action=action)
    unknown = [each for each in causes if each.id == UNKNOWN_CAUSE]
    named = [each for each in best.values() if each.id != UNKNOWN_CAUSE]
    named = sorted(named, key=lambda each: (-each.likeness, each.id))[:MOST_CAUSES]
    return tuple(named) if named and named[0].likeness >= FITS else (*unknown, *named)


def named_as_known(learned: Iterable[RankedCause], signatures: Sequence[Signature]) -> tuple[RankedCause, ...]:
    """Return learned causes in the words and with the action of a signature of the same name, where there is one."""
    known = {each.cause.en.casefold(): each for each in signatures}
    found = []
    for each in learned:
        same = known.get(each.cause.en.casefold())
        found.append(each if same is None else replace(each, cause=same.cause, action=same.action))
    return tuple(found)


def is_news(before: Sequence[RankedCause], after: Sequence[RankedCause]) -> bool:
    """Return whether the order has changed, or a probability by more than a tenth."""
    if [each.id for each in before] != [each.id for each in after]:
        return True
    return any(abs(one.likeness - other.likeness) > NEWS for one, other in zip(before, after, strict=True))
