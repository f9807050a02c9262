"""Reads the figures that the page shows, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from app.alarm.statistics.figures import AlarmFigures
from app.alarm.statistics.reading import LiveFigures
from app.alarm.statistics.report import AlarmNames, named
from app.database import DatabaseMissing, open_reader
from app.model import clock
from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class Performance:
    """The figures, and what their alarms are called."""

    figures: AlarmFigures
    names: Mapping[str, AlarmNames]


ReadPerformance: TypeAlias = Callable[[int], Performance | None]
"""Gives the newest so many ns; None where nothing is recorded yet."""


def performance_of(folder: PlantFolder) -> ReadPerformance:
    """Return what reads a plant's figures; one call at a time, in any thread."""
    kept: dict[int, LiveFigures] = {}

    def read(length: int) -> Performance | None:
        try:
            connection = open_reader(folder.history)
        except DatabaseMissing:
            return None
        with closing(connection):
            live = kept.setdefault(length, LiveFigures(length))
            figures = live.at(connection, clock.now_ns())
            return Performance(figures, named(connection, figures))

    return read
