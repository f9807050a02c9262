"""`foreshift` and `foreshift open PLANT`: the window on a plant, with a collector that is found or started."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands, add_off_screen
from app.command.plant_argument import plant_folder
from app.supervisor import AtExit, ChildSpec
from app.system_check import display_problem, missing_libraries, missing_libraries_text

if TYPE_CHECKING:
    from widgets.feed import Feed


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "open",
        help="open the window on a plant",
        description="Open the window on a plant. Its collector is started where none runs, "
        "and runs on when the window is closed.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    add_off_screen(command, ends="when it is ended", pictures="default: none")
    command.add_argument("--kept", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def set_defaults(top: argparse.ArgumentParser) -> None:
    """Make the window what `foreshift` does without a command."""
    top.set_defaults(run=run, plant="", off_screen=False, seconds=0.0, summary=5.0, pictures="", kept=False)


def window_of(plant: str, *, off_screen: bool, seconds: float, summary: float, pictures: str) -> ChildSpec:
    """Return the child process that shows `plant`; its orderly exit ends all."""
    arguments = ["open", plant, "--kept", f"--seconds={seconds:g}", f"--summary={summary:g}"]
    if off_screen:
        arguments += ["--off-screen", f"--pictures={pictures}"]
    return ChildSpec("window", tuple(arguments), AtExit.END_ALL)


def must_be_off_screen(options: argparse.Namespace) -> bool:
    """Return whether the window has to run off screen, and say so where that was not asked for; raise UsageFailure."""
    missing = missing_libraries()
    if missing:
        raise UsageFailure(missing_libraries_text(missing))
    if options.off_screen:
        return True
    problem = display_problem()
    if problem:
        print(f"no display ({problem}): the window runs off screen", flush=True)
    return problem is not None


def run(options: argparse.Namespace) -> int:
    """Show the window until it is closed."""
    off_screen = must_be_off_screen(options)
    folder = plant_folder(options.plant) if options.plant else None
    from app.command.services import window_services
    from widgets.desktop import run_desktop
    from widgets.off_screen import OffScreen
    from widgets.summary import LiveSummary

    def summarise(feed: Feed) -> None:
        LiveSummary(feed, period_s=options.summary, write=lambda line: print(line, flush=True))

    pictures = Path(options.pictures) if options.pictures else None
    with window_services(is_kept=options.kept) as services:
        code = run_desktop(
            folder,
            services,
            off_screen=OffScreen(options.seconds, pictures) if off_screen else None,
            on_feed=summarise if off_screen else None,
        )
    if off_screen and pictures is not None:
        print(f"pictures of the screens: {pictures.absolute()}", flush=True)
    return code
