"""Which stretch of the history a command means, as it is written on the command line."""

from __future__ import annotations

import argparse

from app.command.failure import UsageFailure
from app.command.time_argument import add_local_time, duration, instant, zone_of


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
    add_local_time(command)


def stretch_of(options: argparse.Namespace, extent: tuple[int, int]) -> tuple[int, int]:
    """Return start <= t < end (ns UTC) within what is stored from `extent[0]` to `extent[1]`; raise UsageFailure."""
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
