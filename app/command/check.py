"""`foreshift check PLANT`: say what is wrong in a plant file, line by line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.command.options import Commands
from app.model.plant import Plant
from app.plant.catalogue import PlantCatalogue, folder_of
from app.supervisor import EXIT_UNUSABLE


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "check",
        help="validate a plant file",
        description="Validate a plant file; every problem is told with its line and remedy. Exit code 0: usable.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the plant file."""
    from app.acquisition.registry import driver_names, grammars
    from app.case.signature_file import SignatureFileError, read_signatures
    from app.command.certificate_deed import certificate_warnings
    from app.plant.file import examine_plant

    path = _plant_file(options.plant)
    found = examine_plant(path, drivers=driver_names(), grammars=grammars())
    for problem in found.problems:
        print(problem.at(str(path)), file=sys.stderr)
    plant = found.plant
    if plant is None or any(problem.picture and not problem.is_warning for problem in found.problems):
        return EXIT_UNUSABLE
    try:
        read_signatures(path.with_name("signatures.toml"))
    except SignatureFileError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    print(
        f"{path}: usable. {len(plant.equipment)} equipment, {len(plant.connections)} connections, "
        f"{len(plant.tags)} tags, {len(plant.alarms)} alarms, {len(plant.forecasts)} forecasts, {_writable(plant)}"
    )
    for warning in certificate_warnings(plant):
        print(f"{path}: warning: {warning}", file=sys.stderr)
    return 0


def _writable(plant: Plant) -> str:
    writable = sum(tag.write is not None for tag in plant.tags)
    if writable and plant.is_read_only:
        return f"{writable} tags with a `write` that [plant] keeps read-only (read_only = false allows it)"
    return f"{writable} writable tags" if writable else "read-only"


def _plant_file(name: str) -> Path:
    """Return the file that `name` means, be it the file itself under whatever name."""
    path = Path(name)
    if path.is_file():
        return path
    known = PlantCatalogue().new_folder(name).configuration
    return known if known.is_file() and not path.exists() else folder_of(path).configuration
