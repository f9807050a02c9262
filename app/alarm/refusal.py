"""Why something is not done to an alarm, in words."""

from __future__ import annotations

from datetime import UTC, datetime

from app.model.alarm_command import AlarmRefusal, RefusalCode
from app.model.clock import NS_PER_S


class AlarmError(Exception):
    """An alarm's definition cannot be watched, or what somebody does to it is refused; the message says why."""


class AlarmRefused(AlarmError):
    """What somebody does to an alarm is refused."""

    def __init__(self, reason: AlarmRefusal) -> None:
        """Hold the refusal."""
        super().__init__(reason.text)
        self.refusal = reason


def refusal(alarm: str, code: RefusalCode, text: str, *, limit: int = 0) -> AlarmRefusal:
    """Return a refusal; `text`: what stands behind the alarm's name."""
    return AlarmRefusal(alarm, code, f"{alarm}: {text}" if alarm else text, limit=limit)


def already(alarm: str, text: str, by: str, at: int) -> AlarmRefusal:
    """Return the refusal of what somebody else did at `at` (ns UTC); no name means that it came by itself."""
    when = datetime.fromtimestamp(at // NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    who = f" by {by}" if by else ""
    return AlarmRefusal(alarm, RefusalCode.ALREADY, f"{alarm}: {text}{who} at {when}", by, at)


def late(alarm: str, longest: int) -> AlarmRefusal:
    """Return the refusal of a time that is longer than `longest` (ns)."""
    minutes = longest / (60 * NS_PER_S)
    text = f"hidden for {minutes:g} minutes at the most: choose an earlier end"
    return refusal(alarm, RefusalCode.TOO_LONG, text, limit=longest)
