"""What is to be learned: of what, from when to when, and by whom it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

import msgspec
import numpy as np

from app.acquisition.registry import driver_names
from app.database import PlantConnection, open_reader
from app.history.reader import HistoryReader
from app.model.learned_model import ModelKind
from app.model.plant import Plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder


class Lesson(msgspec.Struct, frozen=True):
    """`folder`: of the plant. `subject`: an Equipment, or a class of them; begin <= t < end: int64 ns UTC.

    `period_s`: from row to row.
    """

    folder: str
    kind: ModelKind
    subject: str
    is_class: bool
    begin: int
    end: int
    period_s: float
    author: str


@dataclass(frozen=True, slots=True)
class School:
    """A plant that is open for reading."""

    plant: Plant
    reader: HistoryReader
    connection: PlantConnection


@contextmanager
def open_school(folder: PlantFolder, plant: Plant) -> Iterator[School]:
    """Open the history of a plant that is known for reading; raise DatabaseError."""
    with HistoryReader(folder.history) as reader, closing(open_reader(folder.history)) as connection:
        yield School(plant, reader, connection)


@contextmanager
def school_of(folder: PlantFolder) -> Iterator[School]:
    """Open a plant for reading; raise PlantFileError, DatabaseError."""
    with open_school(folder, read_plant(folder.configuration, drivers=driver_names())) as school:
        yield school


def digest_of(arrays: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> str:
    """Return the SHA-256 of what was learned from."""
    found = sha256()
    for array in arrays:
        found.update(repr(array.shape).encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def code_version() -> str:
    """Return the version of this program, as a model keeps it."""
    return version("foreshift")
