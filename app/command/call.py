"""`foreshift call URL OBJECT METHOD ARGUMENT...`: call a method of a device once."""

from __future__ import annotations

import argparse
import sys

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.options import URL_HELP, Commands

EXIT_NOT_DONE = 1
EXIT_UNKNOWN = 3


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "call",
        help="call a method of a device",
        description="Call a method of a device once, without any check or record: for commissioning, with --yes. "
        "Exit code 0: the device says that it was done; 1: not done; 3: not known, look before you call it again.",
    )
    command.add_argument("url", metavar="URL", help=URL_HELP)
    command.add_argument("owner", metavar="OBJECT", help='address of the object, such as "ns=2;s=Pump"')
    command.add_argument("method", metavar="METHOD", help="address or name of its method, as `foreshift browse` shows")
    command.add_argument(
        "arguments", metavar="ARGUMENT", nargs="*", help="in the types that the method wants; an array as 1,2,3"
    )
    command.add_argument("--yes", action="store_true", help="do not ask before it is sent")
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Call, and print what the method answers, one value a line."""
    if not options.yes and not _is_confirmed(options):
        print("foreshift: nothing was sent", file=sys.stderr)
        return EXIT_NOT_DONE
    return run_drivers(_call(options))


def _is_confirmed(options: argparse.Namespace) -> bool:
    if not sys.stdin.isatty():
        print("foreshift: nobody to ask here: give --yes", file=sys.stderr)
        return False
    text = ", ".join(options.arguments)
    return input(f"Call {options.method}({text}) of {options.owner}? [y/N] ").strip().lower() in {"y", "yes"}


async def _call(options: argparse.Namespace) -> int:
    from app.command.device import opened
    from drivers.method_caller import caller_of

    async with opened(options.url, options_of(options), folder=options.folder) as driver:
        result = await caller_of(driver, options.url).call(options.owner, options.method, options.arguments)
    for output in result.outputs:
        print(output)
    if result.is_done:
        return 0
    print(f"foreshift: {result.reason}", file=sys.stderr)
    return EXIT_UNKNOWN if not result.is_answered else EXIT_NOT_DONE
