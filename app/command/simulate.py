"""`foreshift simulate`: only the servers of the demo plant, for other clients or for a collector elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.command.number_argument import number
from app.command.options import Commands, add_ports


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "simulate",
        help="serve the demo plant",
        description="Serve the simulated plant over Modbus TCP and OPC UA on this PC, until Ctrl+C.",
    )
    add_plant_options(command)
    add_ports(command)
    command.add_argument("--truth", metavar="FILE", default="", help="write what really happened (faults, trips) there")
    command.add_argument("--silent", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--ends-with-parent", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def add_plant_options(command: argparse.ArgumentParser) -> None:
    """Add how the simulated plant shall behave."""
    command.add_argument(
        "--time-factor", type=number(1, 600), default=60.0, metavar="N", help="plant time runs N times faster (1-600)"
    )
    command.add_argument("--seed", type=int, default=1, help="of all that is random in the plant (default 1)")
    command.add_argument(
        "--faults",
        default="default",
        metavar="SCRIPT",
        help='"default", "healthy", "all", or faults at plant hours such as "3@0.5h,undo3@4h"',
    )


def run(options: argparse.Namespace) -> int:
    """Serve until a signal."""
    from app.simulator import run_simulator

    run_simulator(
        modbus_port=options.modbus_port,
        opcua_port=options.opcua_port,
        time_factor=options.time_factor,
        seed=options.seed,
        script=options.faults,
        truth_path=Path(options.truth) if options.truth else None,
        ends_with_parent=options.ends_with_parent,
        is_silent=options.silent,
    )
    return 0
