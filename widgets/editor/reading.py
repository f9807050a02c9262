"""What the editor reads of the versions of a plant file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from app.audit.configuration import Version, version_text, versions
from app.database import DatabaseMissing, open_reader
from app.plant.folder import PlantFolder
from app.plant.replacement import plant_text


@dataclass(frozen=True, slots=True)
class VersionReading:
    """Reads the versions of one plant; a plant without a history has none."""

    folder: PlantFolder

    def versions(self) -> list[Version]:
        """Return all versions, the newest first; raise DatabaseError."""
        try:
            with closing(open_reader(self.folder.history)) as connection:
                return versions(connection)[::-1]
        except DatabaseMissing:
            return []

    def text(self, version: Version) -> str:
        """Return the text of a version; raise VersionMissing or DatabaseError."""
        with closing(open_reader(self.folder.history)) as connection:
            return version_text(connection, version).removeprefix("\ufeff")

    def present(self) -> str:
        """Return the plant file as it is now; raise OSError."""
        return plant_text(self.folder.configuration)
