"""What is wrong with a plant file, each finding at its line with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding at a line (from 1; 0 is the file as a whole). A warning does not keep the plant from running.

    `picture`: the picture file that it is in, beside the plant file, as "pictures/air.toml"; "" for the plant file
    itself. What is wrong in a picture file keeps that picture from being shown, and nothing else.
    """

    line: int
    message: str
    is_warning: bool = False
    picture: str = ""

    def at(self, file: str) -> str:
        """Return "plant.toml:LINE: what is wrong: remedy", the form that editors jump to; `file`: the plant file."""
        name = str(PurePath(file).parent / self.picture) if self.picture else file
        place = f"{name}:{self.line}" if self.line else name
        return f"{place}: {'warning: ' if self.is_warning else ''}{self.message}"


class PlantFileError(Exception):
    """A plant file cannot be used; `problems` holds every finding that is not a warning, in the order of the lines."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        """Hold the problems of the file `path`; their text is one line each."""
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.at(path.name) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at a key, before its line is looked up; "{other}" in `message` becomes the line of `other`.

    `instance`: where the equipment stands, called `name`, that shows a fault of its class, with `instances` in all.
    """

    path: KeyPath
    message: str
    is_warning: bool = False
    other: KeyPath | None = None
    instance: KeyPath = ()
    name: str = ""
    instances: int = 0


class Findings:
    """Collects what the checks of a plant file find."""

    def __init__(self) -> None:
        """Begin without findings."""
        self.found: list[Finding] = []

    def error(self, path: KeyPath, message: str, *, other: KeyPath | None = None) -> None:
        """Note something that keeps the plant from running."""
        self.found.append(Finding(path, message, other=other))

    def warning(self, path: KeyPath, message: str, *, other: KeyPath | None = None) -> None:
        """Note something that is possible but hardly meant."""
        self.found.append(Finding(path, message, is_warning=True, other=other))
