"""Saving a process picture from the window: audited in the name of whoever drew it."""

from __future__ import annotations

import getpass
from pathlib import Path

from app.audit.picture_versions import note_picture
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder
from app.plant.picture.path import FOLDER
from app.plant.picture.saving import PictureSaving


def save_picture(folder: PlantFolder, saving: PictureSaving, reason: str, user: str, *, window: str = "window") -> Path:
    """Write the file of a picture and return where it stands; `reason`: why, `user`: by whom, "" for nobody.

    Raise what `PictureSaving.write` raises, and DatabaseError where it cannot be noted; the file is then as it was.
    """

    def note(path: Path) -> None:
        record = AuditRecord(
            clock.now_ns(),
            AuditAction.PICTURE_CHANGED,
            user=user,
            window=window,
            subject=f"{FOLDER}/{path.name}",
            digest=saving.digest,
            reason=f"by {getpass.getuser()}: {reason}" if reason else f"by {getpass.getuser()}",
            detail=saving.difference,
        )
        note_picture(folder.history, record, former=saving.before, new=saving.after)

    return saving.write(folder, note=note)
