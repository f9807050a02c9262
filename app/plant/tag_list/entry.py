"""What a list of tags says, in the words of a plant file, each tag at its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.plant.problem import Problem


class TagListError(Exception):
    """A file is no list of tags; the message names the file, the line and the remedy."""

    def __init__(self, path: Path, message: str, *, line: int = 0) -> None:
        super().__init__(Problem(line, message).at(path.name))


class Untranslatable(ValueError):
    """A line says something that a plant file cannot; the message says what, and the remedy."""


@dataclass(frozen=True, slots=True)
class TagEntry:
    """One tag of a list; `keys`: those of `[[tag]]` that the list says something of, without its name.

    `device`: what the list calls the device, "" where it names none. `driver`: in whose grammar the address is.
    """

    line: int
    name: str
    keys: Mapping[str, object]
    device: str = ""
    driver: str = ""


@dataclass(frozen=True, slots=True)
class TagList:
    """What a file holds: `kind` says of which program, `problems` which lines were left out and why.

    `notes`: what was assumed of all of it.
    """

    kind: str
    entries: tuple[TagEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list does not say of itself: the byte order of its values, and the number of its first register.

    `order`: "" for what is usual in that program; `base`: 0 or 1, None for the same.
    """

    order: str = ""
    base: int | None = None
