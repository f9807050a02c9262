"""A change of a plant file: shown as a difference, written with the former file kept beside it, and audited."""

from __future__ import annotations

import getpass
from pathlib import Path

from app.acquisition.registry import driver_names
from app.audit.configuration import note_configuration
from app.command.failure import UsageFailure
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder
from app.plant.replacement import PlantFileChanged, Replacement, plant_text, replacement


def text_of(folder: PlantFolder) -> str:
    """Return the text of a plant's file without its byte order mark."""
    return plant_text(folder.configuration)


def change_plant(
    folder: PlantFolder, before: str, after: str, *, reason: str, window: str = "command line", user: str = ""
) -> Path:
    """Write the plant file anew, note it in the audit trail, and return the copy of the former file.

    `window`: where the person sits, `user`: who is signed in there.

    Raise PlantFileError where the new one would not be in order, UsageFailure where somebody has changed the file
    since `before` was read, OSError; the file is then as it was.
    """
    try:
        made = replacement(folder.configuration, before, after, drivers=driver_names())
        note_change(folder, made, reason=reason, window=window, user=user)
        return made.write()
    except PlantFileChanged as error:
        raise UsageFailure(str(error)) from error


def note_change(folder: PlantFolder, made: Replacement, *, reason: str, window: str, user: str) -> None:
    """Put a new plant file into the audit trail before it is written; raise DatabaseError."""
    record = AuditRecord(
        clock.now_ns(),
        AuditAction.CONFIGURATION_CHANGED,
        user=user,
        window=window,
        subject=made.path.name,
        digest=made.digest,
        reason=f"by {getpass.getuser()}: {reason}",
        detail=made.difference,
    )
    note_configuration(folder.history, record, former=made.former, new=made.new)
