"""`foreshift collect PLANT`: collect without a window, and keep collecting."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from app.command.failure import UsageFailure
from app.command.log_output import log_to_file
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.ending import StopRequest, wait_for_parent
from app.supervisor import ChildSpec, Supervisor


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


def worker_of(plant: str, *, ends_with_parent: bool) -> ChildSpec:
    """Return the child process that collects `plant`."""
    arguments = ("collect", plant, "--worker", *(("--ends-with-parent",) if ends_with_parent else ()))
    return ChildSpec("collector", arguments)


def run(options: argparse.Namespace) -> int:
    """Collect, as the worker itself or as the keeper of one."""
    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    if options.worker:
        if not os.access(folder.path, os.W_OK):
            raise UsageFailure(
                f"{folder.path}: this folder is read-only for you; collecting must write its history there"
            )
        from app.collector.process import run_collector

        log_to_file(folder.path / "log" / "collector.log")
        run_collector(folder, plant, ends_with_parent=options.ends_with_parent)
        return 0
    print(f"collecting {plant.name.en}: {len(plant.tags)} tags from {len(plant.connections)} connections; Ctrl+C ends")
    sys.stdout.flush()
    return keep([worker_of(str(folder.path), ends_with_parent=False)], folder.run / "keeper.pid")


def keep(children: list[ChildSpec], pid_file: Path, *, ends_with_parent: bool = False) -> int:
    """Keep `children` alive until one ends all, or until a signal; `pid_file` names the keeper to `foreshift stop`."""
    stopping = StopRequest()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: stopping.ask())
    if ends_with_parent:
        threading.Thread(target=wait_for_parent, args=(stopping.ask,), name="parent-watch", daemon=True).start()
    pid_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    try:
        return Supervisor(children, wait=stopping.wait).run()
    finally:
        pid_file.unlink(missing_ok=True)
