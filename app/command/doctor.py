"""`foreshift doctor`: what this PC has and lacks."""

from __future__ import annotations

import argparse
import platform
import sqlite3
from importlib.metadata import version

from app.command.options import Commands
from app.plant.catalogue import PlantCatalogue, home_folder
from app.system_check import display_problem, missing_libraries

PACKAGES = ("foreshift", "PySide6-Essentials", "pyqtgraph", "asyncua", "pymodbus", "sqlite-utils", "numpy")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "doctor", help="say what this PC lacks", description="Say what this PC has and lacks."
    )
    command.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Print versions, missing libraries and the state of the display; exit code 1 when something is missing."""
    print(f"Python {platform.python_version()} on {platform.platform()}, SQLite {sqlite3.sqlite_version}")
    print(", ".join(f"{name} {version(name)}" for name in PACKAGES))
    print(f"plants and settings: {home_folder()}")
    missing = missing_libraries()
    for library, package in missing:
        print(f"missing: {library}; install the package {package}")
    for warning in _certificate_warnings():
        print(f"warning: {warning}")
    print(f"display: {display_problem() or 'usable'}")
    return 1 if missing else 0


def _certificate_warnings() -> list[str]:
    """Return which certificates of this PC's plants will soon expire."""
    from app.command.certificate_deed import certificate_warnings
    from app.plant.file import examine_plant

    found = []
    for folder in PlantCatalogue().plants():
        plant = examine_plant(folder.configuration).plant
        found += [f"{folder.path.name}: {warning}" for warning in (certificate_warnings(plant) if plant else ())]
    return found
