"""`foreshift call`: call a method once, through a plant's collector with all its checks, or directly in a device."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.failure import UsageFailure
from app.command.options import URL_HELP, Commands
from app.command.plant_argument import plant_folder
from app.command.user import asked_secret
from app.command.write import typed
from app.model import status
from app.model.content import Content, content_text
from app.model.control import ControlRecord, ControlState

if TYPE_CHECKING:
    from app.model.method import MethodDefinition

EXIT_NOT_DONE = 1
EXIT_UNKNOWN = 3

_USAGE = "give PLANT METHOD ARGUMENT..., or URL OBJECT METHOD ARGUMENT..."


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "call",
        help="call a method of a device",
        description="Call a method once. PLANT METHOD goes through the running collector: its checks, its roles, its "
        f"audit trail; --user says who calls, and the PIN is asked for. URL OBJECT METHOD ({URL_HELP}) goes straight "
        "to a device, without any check or record: for commissioning. Either way it is sent once. Exit code 0: the "
        "device says that it was done; 1: not done; 3: not known, look before you call it again.",
    )
    command.add_argument(
        "what",
        metavar="PLANT METHOD | URL OBJECT METHOD",
        nargs="+",
        help="a method of the plant file, or the address of an object and the address or name of its method, as "
        "`foreshift browse` shows them; then its arguments, of a device an array as 1,2,3",
    )
    command.add_argument("--yes", action="store_true", help="do not ask before it is sent")
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Call, and print what the method answers, one value a line."""
    is_direct = "://" in options.what[0]
    if len(options.what) < (3 if is_direct else 2):
        raise UsageFailure(f"foreshift call: {_USAGE}")
    if not is_direct:
        return _call_in_plant(options)
    if not options.yes and not _is_confirmed(options):
        print("foreshift: nothing was sent", file=sys.stderr)
        return EXIT_NOT_DONE
    return run_drivers(_call(options))


def _call_in_plant(options: argparse.Namespace) -> int:
    from app.command.commander import Commander, is_confirmed
    from app.pubsub.frame import Call, SelectMethod

    plant, name, *texts = options.what
    if not options.user:
        raise UsageFailure("say who calls: --user NAME")
    method = _method(plant, name)
    given = _arguments(method, texts)
    secret = asked_secret(options.user)
    with Commander(plant_folder(plant)) as commander:
        commander.sign_in(options.user, secret)
        record = commander.select(SelectMethod(commander.operation, name, given))
        if record.state is ControlState.CHECKED:
            shown = zip((argument.name for argument in method.arguments), record.arguments, strict=True)
            print(f"{name}({', '.join(f'{key} = {content_text(value)}' for key, value in shown)})", flush=True)
            if not options.yes and not is_confirmed("call it?"):
                print("foreshift: not called", file=sys.stderr)
                return EXIT_NOT_DONE
            record = commander.execute(Call(commander.operation, record.arguments))
    return _told(record, method)


def _told(record: ControlRecord, method: MethodDefinition) -> int:
    titles = [output.title.en for output in method.outputs]
    for place, value in enumerate(record.outputs):
        print(f"{titles[place]} = {value}" if place < len(titles) else value)
    if record.state is ControlState.DONE:
        print(f"{method.name}  done  {status.name(record.code)}")
        return 0
    print(f"foreshift: {method.name}: {record.state}: {record.reason or ''}", file=sys.stderr)
    return EXIT_UNKNOWN if record.state is ControlState.UNKNOWN else EXIT_NOT_DONE


def _method(plant: str, name: str) -> MethodDefinition:
    from app.plant.file import read_plant

    methods = {method.name: method for method in read_plant(plant_folder(plant).configuration).methods}
    if name not in methods:
        known = ", ".join(sorted(methods)) or "none: declare one with [[method]] in its plant.toml"
        raise UsageFailure(f"{name}: the plant has no such method; it has {known}")
    return methods[name]


def _arguments(method: MethodDefinition, texts: list[str]) -> tuple[Content, ...]:
    wanted = method.arguments
    if len(texts) != len(wanted):
        names = ", ".join(argument.name for argument in wanted) or "none"
        raise UsageFailure(f"{method.name}: {len(texts)} arguments given, {len(wanted)} wanted: {names}")
    return tuple(typed(text, each.data_type, each.states) for text, each in zip(texts, wanted, strict=True))


def _is_confirmed(options: argparse.Namespace) -> bool:
    if not sys.stdin.isatty():
        print("foreshift: nobody to ask here: give --yes", file=sys.stderr)
        return False
    _, owner, method, *arguments = options.what
    return input(f"Call {method}({', '.join(arguments)}) of {owner}? [y/N] ").strip().lower() in {"y", "yes"}


async def _call(options: argparse.Namespace) -> int:
    from app.command.device import opened
    from drivers.method_caller import caller_of

    url, owner, method, *arguments = options.what
    async with opened(url, options_of(options), folder=options.folder) as driver:
        result = await caller_of(driver, url).call(owner, method, arguments)
    for output in result.outputs:
        print(output)
    if result.is_done:
        return 0
    print(f"foreshift: {result.reason}", file=sys.stderr)
    return EXIT_UNKNOWN if not result.is_answered else EXIT_NOT_DONE
