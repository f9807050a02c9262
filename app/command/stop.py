"""`foreshift stop PLANT`: end the collector of a plant in good order."""

from __future__ import annotations

import argparse
import os
import signal

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "stop",
        help="end the collector of a plant",
        description="End the collector of a plant in good order: all that it has is stored first.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask the collector's keeper, or the collector itself, to end."""
    folder = plant_folder(options.plant)
    for name in ("keeper.pid", "collector.pid"):
        path = folder.run / name
        if not path.exists():
            continue
        try:
            os.kill(int(path.read_text(encoding="ascii")), signal.SIGTERM)
        except (ProcessLookupError, ValueError):
            continue
        print(f"{folder.path}: asked to end")
        return 0
    raise UsageFailure(f"{folder.path}: nothing collects this plant")
