"""`foreshift read URL ADDRESS...`: read values once, or what the device has kept of them."""

from __future__ import annotations

import argparse
import sys
from contextlib import aclosing

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.failure import UsageFailure
from app.command.options import URL_HELP, Commands
from app.command.stretch import add_stretch, stretch_of
from app.model import clock, status


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "read",
        help="read values once, or their history in the device",
        description="Read values once; with --from or --last, what the device itself has kept of them. Exit code 1 "
        "when one of the values is bad, or the device keeps no history of one.",
    )
    command.add_argument("url", metavar="URL", help=URL_HELP)
    command.add_argument("addresses", metavar="ADDRESS", nargs="+", help='such as HR100:F32, or "ns=2;s=AC01.T_D"')
    add_stretch(command)
    command.add_argument(
        "--limit", metavar="N", type=int, default=0, help="of the history, the first N samples of each address at most"
    )
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line per address."""
    if options.start or options.end or options.last:
        return run_drivers(_read_history(options))
    return run_drivers(_read(options))


async def _read_history(options: argparse.Namespace) -> int:
    from app.command.device import opened, print_block, specs_of
    from drivers.historian import historian_of

    if not options.start and not options.last:
        raise UsageFailure("--to alone does not say where to begin: give --from or --last too")
    if options.limit < 0:
        raise UsageFailure(f"--limit {options.limit}: give a number of samples, 0 for all")
    start, end = stretch_of(options, (0, clock.now_ns()))
    addresses: list[str] = options.addresses
    is_whole = True
    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        historian = historian_of(driver, options.url)
        async with aclosing(historian.history(specs_of(addresses), start, end, limit=options.limit)) as pages:
            async for page in pages:
                print_block(page.block, addresses)
                is_whole &= bool(status.usable_mask(page.block.status).all())
                for end_of_tag in page.ends:
                    is_whole &= end_of_tag.status < status.BAD
                    if end_of_tag.reason:
                        print(f"foreshift: {end_of_tag.reason}", file=sys.stderr)
                    elif end_of_tag.status == status.GOOD_MORE_DATA:
                        print(
                            f"foreshift: {addresses[end_of_tag.handle]}: there is more: raise --limit", file=sys.stderr
                        )
    return 0 if is_whole else 1


async def _read(options: argparse.Namespace) -> int:
    from app.command.bad_value import remedies
    from app.command.device import opened, print_block, specs_of
    from drivers.driver import BadAddress

    addresses: list[str] = options.addresses
    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        block = await driver.read(specs_of(addresses))
    print_block(block, addresses)
    for line in remedies(block, addresses, options.url):
        print(f"foreshift: {line}", file=sys.stderr)
    for address in addresses:
        try:
            driver.check_address(address)
        except BadAddress as reason:
            print(f"foreshift: {reason}", file=sys.stderr)
    return 0 if status.usable_mask(block.status).all() else 1
