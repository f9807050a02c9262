"""`foreshift collect PLANT`: collect without a window, and keep collecting."""

from __future__ import annotations

import argparse
import os

from app.command.failure import UsageFailure
from app.command.keeper import as_keeper, keep, worker_of
from app.command.log_output import faults_to_file, log_to_file
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "collect",
        help="collect a plant without a window",
        description="Collect a plant without a window until Ctrl+C or `foreshift stop`. "
        "A collector that dies is started again.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--ends-with-parent", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Collect, as the worker itself or as the keeper of one."""
    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    if not os.access(folder.path, os.W_OK):
        raise UsageFailure(f"{folder.path}: this folder is read-only for you; collecting must write its history there")
    if options.worker:
        from app.collector.process import run_collector

        log_to_file(folder.path / "log" / "collector.log")
        faults_to_file(folder.path / "log" / "fault.log")
        run_collector(folder, plant, ends_with_parent=options.ends_with_parent)
        return 0
    with as_keeper(folder) as stopping:
        counts = f"{len(plant.tags)} tags from {len(plant.connections)} connections"
        print(f"collecting {plant.name.en}: {counts}; Ctrl+C ends", flush=True)
        return keep([worker_of(str(folder.path), ends_with_parent=False)], stopping)
