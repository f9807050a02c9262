"""`foreshift alarms ...`: how the alarm system of a plant performs."""

from __future__ import annotations

from app.command import alarms_report, alarms_sheets, alarms_simulate, alarms_what_if
from app.command.options import Commands

PARTS = (alarms_report, alarms_sheets, alarms_simulate, alarms_what_if)


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    command = commands.add_parser(
        "alarms",
        help="how the alarm system performs, and how it would perform otherwise",
        description="Say how the alarm system of a plant performs.",
    )
    parts = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for part in PARTS:
        part.add_to(parts)
