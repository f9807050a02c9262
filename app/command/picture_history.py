"""The versions of a process picture for `foreshift configuration ... --picture NAME`, and the return to one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.plant.picture.path import FOLDER, picture_id, picture_path

if TYPE_CHECKING:
    from app.audit.configuration import Version
    from app.plant.folder import PlantFolder


def versions_of_picture(folder: PlantFolder, picture: str) -> list[Version]:
    """Return the versions of one picture, the oldest first; raise UsageFailure where there is none."""
    from app.audit.picture_versions import picture_versions
    from app.database import DatabaseMissing, open_reader

    try:
        with closing(open_reader(folder.history)) as connection:
            found = picture_versions(connection)
    except DatabaseMissing:
        found = {}
    name = f"{FOLDER}/{picture_path(folder.path, picture).name}"
    if name not in found:
        known = ", ".join(picture_id(Path(each)) for each in sorted(found)) or "none: no collector has run yet"
        raise UsageFailure(f"{picture}: no version of such a picture is known; there are {known}")
    return found[name]


def text_of_version(folder: PlantFolder, version: Version) -> str:
    """Return the text of a version, "" where it is one of being taken away; raise VersionMissing."""
    from app.audit.picture_versions import picture_version_text
    from app.database import open_reader

    if version.is_removal:
        return ""
    with closing(open_reader(folder.history)) as connection:
        return picture_version_text(connection, version)


def present_text(folder: PlantFolder, picture: str) -> str:
    """Return the picture's file as it is now, "" where there is none."""
    path = picture_path(folder.path, picture)
    return path.read_bytes().decode("utf-8-sig") if path.exists() else ""


def return_picture(folder: PlantFolder, picture: str, text: str, *, reason: str) -> Path:
    """Make a former text the picture's file again, and return where it stands.

    Raise UsageFailure where somebody has changed it meanwhile, PlantFileError where it does not fit the plant any more.
    """
    from app.command.picture_deed import save_picture
    from app.plant.picture.saving import PictureChanged, PictureSaving

    saving = PictureSaving(picture, present_text(folder, picture), text.removeprefix("\ufeff"))
    try:
        return save_picture(folder, saving, reason, "", window="command line")
    except PictureChanged as error:
        raise UsageFailure(str(error)) from error
