"""How instants and durations are written on the command line."""

from __future__ import annotations

import re
from datetime import datetime

from app.command.failure import UsageFailure
from app.model.clock import NS_PER_MS, NS_PER_S, from_datetime

_UNITS = {"ms": NS_PER_MS, "s": NS_PER_S, "m": 60 * NS_PER_S, "h": 3600 * NS_PER_S, "d": 86_400 * NS_PER_S}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_EARLIEST, _LATEST = -(1 << 62), 1 << 62


def instant(text: str) -> int:
    """Return the ns UTC of a time in ISO 8601, local where it has no zone; raise UsageFailure where it is none."""
    try:
        moment = datetime.fromisoformat(text)
        found = from_datetime(moment if moment.tzinfo else moment.astimezone())
    except (ValueError, OverflowError) as error:
        raise UsageFailure(
            f"{text}: no time; write it as 2026-11-24T08:00 (local), 2026-11-24T00:00Z or 2026-11-24T08:00:00+08:00"
        ) from error
    if not _EARLIEST < found < _LATEST:
        raise UsageFailure(f"{text}: a history has no such time; it lies between the years 1824 and 2116")
    return found


def duration(text: str) -> int:
    """Return the ns of a duration such as "1h30m"; raise UsageFailure where it is none, or not longer than nothing."""
    compact = text.replace(" ", "")
    parts = _PART.findall(compact)
    found = sum(round(float(number) * _UNITS[unit]) for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != compact or not 0 < found < _LATEST:
        raise UsageFailure(f"{text}: no duration; write it as 500ms, 10s, 1m, 1h30m, 8h or 1d")
    return found
