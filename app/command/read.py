"""`foreshift read URL ADDRESS...`: read values once."""

from __future__ import annotations

import argparse
import sys

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.options import URL_HELP, Commands
from app.model import status


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "read",
        help="read values once",
        description="Read values once. Exit code 1 when one of them is bad.",
    )
    command.add_argument("url", metavar="URL", help=URL_HELP)
    command.add_argument("addresses", metavar="ADDRESS", nargs="+", help='such as HR100:F32, or "ns=2;s=AC01.T_D"')
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line per address."""
    return run_drivers(_read(options))


async def _read(options: argparse.Namespace) -> int:
    from app.command.device import opened, print_block, specs_of
    from drivers.driver import BadAddress

    addresses: list[str] = options.addresses
    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        block = await driver.read(specs_of(addresses))
    print_block(block, addresses)
    for address in addresses:
        try:
            driver.check_address(address)
        except BadAddress as reason:
            print(f"foreshift: {reason}", file=sys.stderr)
    return 0 if status.usable_mask(block.status).all() else 1
