"""Known causes and the patterns of tags that they show, and which of them fit a pattern."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.case.pattern import Pattern, likeness, unit
from app.model.case import UNKNOWN_CAUSE, RankedCause
from app.model.text import LocalText

FITS = 0.6
"""The least likeness at which a cause is more than a guess: above it, two thirds of the way went in its direction."""
WORTH_TELLING = 0.3
MOST_CAUSES = 5

_UNKNOWN = LocalText("Unknown: resembles no known cause", "未知：与已知原因均不相似")
_LOOK = LocalText(
    "Inspect the equipment; if the cause is found, confirm the case with it, and it will be known from then on",
    "检查设备；查明原因后以该原因确认案例，以后即可识别",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A cause and its symptoms: by the role of a tag, how strongly it rises (> 0) or falls (< 0).

    `kind`: the equipment class; "" for one Equipment alone. `source`: "rule", "forecast", or "case 7". `is_usage`: the
    Equipment is used in another way (more load, another step), and nothing is wrong with it.
    """

    id: str
    kind: str
    cause: LocalText
    action: LocalText
    symptoms: Mapping[str, float]
    source: str = "rule"
    is_usage: bool = False

    def likeness(self, pattern: Pattern, roles: Collection[str]) -> float:
        """Return 0..1; symptoms for which the Equipment has no tag (`roles`: those it has) are not expected."""
        return likeness(unit({role: part for role, part in self.symptoms.items() if role in roles}), pattern)


def resembles_fault(signatures: Iterable[Signature], pattern: Pattern, roles: Collection[str]) -> bool:
    """Return whether a pattern fits a cause, and the one that it fits best is a fault."""
    fits = [(each.likeness(pattern, roles), not each.is_usage) for each in signatures]
    likeness, is_fault = max(fits, default=(0.0, False))
    return is_fault and likeness >= FITS


def ranked(
    signatures: Iterable[Signature], patterns: Sequence[Pattern], roles: Collection[str]
) -> tuple[RankedCause, ...]:
    """Return the causes that fit one of some patterns, best first; "unknown" stands first where none fits well.

    Several signatures of one cause count as one, by the best of them.
    """
    best: dict[str, RankedCause] = {}
    for signature in signatures:
        fit = max(signature.likeness(pattern, roles) for pattern in patterns)
        key = signature.cause.en.casefold()
        known = best.get(key)
        if fit >= WORTH_TELLING and (known is None or fit > known.likeness):
            action = signature.action if signature.action.en or known is None else known.action
            best[key] = RankedCause(signature.id, signature.cause, action, fit, signature.source)
        elif known is not None and not known.action.en:
            best[key] = replace(known, action=signature.action)
    causes = sorted(best.values(), key=lambda cause: (-cause.likeness, cause.id))[:MOST_CAUSES]
    if causes and causes[0].likeness >= FITS:
        return tuple(causes)
    return (RankedCause(UNKNOWN_CAUSE, _UNKNOWN, _LOOK, 0.0), *causes)
