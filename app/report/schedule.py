"""Which reports a plant writes by itself, which of them are missing, and where they go.

`reports.json` in the plant's folder remembers of each kind of period up to where its reports are written, so that what
a stop of the station, a full disk or a folder that was gone has prevented is made up for, and a report that somebody
has moved away is not written again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.report import ReportFormat
from app.model.shift import Period, PeriodKind, UnknownPeriod
from app.plant.atomic import replace_text
from app.plant.folder import PlantFolder

SETTLE_NS = 30 * NS_PER_S
"""So long after its end, what belongs to a period is stored."""
LEAP_NS = 40 * 86_400 * NS_PER_S
"""Longer than any time between two reports."""
_DOUBT_NS = 3_600 * NS_PER_S
_UNWRITTEN = "unwritten"
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
        """Return it; raise OSError where the file cannot be read.

        Of a damaged file it is known that it was written last after a report: what ended since an hour before is made
        anew, so that none is lost.
        """
        found = self._content()
        if found is None:
            return dict.fromkeys(PeriodKind, self.path.stat().st_mtime_ns - _DOUBT_NS)
        return {kind: int(found[kind]) for kind in PeriodKind if isinstance(found.get(kind), int)}

    def unwritten(self) -> list[str]:
        """Return the keys of the reports that could not be made when others could; raise OSError."""
        keys = (self._content() or {}).get(_UNWRITTEN)
        return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []

    def note(self, kind: PeriodKind, until: int) -> None:
        """Note that the reports of a kind are written up to there; raise OSError."""
        self._write({**self.read(), kind: until}, self.unwritten())

    def settle(self, period: Period, *, is_written: bool) -> None:
        """Note that it was a report's turn, and whether it has to be tried again; raise OSError."""
        written = self.read()
        keys = [key for key in self.unwritten() if key != period.key]
        until = max(written.get(period.kind, period.end), period.end)
        self._write({**written, period.kind: until}, keys if is_written else [*keys, period.key])

    def begin(self, plant: Plant, now: int) -> None:
        """Note that what ended before `now` is not made up for, for each kind that is written for the first time.

        Where the clock was set back, what it will pass once more is written again, with what is known then.
        """
        known = self.read()
        for kind in plant.report.every:
            if known.get(kind, now + 1) > now:
                self.note(kind, now)

    def missing(self, plant: Plant, now: int) -> list[Period]:
        """Return the periods whose reports are missing at `now` (ns UTC): those that failed, then what is due."""
        failed = [period for key in self.unwritten() if (period := _named(plant, key)) is not None]
        return failed + [period for period in due(plant, self.read(), now) if period not in failed]

    def _content(self) -> dict[str, Any] | None:
        """Return what the file holds, None where that cannot be understood."""
        try:
            content = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # cut off by a power failure of an older file system
            return None
        return content if isinstance(content, dict) else None

    def _write(self, written: Mapping[PeriodKind, int], keys: Sequence[str]) -> None:
        replace_text(self.path, json.dumps({**written, **({_UNWRITTEN: keys} if keys else {})}, indent=1))


def is_leap(plant: Plant, written: Mapping[PeriodKind, int], now: int) -> bool:
    """Return whether so much time has passed since the last report that the clock may be wrong."""
    known = [written[kind] for kind in plant.report.every if kind in written]
    return bool(known) and now - max(known) > LEAP_NS


def _named(plant: Plant, key: str) -> Period | None:
    """Return the period of a key, None where the plant has no such shift any more."""
    try:
        return plant.calendar.named(key)
    except UnknownPeriod:
        return None


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
