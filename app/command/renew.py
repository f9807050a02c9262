"""`foreshift renew PLANT`: let the running collector work by the plant file as it is now."""

from __future__ import annotations

import argparse
import threading

from app.command.failure import UsageFailure
from app.command.keeper import is_held
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in

ANSWER_S = 30.0


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "renew",
        help="let the running collector take a changed plant file",
        description="Let the running collector work by plant.toml as it is now. Devices whose connection and tags are "
        "the same go on without a gap. A file that is not in order is told with its lines, and nothing changes. Where "
        "the plant has users, an engineer does the same in the window (Ctrl+K).",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask the collector, and wait for its answer."""
    from app.pubsub.channel import EventClient, address_of, read_token
    from app.pubsub.frame import CommandDone, TakeConfiguration

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    if not is_held(folder.lock):
        raise UsageFailure(f"{folder.path}: nothing collects this plant: the next collector reads the file by itself")
    heard = threading.Event()
    client = EventClient.connect(address_of(folder.path), read_token(folder.token), on_event=heard.set)
    try:
        client.send(TakeConfiguration(1))
        answer: CommandDone | None = None
        while answer is None:
            if not heard.wait(ANSWER_S):
                raise UsageFailure(f"{folder.path}: the collector has not answered within {ANSWER_S:g} s")
            heard.clear()
            answer = next((event for event in client.poll() if isinstance(event, CommandDone)), None)
    finally:
        client.close()
    if not answer.done:
        raise UsageFailure(f"{folder.path}: {answer.reason}")
    print(f"{folder.path}: taken, {len(plant.tags)} tags from {len(plant.connections)} connections")
    return 0
