"""What forecasts, health values and remaining lives told at a past instant, from the findings that were kept."""

from __future__ import annotations

from collections.abc import Iterable

from app.database import PlantConnection, has_table
from app.prediction.store import Finding, finding_at
from app.prediction.subject import subject_of_forecast, subject_of_health, subject_of_life


class FindingsAt:
    """Goes from one instant to another over a connection, which stays the caller's."""

    def __init__(self, connection: PlantConnection, *, equipment: Iterable[str], forecasts: Iterable[str]) -> None:
        """Begin at no instant; `equipment`, `forecasts`: the ids of all that may have findings."""
        self._connection = connection
        of_equipment = (subject_of_health, subject_of_life)
        self._subjects = [subject(each) for each in equipment for subject in of_equipment]
        self._subjects += [subject_of_forecast(each) for each in forecasts]
        self._made: dict[str, int] = {}
        self._at: int | None = None

    def go_to(self, at: int) -> list[Finding]:
        """Return the findings at an instant (int64 ns UTC) that were not told yet, all of them after a step back."""
        if self._at is not None and at < self._at:
            self._made.clear()
        self._at = at
        if not has_table(self._connection, "finding"):
            return []
        found: list[Finding] = []
        for subject in self._subjects:
            finding = finding_at(self._connection, subject, at)
            if finding is not None and finding.made != self._made.get(subject):
                self._made[subject] = finding.made
                found.append(finding)
        return found
