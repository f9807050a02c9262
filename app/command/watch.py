"""`foreshift watch URL ADDRESS...`: print values as they change."""

from __future__ import annotations

import argparse
import asyncio
import sys

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.number_argument import number, whole_number
from app.command.options import URL_HELP, Commands
from app.model import status


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "watch",
        help="print values as they come",
        description="Print values as they come, until Ctrl+C. Exit code 1 where the device refused an address.",
    )
    command.add_argument("url", metavar="URL", help=URL_HELP)
    command.add_argument("addresses", metavar="ADDRESS", nargs="+", help='such as HR100:F32, or "ns=2;s=AC01.T_D"')
    command.add_argument(
        "--scan-ms", type=whole_number(10, 3_600_000), default=500, metavar="MS", help="how often to look (default 500)"
    )
    command.add_argument("--seconds", type=number(0), default=0.0, help="end after so many seconds")
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line per sample."""
    return run_drivers(_watch(options))


async def _watch(options: argparse.Namespace) -> int:
    from app.command.bad_value import remedies
    from app.command.device import opened, print_block, specs_of

    addresses: list[str] = options.addresses
    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        results = await driver.subscribe(specs_of(addresses, scan_ms=options.scan_ms))
        refused = [result for result in results if result.status >= status.BAD]
        for result in refused:
            address = addresses[result.handle]
            reason = result.reason if address in result.reason else f"{address}: {result.reason}"
            print(f"foreshift: {reason}", file=sys.stderr)
        if len(refused) == len(addresses):
            return 1
        batches, told = driver.batches(), set[str]()
        try:
            async with asyncio.timeout(options.seconds or None):
                while True:
                    block = await batches.get()
                    print_block(block, addresses)
                    for line in remedies(block, addresses, options.url):
                        if line not in told:
                            print(f"foreshift: {line}", file=sys.stderr)
                            told.add(line)
        except TimeoutError:
            return 1 if refused else 0
