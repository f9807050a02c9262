"""A change of a plant file: shown as a difference, written with the former file kept beside it, and audited."""

from __future__ import annotations

import getpass
import hashlib
import os
from pathlib import Path

from app.acquisition.registry import driver_names
from app.audit.deed import note_deeds
from app.command.failure import UsageFailure
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.plant.alarm_revision import difference
from app.plant.atomic import replace_bytes
from app.plant.file import examine_text
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError

_MARK = "\ufeff"


def text_of(folder: PlantFolder) -> str:
    """Return the text of a plant's file without its byte order mark."""
    return folder.configuration.read_bytes().decode("utf-8").removeprefix(_MARK)


def change_plant(
    folder: PlantFolder, before: str, after: str, *, reason: str, window: str = "command line", user: str = ""
) -> Path:
    """Write the plant file anew, note it in the audit trail, and return the copy of the former file.

    `window`: where the person sits, `user`: who is signed in there.

    Raise PlantFileError where the new one would not be in order, UsageFailure where somebody has changed the file
    since `before` was read, OSError; the file is then as it was.
    """
    path = folder.configuration.resolve()
    examination = examine_text(after, drivers=driver_names(), grammars={}, folder=str(path.parent))
    if examination.plant is None:
        raise PlantFileError(path, [problem for problem in examination.problems if not problem.is_warning])
    content = path.read_bytes()
    if content.decode("utf-8").removeprefix(_MARK) != before:
        raise UsageFailure(f"{path}: was changed by somebody else meanwhile: look at it again")
    mark = _MARK if content.startswith(_MARK.encode()) else ""
    new = (mark + after).encode()
    stamp = clock.to_datetime(clock.now_ns()).strftime("%Y%m%d-%H%M%S")
    former = path.with_name(f"{path.stem}-before-{stamp}-{os.getpid()}.toml")
    replace_bytes(former, content)
    note_deeds(
        folder.history,
        [
            AuditRecord(
                clock.now_ns(),
                AuditAction.CONFIGURATION_CHANGED,
                user=user,
                window=window,
                subject=path.name,
                digest=hashlib.sha256(new).hexdigest(),
                reason=f"by {getpass.getuser()}: {reason}",
                detail=difference(before, after),
            )
        ],
    )
    replace_bytes(path, new)
    return former
