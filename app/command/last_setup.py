"""The way back from a plant file that cannot be used: the newest one that was in use and is in order."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.acquisition.registry import driver_names, grammars
from app.audit.configuration import VersionMissing, version_text, versions
from app.command.failure import UsageFailure
from app.command.plant_change import change_plant, text_of
from app.database import DatabaseMissing, open_reader
from app.plant.file import examine_text
from app.plant.folder import PlantFolder
from widgets.start.setups import Setup


def last_setup(folder: PlantFolder) -> Setup | None:
    """Return the newest plant file of the log that can be used and is not the present one, None where there is none.

    None as well where the plant has users: one of them returns to it with `foreshift configuration return`. Raise
    DatabaseError.
    """
    if folder.users.exists():
        return None
    present = folder.configuration.read_bytes().decode("utf-8", "replace") if folder.configuration.exists() else ""
    try:
        with closing(open_reader(folder.history)) as connection:
            for version in reversed(versions(connection)):
                try:
                    text = version_text(connection, version).removeprefix("\ufeff")
                except VersionMissing:
                    continue
                found = examine_text(text, drivers=driver_names(), grammars=grammars(), folder=str(folder.path))
                if found.plant is not None and text != present.removeprefix("\ufeff"):
                    return Setup(version.number, version.time, version.user, version.reason, text)
    except DatabaseMissing:
        pass
    return None


def take_setup(folder: PlantFolder, setup: Setup) -> Path:
    """Make a set-up the plant file again, audited; the file as it is now is kept beside it, and its path returned.

    Raise UsageFailure, PlantFileError, DatabaseError or OSError; the file is then as it was.
    """
    try:
        before = text_of(folder)
    except UnicodeDecodeError as error:
        raise UsageFailure(
            f"{folder.configuration}: is not text in UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8, "
            "or take it away and try again"
        ) from error
    reason = f"return to version {setup.number} from the start window: the file could not be used"
    return change_plant(folder, before, setup.text, reason=reason, window="window")
