"""Why something is not done to a case."""

from __future__ import annotations

from datetime import UTC, datetime

from app.model.case import CaseRefusal, CaseRefusalCode
from app.model.clock import NS_PER_S

LONGEST_REASON = 2_000


class CaseRefused(Exception):
    """What somebody does to a case is refused; the message says why and what would be accepted."""

    def __init__(self, code: CaseRefusalCode, text: str, *, by: str = "", at: int = 0, subject: str = "") -> None:
        """Hold the refusal."""
        super().__init__(text)
        self.refusal = CaseRefusal(code, text, by, at, subject)


def already(code: CaseRefusalCode, what: str, by: str, at: int) -> CaseRefused:
    """Return the refusal of what somebody else did at `at` (ns UTC)."""
    when = datetime.fromtimestamp(at // NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return CaseRefused(code, f"{what} by {by} at {when}", by=by, at=at)
