"""Why something is not done to a case."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from app.model.clock import NS_PER_S

LONGEST_REASON = 2_000


class CaseRefusalCode(StrEnum):
    """The kinds of refusals."""

    NO_CASE = "no_case"
    NO_CHANGE = "no_change"
    NO_NAME = "no_name"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    NO_VERDICT = "no_verdict"
    NO_CAUSE = "no_cause"
    ALREADY = "already"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"


class CaseRefused(Exception):
    """What somebody does to a case is refused; the message says why and what would be accepted."""

    def __init__(self, code: CaseRefusalCode, text: str) -> None:
        """Hold the refusal."""
        super().__init__(text)
        self.code = code


def already(what: str, by: str, at: int) -> CaseRefused:
    """Return the refusal of what somebody else did at `at` (ns UTC)."""
    when = datetime.fromtimestamp(at // NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return CaseRefused(CaseRefusalCode.ALREADY, f"{what} by {by} at {when}")
