"""`foreshift renew PLANT`: let the running collector work by the plant file as it is now."""

from __future__ import annotations

import argparse

from app.command.failure import UsageFailure
from app.command.keeper import is_held
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.running_collector import RunningCollector
from app.command.user import asked_secret


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "renew",
        help="let the running collector take a changed plant file",
        description="Let the running collector work by plant.toml as it is now. Devices whose connection and tags are "
        "the same go on without a gap. A file that is not in order is told with its lines, and nothing changes.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument(
        "--user", metavar="NAME", default="", help="where the plant has users: which engineer; the PIN is asked for"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask the collector, and wait for its answer."""
    from app.pubsub.frame import CommandDone, TakeConfiguration

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    if not is_held(folder.lock):
        raise UsageFailure(f"{folder.path}: nothing collects this plant: the next collector reads the file by itself")
    secret = asked_secret(options.user) if options.user else ""
    with RunningCollector(folder) as collector:
        if options.user:
            collector.sign_in(options.user, secret)
        answer = collector.ask(
            TakeConfiguration(1), lambda event: event if isinstance(event, CommandDone) and event.request == 1 else None
        )
    if not answer.done:
        raise UsageFailure(f"{folder.path}: {answer.reason}")
    print(f"{folder.path}: taken, {len(plant.tags)} tags from {len(plant.connections)} connections")
    return 0
