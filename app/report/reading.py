"""Reads a report of any shift, day or month out of a plant's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from app.database import open_reader
from app.history.reader import HistoryReader
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.shift import Period
from app.model.text import LocalText
from app.report import events, values
from app.report.content import GapLine, ReportContent
from app.report.failure import NothingToReport
from app.report.progress import ReportProgress
from app.report.sampling import Sampling

_NOTICED_NS = 60 * NS_PER_S


@dataclass(frozen=True, slots=True)
class ReportReading:
    """Reads reports of the plant whose file is `history`; `progress` tells how far that is, and may cancel it."""

    history: Path
    plant: Plant
    progress: ReportProgress = field(default_factory=ReportProgress)

    def read(self, period: Period, now: int) -> ReportContent:
        """Return the report of a period as it is known at `now` (ns UTC).

        Raise NothingToReport where it begins later, ReportCancelled where it was, DatabaseError where the file cannot
        be read.
        """
        reached = min(period.end, now)
        if reached <= period.start:
            begins = self.plant.calendar.on_wall(period.start).isoformat(sep=" ", timespec="minutes")
            raise NothingToReport(f"{period.key} begins at {begins}: there is nothing to report yet")
        self.progress.total = values.readings(self.plant)
        with HistoryReader(self.history) as reader:
            sampling = Sampling.of(reader, period.start, reached, self.progress.step)
            running = values.running_times(self.plant, sampling)
            states = values.state_times(self.plant, sampling)
            told, more_tags = values.key_values(self.plant, sampling)
            production, energy = values.totals(self.plant, sampling)
            gaps = _gap_lines(sampling, self.plant)
        span = (period.start, reached)
        with closing(open_reader(self.history)) as connection:
            alarms = events.alarm_part(connection, *span)
            people, deeds, more_deeds = events.deeds(connection, *span)
            comments, more_comments = events.comments(connection, *span)
            cases, forecasts = events.case_lines(connection, *span), events.forecast_lines(connection, *span)
            work = events.work_rows(connection, *span)
        shift = self.plant.calendar.shift(period.shift)
        return ReportContent(
            plant=self.plant.name,
            kind=period.kind,
            key=period.key,
            shift=LocalText("") if shift is None else shift.name,
            start=period.start,
            end=period.end,
            reached=reached,
            made=now,
            version=version("foreshift"),
            zone=self.plant.calendar.zone,
            time_scale=self.plant.time_scale,
            names={equipment.id: equipment.name for equipment in self.plant.equipment},
            running=running,
            states=states,
            values=told,
            more_tags=more_tags,
            production=production,
            energy=energy,
            alarms=alarms,
            people=people,
            deeds=deeds,
            more_deeds=more_deeds,
            cases=cases,
            forecasts=forecasts,
            work=work,
            gaps=gaps,
            comments=comments,
            more_comments=more_comments,
        )


def _gap_lines(sampling: Sampling, plant: Plant) -> tuple[GapLine, ...]:
    found = [gap for gap in sampling.gaps if gap.end > sampling.start and gap.start < sampling.end]
    names: dict[int | None, str] = {}
    if any(gap.tag is not None for gap in found):
        names = {sampling.reader.number(tag.name): tag.name for tag in plant.tags}
    lines = tuple(
        GapLine(
            max(gap.start, sampling.start),
            min(gap.end, sampling.end),
            gap.reason,
            gap.lost,
            "" if gap.tag is None else names.get(gap.tag, f"#{gap.tag}"),
        )
        for gap in found
    )
    return (*_outside_of_the_file(sampling), *lines)


def _outside_of_the_file(sampling: Sampling) -> Iterator[GapLine]:
    """Yield the time before the first sample of all, and that behind the last one, which no gap tells yet."""
    extent = sampling.reader.extent()
    first, last = extent if extent is not None else (sampling.end, sampling.end)
    if first - sampling.start > _NOTICED_NS:
        yield GapLine(sampling.start, min(first, sampling.end), "not begun", 0)
    behind = max(last, sampling.start, *(gap.end for gap in sampling.gaps if gap.tag is None), 0)
    if sampling.end - behind > _NOTICED_NS:
        yield GapLine(behind, sampling.end, "nothing since", 0)
