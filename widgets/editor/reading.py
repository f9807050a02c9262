"""What the editor reads of the versions of a plant file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from app.audit.configuration import Version, VersionMissing, version_text, versions
from app.audit.journal import PAST
from app.database import DatabaseMissing
from app.model import clock
from app.past import open_as_known
from app.plant.folder import PlantFolder
from app.plant.replacement import plant_text


@dataclass(frozen=True, slots=True)
class VersionReading:
    """Reads the versions of one plant; a plant without a history has none."""

    folder: PlantFolder

    def versions(self) -> list[Version]:
        """Return all versions, the newest first; raise DatabaseError."""
        try:
            with closing(open_as_known(self.folder.history, PAST)) as connection:
                return versions(connection)[::-1]
        except DatabaseMissing:
            return []

    def text(self, version: Version) -> str:
        """Return the text of a version; raise VersionMissing or DatabaseError."""
        with closing(open_as_known(self.folder.history, PAST)) as connection:
            return version_text(connection, version).removeprefix("\ufeff")

    def present(self) -> str:
        """Return the plant file as it is now; raise as known_text does."""
        return known_text(self.folder)


def known_text(folder: PlantFolder) -> str:
    """Return the plant file as it is; in a replay as it was then, as far as the log of changes goes back.

    Raise OSError, and in a replay DatabaseError or VersionMissing.
    """
    if clock.is_replaying():
        reading = VersionReading(folder)
        known = reading.versions()
        if known and not known[0].is_kept:
            raise VersionMissing(f"version {known[0].number}: the plant file of then was not kept")
        if known:
            return reading.text(known[0])
    return plant_text(folder.configuration)
