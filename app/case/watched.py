"""One indicator of one Equipment as it is followed: what it says, since when that is bad, and what was noted of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.case.rules import CaseRules
from app.model.case import ACCOMPANYING, Indication


@dataclass(slots=True)
class Watched:
    """`limit`: the one that counts. `bad_since`: int64 ns UTC, 0 while it is good; `good_since`: 0 while it is bad.

    `noted`: what it said last in the open case.
    """

    latest: Indication
    limit: float
    bad_since: int = 0
    good_since: int = 0
    noted: Indication | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it says that the Equipment is not well."""
        return self.bad_since > 0

    @property
    def is_accompanying(self) -> bool:
        """Whether it is information: it neither opens a case nor keeps one."""
        return self.latest.indicator in ACCOMPANYING

    @property
    def relative(self) -> float:
        """Return the score in units of its limit."""
        return self.latest.score / self.latest.limit

    def take(self, latest: Indication, *, limit: float, is_allowed: bool) -> None:
        """Take what it says now; `limit`: the one that counts, `is_allowed`: a pattern that opens no case.

        One that says nothing any more (a score of NaN) is not bad any more; it is good only if it was.
        """
        self.latest, self.limit = latest, limit
        if math.isnan(latest.score):
            self.bad_since = 0
            return
        if latest.score >= limit and not is_allowed:
            self.bad_since = self.bad_since or latest.time
            self.good_since = 0
        else:
            self.good_since = self.good_since or latest.time
            self.bad_since = 0

    def is_due(self, now: int, delay: int) -> bool:
        """Return whether it has been bad for at least `delay` (ns)."""
        return self.is_bad and now - self.bad_since >= delay

    def is_news(self, rules: CaseRules, patience: int) -> bool:
        """Return whether what it says belongs into the case: the first of it, much worse, another tag, or later.

        `patience`: ns after which the same is noted again.
        """
        if not self.is_bad:
            return False
        if self.noted is None or self.latest.score >= rules.grown * self.noted.score:
            return True
        if self.latest.time <= self.noted.time:
            return False
        first = [each.tag for each in self.latest.contributions[:1]]
        has_changed = first != [each.tag for each in self.noted.contributions[:1]]
        since = self.latest.time - self.noted.time
        return since >= patience or (has_changed and since >= patience // 4)
