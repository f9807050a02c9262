"""`foreshift lint-pictures PLANT`: look the process pictures of a plant through by the rules of ISA-101."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.supervisor import EXIT_UNUSABLE

if TYPE_CHECKING:
    from app.model.picture import Picture
    from app.model.plant import Plant

EXIT_FOUND = 1


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "lint-pictures",
        help="look process pictures through: colour, contrast, room, pipes, names",
        description="Look the process pictures of a plant through by the rules of ISA-101. Each finding is told with "
        "its line, the element and the remedy. Exit code 0: nothing found, 1: something, 2: the plant is unusable.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("picture", metavar="PICTURE", nargs="?", default="", help="only this one, by its id")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look the pictures through."""
    from app.acquisition.registry import driver_names
    from app.plant.file import examine_plant

    path = plant_folder(options.plant).configuration
    found = examine_plant(path, drivers=driver_names())
    if found.plant is None:
        for problem in found.problems:
            print(problem.at(str(path)), file=sys.stderr)
        return EXIT_UNUSABLE
    told = [problem.at(str(path)) for problem in found.problems if problem.picture]
    pictures = [*found.plant.pictures, *found.plant.faceplates]
    if options.picture and options.picture not in {picture.id for picture in pictures}:
        raise UsageFailure(
            f"{options.picture}: no such picture; there are: {', '.join(picture.id for picture in pictures)}"
        )
    for picture in pictures:
        if options.picture in {"", picture.id}:
            told += _findings(picture, found.plant, path)
    for line in told:
        print(line)
    print(f"{path}: {len(told)} findings in {1 if options.picture else len(pictures)} pictures", file=sys.stderr)
    return EXIT_FOUND if told else 0


def _findings(picture: Picture, plant: Plant, path: Path) -> Iterator[str]:
    """Yield what is found in a picture, each at the line of its element."""
    from app.picture.lint import lint
    from app.plant.picture.path import picture_path
    from app.plant.toml.line_index import LineIndex

    own = picture_path(path.parent, picture.id)
    file, before = (own, ()) if own.exists() else (path, ("picture", 0))
    text = file.read_text(encoding="utf-8")
    if before:
        before = ("picture", _place_in(text, picture.id))
    index = LineIndex(text)
    for finding in lint(picture, plant):
        line = index.line_of((*before, *finding.place) if finding.place else before) if finding.place or before else 1
        yield f"{file}:{line}: [{finding.rule}] {finding.text}"


def _place_in(text: str, picture: str) -> int:
    """Return which of the pictures in a plant file that is."""
    import tomllib

    tables = tomllib.loads(text).get("picture", [])
    return next(place for place, table in enumerate(tables) if table.get("id") == picture)
