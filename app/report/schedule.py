"""Which reports a plant writes by itself, which of them are missing, and where they go.

`reports.json` in the plant's folder remembers of each kind of period up to where its reports are written, so that what
a stop of the station, a full disk or a folder that was gone has prevented is made up for, and a report that somebody
has moved away is not written again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.report import ReportFormat
from app.model.shift import Period, PeriodKind
from app.plant.atomic import replace_text
from app.plant.folder import PlantFolder

SETTLE_NS = 30 * NS_PER_S
"""So long after its end, what belongs to a period is stored."""
MOST_MISSED = 93
"""After a long stop so many reports of a kind are made up for, the newest ones: a month of shifts."""


@dataclass(frozen=True, slots=True)
class ReportDiary:
    """Up to where (int64 ns UTC) the reports of each kind are written, in the file at `path`."""

    path: Path

    @classmethod
    def of(cls, folder: PlantFolder) -> ReportDiary:
        """Return the diary of a plant."""
        return cls(folder.path / "reports.json")

    def read(self) -> dict[PeriodKind, int]:
        """Return it, without what cannot be understood; raise OSError where the file cannot be read."""
        try:
            content = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # cut off by a power failure of an older file system: begin anew
            return {}
        found = content if isinstance(content, dict) else {}
        return {kind: int(found[kind]) for kind in PeriodKind if isinstance(found.get(kind), int)}

    def note(self, kind: PeriodKind, until: int) -> None:
        """Note that the reports of a kind are written up to there; raise OSError."""
        replace_text(self.path, json.dumps({**self.read(), kind: until}, indent=1))

    def begin(self, plant: Plant, now: int) -> None:
        """Note that what ended before `now` is not made up for, for each kind that is written for the first time."""
        known = self.read()
        for kind in plant.report.every:
            if kind not in known:
                self.note(kind, now)


def due(plant: Plant, written: Mapping[PeriodKind, int], now: int) -> list[Period]:
    """Return the periods whose reports are missing at `now` (ns UTC), in the order in which they ended.

    `written`: up to where those of each kind are there; of a kind that is not named nothing is due.
    """
    found: list[Period] = []
    for kind in plant.report.every:
        if kind in written:
            missing = list(plant.calendar.ended_between(kind, written[kind], now - SETTLE_NS))
            found += missing[-MOST_MISSED:]
    return sorted(found, key=lambda period: (period.end, period.start))


def next_end(plant: Plant, now: int) -> int:
    """Return when (ns UTC) the next report becomes due, a day on where none does by then."""
    later = now + 86_400 * NS_PER_S
    ends = [
        period.end + SETTLE_NS
        for kind in plant.report.every
        for period in plant.calendar.ended_between(kind, now - SETTLE_NS, later)
    ]
    return min(ends, default=later)


def target_of(folder: PlantFolder, plant: Plant, period: Period, kind: ReportFormat) -> Path:
    """Return the file of a report."""
    name = "".join(each if each.isalnum() or each in "-_." else "-" for each in f"{plant.id}-{period.key}")
    return folder.path / (plant.report.folder or "reports") / f"{name}.{kind.value}"
