"""What the editor reads of the versions of process pictures, in a background thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.audit.configuration import Version
from app.audit.picture_versions import picture_version_text, picture_versions
from app.database import DatabaseMissing, open_reader
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_id, picture_path


@dataclass(frozen=True, slots=True)
class PictureVersionReading:
    """Reads the versions of the pictures of one plant; a plant without a history has none."""

    folder: PlantFolder

    def versions(self) -> Mapping[str, Sequence[Version]]:
        """Return the versions of each picture by its id, the newest first; raise DatabaseError."""
        try:
            with closing(open_reader(self.folder.history)) as connection:
                found = picture_versions(connection)
        except DatabaseMissing:
            return {}
        return {picture_id(Path(name)): versions[::-1] for name, versions in found.items()}

    def text(self, version: Version) -> str:
        """Return the text of a version, "" where the picture was taken away; raise VersionMissing or DatabaseError."""
        if version.is_removal:
            return ""
        with closing(open_reader(self.folder.history)) as connection:
            return picture_version_text(connection, version).removeprefix("\ufeff")

    def present(self, picture: str) -> str:
        """Return a picture's file as it is now, "" where there is none; raise OSError or UnicodeDecodeError."""
        path = picture_path(self.folder.path, picture)
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""
