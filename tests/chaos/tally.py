"""Counts the verdicts of a campaign and keeps the first faults with what reproduces them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.verdict import Outcome, Verdict

_SHOWN = 10


@dataclass(slots=True)
class Tally:
    """`what` names the trials ("kills"), `reproduce` is the command that repeats one, {} standing for its number.

    `moments`: how many trials befell the writer in which part of its work.
    """

    what: str
    reproduce: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    worst_lost: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def trials(self) -> int:
        """How many trials were judged."""
        return self.outcomes.total()

    @property
    def is_clean(self) -> bool:
        """Whether there were trials and none was held against the storage."""
        return set(self.outcomes) == {Outcome.CLEAN}

    @property
    def damaged(self) -> int:
        """How many files were corrupt, unreadable, or held something that was never written."""
        return self.trials - self.outcomes[Outcome.CLEAN] - self.outcomes[Outcome.LOST]

    def add(self, verdict: Verdict, *, trial: int, circumstances: str, moment: str) -> None:
        """Count a verdict; `circumstances` say what was done to the file, `moment` what the writer was doing."""
        self.moments[moment] += 1
        self.outcomes[verdict.outcome] += 1
        self.worst_lost = max(self.worst_lost, verdict.lost)
        if verdict.outcome is not Outcome.CLEAN:
            self.faults.append(
                f"{self.reproduce.format(trial)}: {circumstances}: {verdict.outcome}: {verdict.text[:300]}"
            )

    def as_text(self) -> str:
        """Return the counts, and the first faults."""
        counts = ", ".join(f"{self.outcomes[outcome]} {outcome}" for outcome in Outcome if self.outcomes[outcome])
        lines = [f"{self.trials} {self.what}: {counts or 'none'}; at worst {self.worst_lost} acknowledged batches lost"]
        lines.append("  " + ", ".join(f"{count} {moment}" for moment, count in sorted(self.moments.items())))
        lines += [f"  {fault}" for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            lines.append(f"  ... and {len(self.faults) - _SHOWN} more")
        return "\n".join(lines)
