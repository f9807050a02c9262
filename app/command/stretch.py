"""Which stretch of the history a command means, as it is written on the command line."""

from __future__ import annotations

import argparse
import re
from datetime import UTC
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.model.clock import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from app.exchange.time_text import Zone

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w)")
_UNITS = {
    "ms": NS_PER_MS,
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "min": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
    "w": 604_800 * NS_PER_S,
}


def add_stretch(command: argparse.ArgumentParser) -> None:
    """Add the options that name a stretch."""
    command.add_argument(
        "--from",
        dest="start",
        metavar="T",
        default="",
        help="begin at T, such as 2026-03-09T15:56 (default: the first)",
    )
    command.add_argument("--to", dest="end", metavar="T", default="", help="end before T (default: after the last)")
    command.add_argument("--last", metavar="D", default="", help="only the last D of what is stored: 90s, 15m, 8h, 7d")
    command.add_argument(
        "--local-time",
        action="store_true",
        help="times, also those of --from and --to, in the zone of this PC (default: UTC)",
    )


def zone_of(options: argparse.Namespace) -> Zone:
    """Return the zone that was asked for."""
    from app.exchange.time_text import LOCAL

    return LOCAL if options.local_time else UTC


def stretch_of(options: argparse.Namespace, extent: tuple[int, int]) -> tuple[int, int]:
    """Return start <= t < end (ns UTC) within what is stored from `extent[0]` to `extent[1]`; raise UsageFailure."""
    from app.exchange.time_text import instant

    first, last = extent
    if options.last and options.start:
        raise UsageFailure("--last and --from both say where to begin: give one of them")
    zone = zone_of(options)
    end = instant(options.end, zone) if options.end else last + 1
    start = first
    if options.start:
        start = instant(options.start, zone)
    elif options.last:
        start = end - duration(options.last)
    if start >= end:
        raise UsageFailure("--from must be earlier than --to")
    return max(start, first), min(end, last + 1)


def duration(text: str) -> int:
    """Return the ns of "500ms", "30s", "15m", "8h", "7d" or "2w"; raise UsageFailure for anything else."""
    match = _DURATION.fullmatch(text.strip())
    found = round(float(match.group(1)) * _UNITS[match.group(2)]) if match else 0
    if found < 1:
        raise UsageFailure(f"{text}: is no duration; write it as 500ms, 30s, 15m, 8h, 7d or 2w")
    return found
