"""`foreshift browse URL`: list what a device offers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.number_argument import whole_number
from app.command.options import URL_HELP, Commands

if TYPE_CHECKING:
    from drivers.driver import BrowseEntry


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("browse", help="list what a device offers", description="List what a device offers.")
    command.add_argument("url", metavar="URL", help=URL_HELP)
    command.add_argument(
        "reference", metavar="ADDRESS", nargs="?", default="", help="where to begin (default: everything)"
    )
    command.add_argument("--depth", type=whole_number(1, 100), default=8, help="levels to descend (default 8)")
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the device's entries, one a line, indented by level."""
    run_drivers(_browse(options))
    return 0


async def _browse(options: argparse.Namespace) -> None:
    from app.command.device import opened
    from app.command.walk import walk

    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        async for level, entry in walk(driver, options.reference, depth=options.depth):
            print("  " * level + _line(entry), flush=True)


def _line(entry: BrowseEntry) -> str:
    parts = [entry.address, entry.name if entry.name != entry.address else "", entry.data_type, entry.unit]
    if entry.low == entry.low:  # not NaN
        parts.append(f"{entry.low:g}..{entry.high:g}")
    return "  ".join(part for part in [*parts, entry.description] if part)
