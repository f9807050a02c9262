"""`foreshift write`: write one value, through a plant's collector with all its checks, or directly to a device."""

from __future__ import annotations

import argparse
import math
import secrets
import sys
from typing import TYPE_CHECKING

from app.acquisition.event_loop import run_drivers
from app.command.failure import UsageFailure
from app.command.options import URL_HELP, Commands
from app.command.plant_argument import plant_folder
from app.command.running_collector import RunningCollector
from app.command.user import asked_secret
from app.model.control import ControlRecord, ControlState

if TYPE_CHECKING:
    from app.plant.folder import PlantFolder
    from app.pubsub.frame import Event

EXIT_NOT_WRITTEN = 1
EXIT_UNKNOWN = 3

_USAGE = "give URL ADDRESS VALUE, or --plant PLANT TAG VALUE"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "write",
        help="write one value",
        description="Write one value. With --plant it goes through the running collector: its checks, its roles, its "
        f"audit trail. With a URL ({URL_HELP}) it goes straight to a device, without any check or record: for "
        "commissioning, with --yes. Either way it is sent once and read back. Exit code 0: read back as written; 1: "
        "not written; 3: not known.",
    )
    command.add_argument("--plant", metavar="PLANT", default="", help="a plant's folder, its plant.toml, or its name")
    command.add_argument("--user", metavar="NAME", default="", help="who writes; the PIN is asked for")
    command.add_argument("--yes", action="store_true", help="do not ask before it is sent")
    command.add_argument(
        "--text", action="store_true", help="VALUE is a text, for a device that does not hold one there yet"
    )
    command.add_argument("what", metavar="URL ADDRESS VALUE | TAG VALUE", nargs="+", help=_USAGE)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write."""
    if len(options.what) != (2 if options.plant else 3):
        raise UsageFailure(f"foreshift write: {_USAGE}")
    from app.command.direct_write import number_of, write_to_device

    place, text = options.what[:-1], options.what[-1]
    if options.plant and options.text:
        raise UsageFailure("--text: a plant's write rules are for numbers; texts go to a device by its URL")
    if options.plant:
        return _write_to_plant(options, place[0], float(number_of(text)))
    if not options.yes:
        raise UsageFailure("a write past all checks of a plant needs --yes; with --plant it is checked and asked for")
    return run_drivers(write_to_device(place[0], place[1], text, is_text=options.text))


def _write_to_plant(options: argparse.Namespace, tag: str, value: float) -> int:
    if not options.user:
        raise UsageFailure("say who writes: --user NAME")
    folder = plant_folder(options.plant)
    secret = asked_secret(options.user)
    with _Collector(folder) as collector:
        collector.sign_in(options.user, secret)
        record = collector.select(tag, value)
        if record.state is ControlState.CHECKED:
            print(f"{tag}  {record.old!r} -> {value!r}", flush=True)
            if not options.yes and not _confirmed():
                print("foreshift: not written", file=sys.stderr)
                return EXIT_NOT_WRITTEN
            record = collector.execute(value)
    read = "" if math.isnan(record.read) else f", read back {record.read!r}"
    if record.state is ControlState.DONE:
        print(f"{tag}  done{read}{f' ({record.reason})' if record.reason else ''}")
        return 0
    print(f"foreshift: {tag}: {record.state}{read}: {record.reason or ''}", file=sys.stderr)
    return EXIT_UNKNOWN if record.state is ControlState.UNKNOWN else EXIT_NOT_WRITTEN


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise UsageFailure("nobody can be asked here: give --yes")
    return input("write it? [y/N] ").strip().lower() in {"y", "yes"}


class _Collector(RunningCollector):
    """The running collector of a plant, as a window that writes sees it; its selection ends with the block."""

    def __init__(self, folder: PlantFolder) -> None:
        super().__init__(folder)
        self._operation = secrets.token_hex(8)

    def select(self, tag: str, value: float) -> ControlRecord:
        """Select a tag for a value, and return what the checks say."""
        from app.pubsub.frame import Select

        return self.ask(Select(self._operation, tag, value), self._own)

    def execute(self, value: float) -> ControlRecord:
        """Carry out what was checked, and return its end."""
        from app.pubsub.frame import Execute

        return self.ask(
            Execute(self._operation, value),
            lambda event: record if (record := self._own(event)) and record.state.is_final else None,
        )

    def _own(self, event: Event) -> ControlRecord | None:
        from app.pubsub.frame import ControlChanged

        is_own = isinstance(event, ControlChanged) and event.record.operation == self._operation
        return event.record if is_own and isinstance(event, ControlChanged) else None
