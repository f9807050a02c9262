"""`foreshift check PLANT`: say what is wrong in a plant file, line by line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.command.options import Commands
from app.plant.catalogue import folder_of
from app.supervisor import EXIT_UNUSABLE


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "check",
        help="validate a plant file",
        description="Validate a plant file; every problem is told with its line and remedy. Exit code 0: usable.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, or its plant.toml")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the plant file."""
    from app.acquisition.registry import driver_names
    from app.plant.file import examine_plant

    path = folder_of(Path(options.plant)).configuration if Path(options.plant).is_dir() else Path(options.plant)
    found = examine_plant(path, drivers=driver_names())
    for problem in found.problems:
        print(problem.at(str(path)), file=sys.stderr)
    plant = found.plant
    if plant is None:
        return EXIT_UNUSABLE
    print(
        f"{path}: usable. {len(plant.equipment)} equipment, {len(plant.connections)} connections, "
        f"{len(plant.tags)} tags, {len(plant.alarms)} alarms, {len(plant.forecasts)} forecasts"
    )
    return 0
