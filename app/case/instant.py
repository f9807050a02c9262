"""The cases as they were open at a past instant, from their records and their lines of evidence."""

from __future__ import annotations

from dataclasses import replace

from app.case.store import cases, evidence
from app.database import PlantConnection, has_table
from app.model.case import CaseRecord
from app.model.text import LocalText

_OPEN = """
    SELECT number, (SELECT count(*) FROM case_evidence AS line WHERE line.number = kept.number AND line.time <= :at)
    FROM equipment_case AS kept WHERE opened <= :at AND (closed = 0 OR closed > :at) ORDER BY number
"""


class CasesAt:
    """Goes from one instant to another over a connection, which stays the caller's."""

    def __init__(self, connection: PlantConnection) -> None:
        """Begin at no instant."""
        self._connection = connection
        self._known: list[tuple[int, int]] | None = None

    def go_to(self, at: int) -> tuple[CaseRecord, ...] | None:
        """Return all cases that were open at an instant (int64 ns UTC), None where they are those told before."""
        found: list[tuple[int, int]] = []
        if has_table(self._connection, "equipment_case"):
            found = self._connection.execute(_OPEN, {"at": at}).fetchall()
        if found == self._known:
            return None
        self._known = found
        return tuple(self._record(number, lines) for number, lines in found)

    def _record(self, number: int, lines: int) -> CaseRecord:
        (kept,) = cases(self._connection, before=number + 1, limit=1)
        return as_of(kept, self._connection, lines)


def as_of(kept: CaseRecord, connection: PlantConnection, lines: int) -> CaseRecord:
    """Return a case as it was after its first `lines` lines of evidence, before any verdict.

    What is likely and what is similar is only told where all the evidence was there: it was weighed by the end of it.
    """
    seen = evidence(connection, kept.number)[:lines]
    is_whole = len(seen) == kept.evidence
    indicators = tuple(dict.fromkeys(line.indicator for line in seen))
    return replace(
        kept,
        changed=seen[-1].time if seen else kept.opened,
        peak=max((line.score / line.limit for line in seen if line.limit), default=0.0),
        indicators=indicators or kept.indicators[:1],
        contributions=seen[-1].contributions if seen else (),
        causes=kept.causes if is_whole else (),
        similar=kept.similar if is_whole else (),
        is_present=True,
        evidence=len(seen),
        closed=0,
        verdict=None,
        cause=LocalText(""),
        reason="",
        by="",
        work_order="",
    )
