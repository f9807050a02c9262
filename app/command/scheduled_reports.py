"""`foreshift report PLANT --scheduled`: writes the reports that are due, as the collector has it done by a child."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.model import clock

if TYPE_CHECKING:
    from app.model.plant import Plant
    from app.model.shift import Period
    from app.plant.folder import PlantFolder

_LOWEST = 19
READABLE = 0o644


def write_due(folder: PlantFolder, plant: Plant) -> int:
    """Write every report that is due, with the lowest priority; return the exit code.

    Raise UsageFailure where the plant writes none by itself, and OSError, DatabaseError or ReportError with the name of
    the report that could not be written: it, and what ended after it, is written the next time.
    """
    from app.report.schedule import ReportDiary, due

    if not plant.report.every:
        raise UsageFailure('no report is written by itself: add every = ["shift"] under [report] in plant.toml')
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    diary, now = ReportDiary.of(folder), clock.now_ns()
    diary.begin(plant, now)
    for period in due(plant, diary.read(), now):
        _write(folder, plant, period)
        diary.note(period.kind, period.end)
    return 0


def _write(folder: PlantFolder, plant: Plant, period: Period) -> None:
    from app.plant.atomic import replace_bytes
    from app.report.reading import ReportReading
    from app.report.schedule import target_of
    from widgets.handover.reading import HandoverReading
    from widgets.report.files import content_of

    standing = HandoverReading(folder, plant).standing()
    handover = next((each for each in standing.handovers if each.key == period.key), None)
    content = ReportReading(folder.history, plant).read(period, clock.now_ns())
    for kind in plant.report.formats:
        target = target_of(folder, plant, period, kind)
        written = content_of(
            content, plant.calendar, kind, plant.report.language, handover=handover, points=standing.open
        )
        try:
            replace_bytes(target, written)
            target.chmod(READABLE)  # they are for everybody, as far as the folder lets them
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageFailure(
                f"the report {period.key} cannot be written to {target}: {reason}; make room, or name another folder "
                "under [report] in plant.toml"
            ) from error
        print(f"{target}: {period.key}, {len(written):,} bytes", flush=True)
