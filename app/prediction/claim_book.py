"""The claims of a plant: those that wait, and how many there are of each outcome."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.model.score import Claim, ClaimKind, Ground, Outcome, Score

_SHRUNK = 0.8
_MOVED = 0.25


@dataclass(frozen=True, slots=True)
class Band:
    """What was said at `made` to come between `p10` and `p90`, on any axis that only rises; 0 where there is none."""

    made: float
    p10: float
    p50: float
    p90: float

    def is_other(self, last: Band) -> bool:
        """Return whether this says something else than the `last` one.

        It does when its middle has left that band, an edge has moved by a quarter of what is left, or a fifth of that
        has gone.
        """
        left = max(self.p50 - self.made, 1.0)
        if self.p50 < last.p10 or (last.p90 and self.p50 > last.p90):
            return True
        if left <= _SHRUNK * (last.p50 - last.made):
            return True
        edges = ((self.p10, last.p10), (self.p90, last.p90))
        has_moved = any(abs(now - then) > _MOVED * left for now, then in edges if now and then)
        return has_moved or bool(last.p90) != bool(self.p90)


def place(at: float, p10: float, p90: float) -> Outcome:
    """Return where in a band something has come; an edge of 0 is open."""
    if p10 and at < p10:
        return Outcome.EARLY
    return Outcome.LATE if p90 and at > p90 else Outcome.HIT


@dataclass(frozen=True, slots=True)
class ScorePast:
    """What a predecessor left: claims that wait, how many there are of each outcome, and the highest number."""

    waiting: tuple[Claim, ...] = ()
    counts: Mapping[tuple[str, ClaimKind, str, Outcome], int] | None = None
    last: int = 0


class ClaimBook:
    """Numbers claims and counts them; whoever adds or scores one has it stored."""

    def __init__(self, past: ScorePast) -> None:
        """Go on from `past`."""
        self._waiting = {claim.number: claim for claim in past.waiting}
        self._counts: Counter[tuple[str, ClaimKind, str, Outcome]] = Counter(dict(past.counts or {}))
        self._last = past.last

    def waiting(self, kind: ClaimKind) -> list[Claim]:
        """Return the claims of a kind that wait, oldest first."""
        return [claim for claim in self._waiting.values() if claim.kind is kind]

    def add(self, claim: Claim) -> Claim:
        """Take a claim; return it with its number."""
        self._last += 1
        added = replace(claim, number=self._last)
        if added.outcome is Outcome.WAITING:
            self._waiting[added.number] = added
        self._counts[_key(added)] += 1
        return added

    def score(self, claim: Claim, outcome: Outcome, now: int, ground: Ground, *, happened: int = 0) -> Claim:
        """Score a claim at `now` (ns UTC); return it as it is then."""
        self._waiting.pop(claim.number, None)
        self._counts[_key(claim)] -= 1
        scored = replace(claim, outcome=outcome, scored=now, ground=ground, happened=happened)
        self._counts[_key(scored)] += 1
        return scored

    def scores(self, changed: Iterable[Claim] | None = None) -> list[Score]:
        """Return how well everything held, by equipment and what was said; of `changed` claims only, if given."""
        wanted = None if changed is None else {_key(claim)[:3] for claim in changed}
        found: dict[tuple[str, ClaimKind, str], dict[Outcome, int]] = defaultdict(dict)
        for (equipment, kind, topic, outcome), count in self._counts.items():
            if count and (wanted is None or (equipment, kind, topic) in wanted):
                found[equipment, kind, topic][outcome] = count
        return [
            Score(
                *key,
                hit=counts.get(Outcome.HIT, 0),
                early=counts.get(Outcome.EARLY, 0),
                late=counts.get(Outcome.LATE, 0),
                false=counts.get(Outcome.FALSE, 0),
                missed=counts.get(Outcome.MISSED, 0),
                void=counts.get(Outcome.VOID, 0),
                waiting=counts.get(Outcome.WAITING, 0),
            )
            for key, counts in sorted(found.items())
        ]


def _key(claim: Claim) -> tuple[str, ClaimKind, str, Outcome]:
    return claim.equipment, claim.kind, claim.topic, claim.outcome
