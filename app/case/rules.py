"""How patient cases are, and how far verdicts may go."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.clock import NS_PER_S


@dataclass(frozen=True, slots=True)
class CaseRules:
    """Seconds of the plant's own time, and bounds of what verdicts change.

    `on_delay_s`: for how long an indicator is bad before it opens a case. `off_delay_s`: for how long all are good
    before the equipment counts as well. `evidence_s`: how often an indicator that stays as it was is noted again.
    `grown`: by what factor a score has grown when it is noted at once.
    `most_step`, `most_raise`: by what factor one verdict, and all together, raise a limit at the most.
    `allowance`: up to how much of its peak a pattern that was expected is allowed again, `allowed_likeness`: how alike
    it must be.
    """

    on_delay_s: float = 900.0
    off_delay_s: float = 1_800.0
    evidence_s: float = 3_600.0
    grown: float = 1.25
    most_step: float = 1.5
    most_raise: float = 3.0
    allowance: float = 1.2
    allowed_likeness: float = 0.9
    most_evidence: int = 300

    def ns(self, seconds: float, time_scale: float) -> int:
        """Return seconds of the plant as ns of the wall clock."""
        return int(seconds / time_scale * NS_PER_S)
