"""What the page of handovers reads of a plant's file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.database import DatabaseMissing
from app.handover import store
from app.handover.desk import HandoverDesk
from app.model.handover import Handover, OpenPoint
from app.model.plant import Plant
from app.model.report import ReportFormat
from app.model.shift import Period
from app.past import open_as_known
from app.plant.atomic import replace_bytes
from app.plant.folder import PlantFolder
from app.report.content import ReportContent
from app.report.progress import ReportProgress
from app.report.reading import ReportReading
from app.report.record import report_in
from app.report.seal import handover_faults
from widgets.report.files import content_of


@dataclass(frozen=True, slots=True)
class Standing:
    """How handovers stand: the open points, all points by number, and the handovers, newest first."""

    open: tuple[OpenPoint, ...] = ()
    closed: tuple[OpenPoint, ...] = ()
    handovers: tuple[Handover, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A report that is looked at: a draft, or what was signed with `handover`.

    `faults`: what is not as it was sealed.
    """

    key: str
    content: ReportContent | None
    handover: Handover | None = None
    points: tuple[OpenPoint, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverReading:
    """Reads one plant; every method may raise DatabaseError, `draft` also ReportError, `write` OSError."""

    folder: PlantFolder
    plant: Plant

    def newest(self) -> int:
        """Return the number of the newest step, 0 where there is none."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST)) as connection:
                return store.last_number(connection)
        except DatabaseMissing:
            return 0

    def standing(self) -> Standing:
        """Return how handovers stand; a plant without a history has none."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST)) as connection:
                desk = HandoverDesk(self.plant.calendar, (), store.steps(connection))
        except DatabaseMissing:
            return Standing()
        closed = tuple(point for point in reversed(desk.points.values()) if not point.is_open)
        return Standing(desk.open_points(), closed, tuple(reversed(desk.handovers.values())))

    def draft(self, period: Period, now: int, progress: ReportProgress) -> Shown:
        """Return the report of a shift as it is now, with the points that are open."""
        content = ReportReading(self.folder.history, self.plant, progress).read(period, now)
        return Shown(period.key, content, points=self.standing().open)

    def signed(self, handover: Handover) -> Shown:
        """Return the report that was signed with a handover, and whether all of it is as it was."""
        with closing(open_as_known(self.folder.history, store.PAST)) as connection:
            record = store.report_of(connection, handover.report)
            faults = tuple(fault.text for fault in handover_faults(connection))
        return Shown(handover.key, None if record is None else report_in(record), handover, handover.points, faults)

    def write(self, shown: Shown, target: Path, language: str) -> int:
        """Write what is shown as PDF, Excel, HTML or JSON, as the name of `target` ends; return how many bytes."""
        if shown.content is None:
            return 0
        kind = ReportFormat(target.suffix.lower().removeprefix("."))
        content = content_of(
            shown.content, self.plant.calendar, kind, language, handover=shown.handover, points=shown.points
        )
        replace_bytes(target, content)
        return len(content)
