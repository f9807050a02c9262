"""`foreshift demo`: the simulated plant, its collector and the window, in one command."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from app.collector.anew import begin_anew
from app.command.free_port import free_port
from app.command.keeper import as_keeper, keep, worker_of
from app.command.options import Commands, add_off_screen, add_ports
from app.command.simulate import add_plant_options
from app.command.window import require_libraries, window_of
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.supervisor import ChildSpec
from app.system_check import display_problem

TIME_FACTOR = 60.0
OFF_SCREEN_TIME_FACTOR = 300.0
OFF_SCREEN_SECONDS = 60.0
PICTURES = "demo-pictures"
DEMO_USERS = (("operator", "2468", Role.OPERATOR), ("engineer", "1357", Role.ENGINEER))
"""Names and PINs, for the plant that exists on no shop floor."""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "demo",
        help="run the demo plant",
        description="Run a simulated plant behind real Modbus and OPC UA servers, collect it and open the window. "
        f"Without a display the window runs off screen for a minute and leaves pictures in ./{PICTURES}.",
    )
    add_plant_options(command)
    add_ports(command)
    add_off_screen(command, ends=f"{OFF_SCREEN_SECONDS:g}", pictures=f"default: ./{PICTURES}")
    command.add_argument("--keep-history", action="store_true", help="go on with the history of the last demo")
    command.add_argument("--without-window", action="store_true", help="only the servers and the collector")
    command.add_argument("--ends-with-parent", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run, time_factor=0.0)


def run(options: argparse.Namespace) -> int:
    """Run until the window is closed, the time is over, or Ctrl+C."""
    from app.command.demo_handover import leave_handover
    from app.plant.catalogue import PlantCatalogue
    from app.plant.demo import create_demo_folder
    from drivers.simulation.script import read_script

    off_screen = not options.without_window and _must_be_off_screen(options)
    if off_screen:
        options.seconds = options.seconds or OFF_SCREEN_SECONDS
        options.pictures = str(Path(options.pictures or PICTURES).absolute())
        print(f"It ends after {options.seconds:g} s and leaves pictures in {options.pictures}", flush=True)
    factor = options.time_factor or (OFF_SCREEN_TIME_FACTOR if off_screen else TIME_FACTOR)
    read_script(options.faults, time_factor=factor)  # refused before the history of the last demo is given up
    modbus_port, opcua_port = free_port(options.modbus_port), free_port(options.opcua_port)
    # before its plant file leads a running demo to other ports
    with as_keeper(PlantCatalogue().new_folder("demo")) as stopping:
        folder = create_demo_folder(modbus_port=modbus_port, opcua_port=opcua_port, time_scale=factor)
        add_demo_users(folder)
        if not options.keep_history:
            begin_anew(folder)
            leave_handover(folder)
        print(f"demo plant: Modbus TCP 127.0.0.1:{modbus_port}, OPC UA 127.0.0.1:{opcua_port}, time x{factor:g}")
        print(f"its files: {folder.path}")
        print("who may write its set points: " + ", ".join(f"{name} (PIN {pin})" for name, pin, _ in DEMO_USERS))
        print(json.dumps({"folder": str(folder.path)}) if options.without_window else "Ctrl+C ends it", flush=True)
        children = [
            _simulator(options, folder, modbus_port, opcua_port, factor),
            worker_of(str(folder.path), ends_with_parent=True),
        ]
        if not options.without_window:
            children.append(_window(options, folder, off_screen=off_screen))
        return keep(children, stopping, ends_with_parent=options.ends_with_parent)


def add_demo_users(folder: PlantFolder) -> None:
    """Let two users sign in to the simulated plant; a real one begins without any."""
    from app.security.users import Users

    users = Users(folder.users)
    known = {user.name for user in users.all()}
    for name, pin, role in DEMO_USERS:
        if name not in known:
            users.add(name, role, pin)


def _must_be_off_screen(options: argparse.Namespace) -> bool:
    """Return whether the window has to run off screen, and say so where that was not asked for; raise UsageFailure."""
    require_libraries()
    if options.off_screen:
        return True
    problem = display_problem()
    if problem:
        print(f"{problem}\nThe window runs off screen.", flush=True)
    return problem is not None


def _window(options: argparse.Namespace, folder: PlantFolder, *, off_screen: bool) -> ChildSpec:
    return window_of(
        str(folder.path),
        off_screen=off_screen,
        seconds=options.seconds,
        summary=options.summary,
        pictures=options.pictures,
        every_screen=options.every_screen,
    )


def _simulator(
    options: argparse.Namespace, folder: PlantFolder, modbus_port: int, opcua_port: int, factor: float
) -> ChildSpec:
    arguments = [
        "simulate",
        f"--modbus-port={modbus_port}",
        f"--opcua-port={opcua_port}",
        f"--time-factor={factor:g}",
        f"--seed={options.seed}",
        f"--faults={options.faults}",
        f"--truth={folder.path / 'truth.json'}",
        "--ends-with-parent",
        "--silent",
    ]
    return ChildSpec("simulator", tuple(arguments))
