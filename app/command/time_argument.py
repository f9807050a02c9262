"""How instants and durations are written on the command line, of whatever command."""

from __future__ import annotations

import argparse
import re
from datetime import UTC
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.model.clock import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from app.exchange.time_text import Zone

_UNITS = {
    "ms": NS_PER_MS,
    "s": NS_PER_S,
    "min": 60 * NS_PER_S,
    "m": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
    "w": 604_800 * NS_PER_S,
}
_PART = re.compile(rf"(\d+(?:\.\d+)?)({'|'.join(_UNITS)})")
_EARLIEST, _LATEST = -(1 << 62), 1 << 62


def add_local_time(command: argparse.ArgumentParser) -> None:
    """Add the option by which times are those of this PC."""
    command.add_argument(
        "--local-time",
        action="store_true",
        help="times, also those of --from and --to, in the zone of this PC (default: UTC)",
    )


def zone_of(options: argparse.Namespace) -> Zone:
    """Return the zone that was asked for."""
    from app.exchange.time_text import LOCAL

    return LOCAL if options.local_time else UTC


def instant(text: str, zone: Zone = UTC) -> int:
    """Return the ns UTC of a time in ISO 8601, in `zone` where it names none; raise UsageFailure or ExchangeError."""
    from app.exchange import time_text

    found = time_text.instant(text, zone)
    if not _EARLIEST < found < _LATEST:
        raise UsageFailure(f"{text}: a history has no such time; it lies between the years 1824 and 2116")
    return found


def duration(text: str) -> int:
    """Return the ns of a duration such as "1h30m"; raise UsageFailure where it is none, or not longer than nothing."""
    compact = text.replace(" ", "")
    parts = _PART.findall(compact)
    found = sum(round(float(number) * _UNITS[unit]) for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != compact or not 0 < found < _LATEST:
        raise UsageFailure(f"{text}: is no duration; write it as 500ms, 30s, 15m, 1h30m, 8h, 7d or 2w")
    return found
