"""What is to be learned: of what, from when to when, and by whom it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

import msgspec
import numpy as np

from app.acquisition.registry import driver_names
from app.database import PlantConnection, open_reader
from app.history.reader import HistoryReader
from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelKind
from app.model.plant import Plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder

LEARNED_SHARE = 0.8
"""Of the time that is given; the rest is what the model is tried on, since it comes later."""


class Lesson(msgspec.Struct, frozen=True, tag=True):
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


class Exam(msgspec.Struct, frozen=True, tag=True):
    """A model, by its number, that is to be tried beside the one that counts; `folder`: of the plant."""

    folder: str
    model: int


def lesson_of(
    folder: PlantFolder,
    plant: Plant,
    kind: ModelKind,
    subject: str,
    *,
    begin: int,
    end: int,
    period_s: float,
    author: str,
) -> Lesson:
    """Return what is to be learned of `subject`: of begin <= t < end (ns UTC) the first LEARNED_SHARE.

    Raise ModelRefused where the plant has no such equipment or class for a model of this kind.
    """
    is_class = subject not in {each.id for each in plant.equipment}
    if is_class and kind is ModelKind.EQUIPMENT:
        raise ModelRefused(f"{subject}: the plant has no such equipment")
    if not is_class and kind is ModelKind.REMAINING_LIFE:
        raise ModelRefused(f"{subject}: a remaining life is learned from a class of equipment: name its kind")
    learned = begin + round(LEARNED_SHARE * (end - begin))
    return Lesson(str(folder.path), kind, subject, is_class, begin, learned, period_s, author)


def _hear_nothing(share: float) -> None:
    """Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class School:
    """A plant that is open for reading. `tell` hears, while something is learned or tried, which share is done."""

    plant: Plant
    reader: HistoryReader
    connection: PlantConnection
    tell: Callable[[float], None] = _hear_nothing


@contextmanager
def open_school(folder: PlantFolder, plant: Plant, tell: Callable[[float], None] = _hear_nothing) -> Iterator[School]:
    """Open the history of a plant that is known for reading; raise DatabaseError."""
    with HistoryReader(folder.history) as reader, closing(open_reader(folder.history)) as connection:
        yield School(plant, reader, connection, tell)


@contextmanager
def school_of(folder: PlantFolder, tell: Callable[[float], None] = _hear_nothing) -> Iterator[School]:
    """Open a plant for reading; raise PlantFileError, DatabaseError."""
    with open_school(folder, read_plant(folder.configuration, drivers=driver_names()), tell) as school:
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
