"""Whether handovers, and the reports that were signed with them, are as the log of the plant has them."""

from __future__ import annotations

from app.audit.journal import with_actions
from app.database import PlantConnection
from app.handover.store import HandoverFault, faults
from app.model.audit import AuditAction


def handover_faults(connection: PlantConnection) -> list[HandoverFault]:
    """Return which steps of handovers, or signed reports, are not as the log has them; raise DatabaseError."""
    records = with_actions(connection, AuditAction.HANDOVER_STEPPED)
    return faults(connection, {int(record.outcome): record.digest for record in records if record.outcome.isdigit()})
