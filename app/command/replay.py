"""`foreshift replay FILE.csv`: serve a recording as if its machine stood there."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.command.options import Commands, add_ports


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "replay",
        help="serve a recorded CSV as a live machine",
        description="Serve the columns of a recorded CSV over Modbus TCP and OPC UA on this PC as if its machine "
        "ran now, and write a plant file for it, until Ctrl+C. `foreshift open PLANT` with the folder that its line of "
        "JSON names shows it.",
    )
    command.add_argument("file", metavar="FILE.csv", help="a recording; its time column and delimiter are found")
    command.add_argument(
        "--speed", type=float, default=1.0, metavar="N", help="N times faster than recorded (default 1)"
    )
    command.add_argument(
        "--leave-out", default=None, metavar="COLUMNS", help="columns that are not served, comma separated"
    )
    command.add_argument(
        "--through", choices=("both", "opcua", "modbus"), default="both", help="which server the plant file reads"
    )
    command.add_argument(
        "--folder", default="", metavar="FOLDER", help="where to write the plant (default: among the known plants)"
    )
    command.add_argument(
        "--keep-history", action="store_true", help="go on with the history of the last replay of this file"
    )
    command.add_argument("--ends-with-parent", action="store_true", help=argparse.SUPPRESS)
    add_ports(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until a signal."""
    from app.collector.anew import begin_anew
    from app.replay import run_replay

    return run_replay(
        Path(options.file),
        speed=options.speed,
        leave_out=options.leave_out,
        through=options.through,
        folder=Path(options.folder) if options.folder else None,
        on_own_folder=None if options.keep_history else begin_anew,
        modbus_port=options.modbus_port,
        opcua_port=options.opcua_port,
        ends_with_parent=options.ends_with_parent,
    )
