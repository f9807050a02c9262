"""The plant as it was configured at a past instant: its file and its process pictures out of the log of changes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.model.plant import Plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError

if TYPE_CHECKING:
    from app.database import PlantConnection

EVER = (0, (1 << 63) - 1)


@dataclass(frozen=True, slots=True)
class PlantPast:
    """How a plant was configured for since <= t < until, int64 ns UTC.

    `is_known`: False where its file of then was not kept or cannot be read any more; `plant` is that of today then.
    """

    plant: Plant
    since: int = EVER[0]
    until: int = EVER[1]
    is_known: bool = True

    def covers(self, at: int) -> bool:
        """Return whether it was so at an instant, int64 ns UTC."""
        return self.since <= at < self.until


def plant_at(folder: PlantFolder, present: Plant, at: int) -> PlantPast:
    """Return how the plant was configured at an instant (int64 ns UTC); `present`: as it is. Raise DatabaseError.

    Before the first file that the log knows, that one counts.
    """
    # SQLite's libraries take a third of a second to import: the live window does not wait for them
    from app.audit.configuration import configuration_times  # noqa: PLC0415
    from app.database import DatabaseMissing, open_reader  # noqa: PLC0415

    try:
        with closing(open_reader(folder.history)) as connection:
            times = configuration_times(connection)
            since = max((time for time in times if time <= at), default=EVER[0])
            until = min((time for time in times[1:] if time > at), default=EVER[1])
            if until == EVER[1]:
                return PlantPast(present, since)
            plant = _read(connection, max(at, times[0]))
    except DatabaseMissing:
        return PlantPast(present)
    return PlantPast(plant or present, since, until, is_known=plant is not None)


def _read(connection: PlantConnection, at: int) -> Plant | None:
    from app.audit.configuration import VersionMissing, version_text, versions  # noqa: PLC0415
    from app.audit.journal import PAST  # noqa: PLC0415
    from app.audit.pictures import picture_texts  # noqa: PLC0415
    from app.past import look_back  # noqa: PLC0415

    look_back(connection, at, PAST)
    known = versions(connection)
    try:
        text = version_text(connection, known[-1]) if known else ""
        with TemporaryDirectory(prefix="foreshift-replay-") as path:
            folder = PlantFolder(Path(path))
            folder.configuration.write_text(text, encoding="utf-8", newline="")
            for name, picture in picture_texts(connection).items():
                file = folder.path / name
                file.parent.mkdir(exist_ok=True)
                file.write_text(picture, encoding="utf-8", newline="")
            return read_plant(folder.configuration) if text else None
    except (VersionMissing, PlantFileError):  # said by whoever shows the plant of today instead
        return None
