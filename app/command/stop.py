"""`foreshift stop PLANT`: end the collector of a plant in good order."""

from __future__ import annotations

import argparse
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from app.command.failure import UsageFailure
from app.command.keeper import is_held, keeper_lock, keeper_pid
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model import clock

LONGEST_S = 30.0
LOOK_S = 0.05


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "stop",
        help="end the collector of a plant",
        description="End the collector of a plant in good order, and return once all that it had is stored. "
        "A window that is open on the plant starts another one: close it first.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask the keeper of the collector, or the collector that has none, to end, and wait for it."""
    folder = plant_folder(options.plant)
    owners = {keeper_lock(folder): keeper_pid(folder), folder.lock: folder.run / "collector.pid"}
    held = [lock for lock in owners if is_held(lock)]
    if not held:
        raise UsageFailure(f"{folder.path}: nothing collects this plant")
    owner = _pid(owners[held[0]])
    with suppress(ProcessLookupError):  # it has ended just now
        os.kill(owner, signal.SIGTERM)
    deadline = clock.monotonic_ns() + int(LONGEST_S * clock.NS_PER_S)
    while any(is_held(lock) for lock in owners):
        if clock.monotonic_ns() > deadline:
            raise UsageFailure(f"{folder.path}: process {owner} was asked to end and has not within {LONGEST_S:g} s")
        time.sleep(LOOK_S)
    print(f"{folder.path}: no longer collected; all that was there is stored")
    return 0


def _pid(file: Path) -> int:
    text = file.read_text(encoding="ascii") if file.exists() else ""
    if not text.isdigit():
        raise UsageFailure(f"{file}: names no process yet: a collector is just being started; try again")
    return int(text)
