"""`foreshift report PLANT --scheduled`: writes the reports that are due, as the collector has it done by a child."""

from __future__ import annotations

import logging
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure, is_told
from app.model import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.model.plant import Plant
    from app.model.shift import Period, PeriodKind
    from app.plant.folder import PlantFolder

log = logging.getLogger(__name__)

_LOWEST = 19
READABLE = 0o644


def write_due(folder: PlantFolder, plant: Plant) -> int:
    """Write every report that is due, with the lowest priority; return the exit code.

    Raise UsageFailure where the plant writes none by itself, and OSError, DatabaseError or ReportError with the name of
    the report that could not be written: it, and what ended after it, is written the next time.
    """
    from filelock import FileLock

    from app.report.schedule import ReportDiary

    if not plant.report.every:
        raise UsageFailure('no report is written by itself: add every = ["shift"] under [report] in plant.toml')
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    diary = ReportDiary.of(folder)
    # who comes second waits, and then finds nothing left to be written
    with FileLock(diary.path.with_suffix(".lock")):
        now = clock.now_ns()
        diary.begin(plant, now)
        _check_clock(folder, plant, diary.read(), now)
        failures = [failure for period in diary.missing(plant, now) if (failure := _settle(folder, plant, period))]
    if failures:
        raise failures[0]
    return 0


def _check_clock(folder: PlantFolder, plant: Plant, written: Mapping[PeriodKind, int], now: int) -> None:
    """Raise UsageFailure where months have passed at once, and the history does not bear the clock out."""
    from app.database import open_reader
    from app.history.retention import is_clock_borne_out
    from app.report.schedule import is_leap

    if not is_leap(plant, written, now):
        return
    with closing(open_reader(folder.history)) as connection:
        if is_clock_borne_out(connection, now):
            return
    shown = plant.calendar.on_wall(now).isoformat(sep=" ", timespec="minutes")
    raise UsageFailure(
        f"no report is written yet: the clock of this PC says {shown}, long after the last report: set it right, or "
        "let the station collect for a day; then what is missing is written"
    )


def _settle(folder: PlantFolder, plant: Plant, period: Period) -> UsageFailure | None:
    """Write one report and note it; return what is wrong with it where that is of this one alone.

    Raise UsageFailure, OSError, DatabaseError or ReportError for what would prevent those behind it as well.
    """
    from app.report.schedule import ReportDiary

    diary = ReportDiary.of(folder)
    try:
        _write(folder, plant, period)
    except Exception as error:
        if is_told(error):
            raise
        log.exception("report.failed key=%s", period.key)
        diary.settle(period, is_written=False)
        return UsageFailure(
            f"the report {period.key} cannot be made: {type(error).__name__}: {error}; the others are written, and it "
            "is tried again"
        )
    diary.settle(period, is_written=True)
    return None


def _check_folder(plant: Plant, period: Period) -> None:
    """Raise UsageFailure where the folder of another disk is gone: made anew, it would be one of this disk instead."""
    folder = Path(plant.report.folder)
    if folder.is_absolute() and not folder.is_dir():
        raise UsageFailure(
            f"the report {period.key} cannot be written: the folder {folder} is not there: connect its drive, or make "
            "it"
        )


def _write(folder: PlantFolder, plant: Plant, period: Period) -> None:
    from app.plant.atomic import replace_bytes
    from app.report.reading import ReportReading
    from app.report.schedule import target_of
    from widgets.handover.reading import HandoverReading
    from widgets.report.files import content_of

    _check_folder(plant, period)
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
