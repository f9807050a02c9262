"""`foreshift write`: write one value, through a plant's collector with all its checks, or directly to a device."""

from __future__ import annotations

import argparse
import sys

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.failure import UsageFailure
from app.command.options import URL_HELP, Commands
from app.command.plant_argument import plant_folder
from app.command.user import asked_secret
from app.model.content import Content, StateNames, content_from, is_nothing
from app.model.control import ControlState
from app.model.exact import DataType

EXIT_NOT_WRITTEN = 1
EXIT_UNKNOWN = 3

_USAGE = "give URL ADDRESS VALUE, or --plant PLANT TAG VALUE"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "write",
        help="write one value",
        description="Write one value. With --plant it goes through the running collector: its checks, its roles, its "
        "audit trail; --user says who writes, and the PIN is asked for. "
        f"With a URL ({URL_HELP}) it goes straight to a device, without any check or record: for "
        "commissioning, with --yes. Either way it is sent once and read back; a state of a plant may be given by its "
        "name. Exit code 0: read back as written; 1: not written; 3: not known.",
    )
    command.add_argument("--plant", metavar="PLANT", default="", help="a plant's folder, its plant.toml, or its name")
    command.add_argument("--yes", action="store_true", help="do not ask before it is sent")
    command.add_argument(
        "--text", action="store_true", help="with a URL: VALUE is a text, where the device does not hold one yet"
    )
    command.add_argument("what", metavar="URL ADDRESS VALUE | TAG VALUE", nargs="+", help=_USAGE)
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write one value, through the collector of a plant or straight to a device; return the exit code."""
    if len(options.what) != (2 if options.plant else 3):
        raise UsageFailure(f"foreshift write: {_USAGE}")
    place, text = options.what[:-1], options.what[-1]
    if options.plant:
        return _write_to_plant(options, place[0], text)
    if not options.yes:
        raise UsageFailure("a write past all checks of a plant needs --yes; with --plant it is checked and asked for")
    from app.command.direct_write import write_to_device

    reached = options_of(options)
    return run_drivers(
        write_to_device(place[0], place[1], text, is_text=options.text, options=reached, folder=options.folder)
    )


def _write_to_plant(options: argparse.Namespace, name: str, text: str) -> int:
    from app.command.commander import Commander, is_confirmed
    from app.plant.file import read_plant
    from app.pubsub.frame import Execute, Select

    if not options.user:
        raise UsageFailure("say who writes: --user NAME")
    folder = plant_folder(options.plant)
    tag = next((tag for tag in read_plant(folder.configuration).tags if tag.name == name), None)
    if tag is None:
        raise UsageFailure(f"{name}: the plant has no such tag; `foreshift read {options.plant}` lists them")
    value = typed(text, tag.data_type, tag.states)
    secret = asked_secret(options.user)
    with Commander(folder) as commander:
        commander.sign_in(options.user, secret)
        record = commander.select(Select(commander.operation, name, value))
        if record.state is ControlState.CHECKED:
            print(f"{name}  {record.old!r} -> {record.new!r}", flush=True)
            if not options.yes and not is_confirmed("write it?"):
                print("foreshift: not written", file=sys.stderr)
                return EXIT_NOT_WRITTEN
            record = commander.execute(Execute(commander.operation, record.new))
    read = "" if is_nothing(record.read) else f", read back {record.read!r}"
    if record.state is ControlState.DONE:
        print(f"{name}  done{read}{f' ({record.reason})' if record.reason else ''}")
        return 0
    print(f"foreshift: {name}: {record.state}{read}: {record.reason or ''}", file=sys.stderr)
    return EXIT_UNKNOWN if record.state is ControlState.UNKNOWN else EXIT_NOT_WRITTEN


def typed(text: str, data_type: DataType, states: StateNames) -> Content:
    """Return what was given on the command line, in the type of a tag or argument; raise UsageFailure."""
    try:
        return content_from(text, data_type, states)
    except ValueError as error:
        raise UsageFailure(str(error)) from error
