"""A plant file that takes the place of the former one: examined before, and never over what somebody else wrote."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.model import clock
from app.model.plant import Plant
from app.plant.alarm_revision import difference
from app.plant.atomic import replace_bytes
from app.plant.file import examine_text
from app.plant.problem import PlantFileError

_MARK = "\ufeff"


class PlantFileChanged(Exception):
    """Somebody else has changed the file meanwhile; the message names it."""


def plant_text(path: Path) -> str:
    """Return the text of a plant file without its byte order mark; raise OSError or UnicodeDecodeError."""
    return path.read_bytes().decode("utf-8").removeprefix(_MARK)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A new plant file that is in order: its `plant`, its bytes, and those that it takes the place of."""

    path: Path
    plant: Plant
    former: bytes
    new: bytes
    difference: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the new file, in hexadecimal."""
        return sha256(self.new).hexdigest()

    def write(self) -> Path:
        """Write it, durably, with the former file kept beside it, whose path is returned.

        Raise PlantFileChanged or OSError; the plant file is then as it was.
        """
        if self.path.read_bytes() != self.former:
            raise PlantFileChanged(f"{self.path}: was changed by somebody else meanwhile: look at it again")
        stamp = clock.to_datetime(clock.now_ns()).strftime("%Y%m%d-%H%M%S")
        kept = self.path.with_name(f"{self.path.stem}-before-{stamp}-{os.getpid()}.toml")
        number = 1
        while kept.exists():  # two changes within a second
            number += 1
            kept = self.path.with_name(f"{self.path.stem}-before-{stamp}-{os.getpid()}-{number}.toml")
        replace_bytes(kept, self.former)
        replace_bytes(self.path, self.new)
        return kept


def replacement(configuration: Path, before: str, after: str, *, drivers: Collection[str]) -> Replacement:
    """Return what replaces the plant file, of which `before` was read, by the text `after`.

    Raise PlantFileError where the new one would not be in order, PlantFileChanged, OSError.
    """
    path = configuration.resolve()
    examination = examine_text(after, drivers=drivers, grammars={}, folder=str(path.parent))
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in examination.problems if not problem.is_warning])
    former = path.read_bytes()
    if former.decode("utf-8").removeprefix(_MARK) != before:
        raise PlantFileChanged(f"{path}: was changed by somebody else meanwhile: look at it again")
    mark = _MARK if former.startswith(_MARK.encode()) else ""
    return Replacement(path, examination.plant, former, (mark + after).encode(), difference(before, after))
