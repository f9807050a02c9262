"""What another process than the collector did to a plant: into its log, which may be written meanwhile, and signed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.database import open_writer
from app.model.audit import AuditRecord


def note_deeds(history: Path, records: Sequence[AuditRecord]) -> None:
    """Append records to the log of the plant whose file is `history`, and sign it; raise DatabaseError."""
    with closing(open_writer(history)) as connection:
        journal = AuditJournal(connection)
        journal.append(records)
        CheckpointKeeper(journal).keep(is_ending=True)
