"""What the page of cases reads of a plant's file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from app.case.store import PAST, cases, effects, evidence
from app.database import DatabaseMissing
from app.model.case import CaseEffect, CaseEvidence, CaseRecord
from app.model.score import Claim
from app.past import open_as_known
from app.plant.folder import PlantFolder
from app.prediction.store import PAST_CLAIMS, claims

MOST = 500


@dataclass(frozen=True, slots=True)
class CaseReading:
    """Reads the cases of one plant; a plant without a history has none. Every method may raise DatabaseError."""

    folder: PlantFolder

    def closed(self) -> list[CaseRecord]:
        """Return the newest closed cases, newest first."""
        try:
            with closing(open_as_known(self.folder.history, PAST, PAST_CLAIMS)) as connection:
                return cases(connection, is_open=False, limit=MOST)
        except DatabaseMissing:
            return []

    def evidence(self, case: int) -> list[CaseEvidence]:
        """Return the lines of evidence of a case, oldest first."""
        try:
            with closing(open_as_known(self.folder.history, PAST, PAST_CLAIMS)) as connection:
                return evidence(connection, case)
        except DatabaseMissing:
            return []

    def claims(self) -> list[Claim]:
        """Return what was foretold last, newest first."""
        try:
            with closing(open_as_known(self.folder.history, PAST, PAST_CLAIMS)) as connection:
                return claims(connection)
        except DatabaseMissing:
            return []

    def effects(self) -> list[CaseEffect]:
        """Return the changes that verdicts made, newest first."""
        try:
            with closing(open_as_known(self.folder.history, PAST, PAST_CLAIMS)) as connection:
                return effects(connection)[::-1]
        except DatabaseMissing:
            return []
