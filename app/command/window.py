"""`foreshift` and `foreshift open PLANT`: the window on a plant, with a collector that is found or started."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.keeper import is_held, keeper_lock
from app.command.options import Commands, add_off_screen
from app.command.page_window import as_page_window, lost_windows
from app.command.plant_argument import plant_folder, plant_in
from app.model import clock
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from app.supervisor import AtExit, ChildSpec
from app.system_check import display_problem, missing_libraries, missing_libraries_text

if TYPE_CHECKING:
    from widgets.desktop import Desktop
    from widgets.feed import Feed
    from widgets.off_screen import OffScreen

SPEEDS = (1, 2, 5, 10, 20, 50, 100)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "open",
        help="open the window on a plant",
        description="Open the window on a plant. Its collector is started where none runs, "
        "and runs on when the window is closed.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument(
        "--page",
        default="",
        metavar="PAGE",
        help="show this page, such as trends or alarms, in a window of its own beside the first one",
    )
    command.add_argument(
        "--at",
        type=past_instant,
        metavar="T",
        help="replay the plant's past from T on, such as 2026-11-24T10:30 (in the time of this PC): every screen as it "
        "was, within a frame that says so; nothing can be commanded from there",
    )
    command.add_argument(
        "--speed",
        type=int,
        choices=SPEEDS,
        default=1,
        help="of a replay: how many times as fast as it was (default: 1)",
    )
    command.add_argument("--paused", action="store_true", help="let a replay stand still at first")
    add_off_screen(command, ends="when it is ended", pictures="default: none")
    command.add_argument("--kept", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def set_defaults(top: argparse.ArgumentParser) -> None:
    """Make the window what `foreshift` does without a command."""
    top.set_defaults(
        run=run,
        plant="",
        off_screen=False,
        seconds=0.0,
        summary=5.0,
        pictures="",
        every_screen="",
        kept=False,
        page="",
        at=None,
        speed=1,
        paused=False,
    )


def window_of(
    plant: str, *, off_screen: bool, seconds: float, summary: float, pictures: str, every_screen: str = ""
) -> ChildSpec:
    """Return the child process that shows `plant`; its orderly exit ends all."""
    arguments = ["open", plant, "--kept", f"--seconds={seconds:g}", f"--summary={summary:g}"]
    if off_screen:
        arguments += ["--off-screen", f"--pictures={pictures}"]
        arguments += [f"--every-screen={every_screen}"] if every_screen else []
    return ChildSpec("window", tuple(arguments), AtExit.END_ALL)


def require_libraries() -> None:
    """Raise UsageFailure, with the line that installs them, where Qt's system libraries are absent."""
    missing = missing_libraries()
    if missing:
        raise UsageFailure(missing_libraries_text(missing))


def _require_display() -> None:
    problem = display_problem()
    if problem:
        raise UsageFailure(f"{problem}\nTo run the window without one: foreshift open PLANT --off-screen")


def run(options: argparse.Namespace) -> int:
    """Show the window until it is closed."""
    require_libraries()
    off_screen = bool(options.off_screen)
    if not off_screen:
        _require_display()
    folder = plant_folder(options.plant) if options.plant else None
    # off screen there is no start window that would tell what is wrong in the plant's file
    plant = plant_in(folder) if off_screen and folder is not None else None
    from app.command.services import launch_window, window_services
    from widgets.desktop import run_desktop
    from widgets.summary import LiveSummary

    def summarise(feed: Feed) -> None:
        LiveSummary(feed, period_s=options.summary, write=lambda line: print(line, flush=True))

    pictures = Path(options.pictures) if options.pictures else None
    if not (off_screen or options.kept or options.page):
        for lost, page in lost_windows():
            launch_window(["open", str(lost.path), "--kept", f"--page={page}"])
    own = as_page_window(folder, options.page) if folder is not None and options.page else nullcontext()
    with own, window_services(is_kept=options.kept) as services:
        code = run_desktop(
            folder,
            services,
            plant=plant,
            with_demo=not off_screen and not options.kept and _is_idle_demo(folder),
            off_screen=_plan(options, pictures) if off_screen else None,
            on_feed=summarise if off_screen else None,
            make=_desktop(options),
        )
    if off_screen and pictures is not None:
        print(f"pictures of the screens: {pictures.absolute()}", flush=True)
    return code


def _plan(options: argparse.Namespace, pictures: Path | None) -> OffScreen:
    from widgets.off_screen import OffScreen

    kind = options.every_screen
    return OffScreen(options.seconds, pictures, every_screen=bool(kind), is_whole=kind == "whole")


def _desktop(options: argparse.Namespace) -> Callable[..., Desktop]:
    """Return what holds the window: the present, one page of it, or the past."""
    from widgets.desktop import Desktop
    from widgets.page_desktop import PageDesktop

    if options.at is not None:
        return replaying(options.at, options.speed, is_playing=not options.paused)
    return partial(PageDesktop, page=options.page) if options.page else Desktop


def past_instant(text: str) -> int:
    """Return the ns UTC of an instant that has been, as it is written on the command line."""
    try:
        instant = clock.instant_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: is no time; write it as 2026-11-24T10:30") from error
    if instant > clock.now_ns():
        raise argparse.ArgumentTypeError(f"{text}: has not been yet; only the past can be replayed")
    return instant


def replaying(instant: int, speed: int, *, is_playing: bool) -> Callable[..., Desktop]:
    """Return what makes the desktop of a replay."""
    from widgets.replay.desktop import ReplayDesktop, ReplayStart

    return partial(ReplayDesktop, start=ReplayStart(instant, speed, is_playing=is_playing))


def _is_idle_demo(folder: PlantFolder | None) -> bool:
    """Return whether the demo plant is to be shown while nothing plays it: a collector would find nobody."""
    catalogue = PlantCatalogue()
    demo = catalogue.new_folder("demo")
    return (folder or catalogue.last()) == demo and not is_held(keeper_lock(demo)) and not is_held(demo.lock)
