"""Parts of the command line that several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeAlias

from app.command.number_argument import number, port

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names it no other way
else:
    Commands: TypeAlias = argparse._SubParsersAction  # noqa: SLF001

EVERY_SCREENS = ("in-turn", "whole")
URL_HELP = "opc.tcp://HOST:PORT or modbus://HOST:PORT?unit=1"


def add_ports(command: argparse.ArgumentParser) -> None:
    """Add the ports of the two servers."""
    command.add_argument(
        "--modbus-port", type=port, default=0, metavar="PORT", help="Modbus TCP port (default: a free one)"
    )
    command.add_argument("--opcua-port", type=port, default=0, metavar="PORT", help="OPC UA port (default: a free one)")


def add_off_screen(command: argparse.ArgumentParser, *, ends: str, pictures: str) -> None:
    """Add what a run without a display needs; `ends`, `pictures`: what is done where nothing is given, for the help."""
    command.add_argument("--off-screen", action="store_true", help="run the real window without a display")
    command.add_argument(
        "--seconds", type=number(0), default=0.0, help=f"end after so many seconds (off screen: {ends})"
    )
    command.add_argument(
        "--summary",
        type=number(0.1),
        default=5.0,
        metavar="S",
        help="seconds between two lines of summary (off screen)",
    )
    command.add_argument(
        "--pictures",
        metavar="FOLDER",
        default="",
        help="off screen: write PNG pictures of the screens there, when something is foreseen and at the end "
        f"({pictures})",
    )
    command.add_argument(
        "--every-screen",
        nargs="?",
        const=EVERY_SCREENS[0],
        default="",
        choices=EVERY_SCREENS,
        help="off screen: at the end, pictures of every panel and dialog too, in three sizes, in both looks and both "
        "languages at the smallest one; whole: at all of them. It takes some minutes",
    )
