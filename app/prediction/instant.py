"""What forecasts and health values told at a past instant, from the findings that were kept."""

from __future__ import annotations

from collections.abc import Iterable

from app.database import PlantConnection, has_table
from app.model.forecast import Forecast, Health
from app.prediction.store import finding_at


class FindingsAt:
    """Goes from one instant to another over a connection, which stays the caller's."""

    def __init__(self, connection: PlantConnection, *, equipment: Iterable[str], forecasts: Iterable[str]) -> None:
        """Begin at no instant; `equipment`, `forecasts`: the ids of all that may have findings."""
        self._connection = connection
        self._subjects = [*(f"health {each}" for each in equipment), *(f"forecast {each}" for each in forecasts)]
        self._made: dict[str, int] = {}
        self._at: int | None = None

    def go_to(self, at: int) -> list[Forecast | Health]:
        """Return the findings at an instant (int64 ns UTC) that were not told yet, all of them after a step back."""
        if self._at is not None and at < self._at:
            self._made.clear()
        self._at = at
        if not has_table(self._connection, "finding"):
            return []
        found: list[Forecast | Health] = []
        for subject in self._subjects:
            finding = finding_at(self._connection, subject, at)
            if finding is not None and finding.made != self._made.get(subject):
                self._made[subject] = finding.made
                found.append(finding)
        return found
