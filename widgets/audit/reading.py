"""What the page of the audit trail reads of a plant's file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.audit.journal import PAST
from app.audit.search import AuditPage, AuditQuery, Standing, persons, search, standing
from app.database import DatabaseMissing
from app.exchange.audit_output import write_audit
from app.past import open_as_known
from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class About:
    """What stands beside the list: how the log stands, and everybody who is in it."""

    standing: Standing = field(default_factory=Standing)
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditReading:
    """Reads the log of one plant; a plant without a history has an empty one."""

    folder: PlantFolder

    def page(self, query: AuditQuery) -> AuditPage:
        """Return a page; raise DatabaseError."""
        try:
            with closing(open_as_known(self.folder.history, PAST)) as connection:
                return search(connection, query)
        except DatabaseMissing:
            return AuditPage((), 1)

    def about(self) -> About:
        """Return what stands beside the list; raise DatabaseError."""
        try:
            with closing(open_as_known(self.folder.history, PAST)) as connection:
                return About(standing(connection), persons(connection))
        except DatabaseMissing:
            return About()

    def write(self, target: Path, query: AuditQuery) -> int:
        """Write what a query asks for as CSV; raise DatabaseError or OSError."""
        return write_audit(self.folder.history, target, query)
