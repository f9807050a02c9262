"""A deed at the command line in the log of a plant."""

from __future__ import annotations

import getpass

from app.audit.deed import note_deeds
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder


def note_deed(
    folder: PlantFolder, action: AuditAction, *, subject: str = "", digest: str = "", reason: str = ""
) -> None:
    """Note what the owner of this process did; raise DatabaseError."""
    record = AuditRecord(
        clock.now_ns(),
        action,
        user=getpass.getuser(),
        window="command line",
        subject=subject,
        digest=digest,
        reason=reason,
    )
    note_deeds(folder.history, [record])
