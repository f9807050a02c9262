"""The set-ups that a plant had, for a start window whose plant file cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class Setup:
    """A plant file that was in use: from `time` on (int64 ns UTC), by whom and why; `text`: all of it."""

    number: int
    time: int
    user: str
    reason: str
    text: str


def _none(folder: PlantFolder) -> Setup | None:
    del folder
    return None


def _nothing(folder: PlantFolder, setup: Setup) -> object:
    del folder, setup
    return None


@dataclass(frozen=True, slots=True)
class Setups:
    """`last(folder)`: the newest set-up that can be used and is not in the file now, None where there is none.

    `take(folder, setup)`: make it the plant file again. Both are called in a background thread, and may raise.
    """

    last: Callable[[PlantFolder], Setup | None] = _none
    take: Callable[[PlantFolder, Setup], object] = _nothing
