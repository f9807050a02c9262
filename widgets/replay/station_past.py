"""What the station showed at a past instant: values from the history, alarms from their journal, cases and findings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.model import clock, status
from app.model.alarm import Priority
from app.model.block import TimeArray
from app.model.forecast import Forecast, Health
from app.model.plant import Plant
from app.model.plant_state import PlantState
from app.model.remaining_life import LifeForecast
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, CasesChanged, Event, ForecastsChanged, HealthChanged, LivesChanged
from app.pubsub.live import LatestValues
from widgets.replay.upkeep_past import UpkeepPast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.alarm.instant import AlarmsAt
    from app.case.instant import CasesAt
    from app.database import PlantConnection
    from app.history.reader import HistoryReader
    from app.prediction.instant import FindingsAt


@dataclass(frozen=True, slots=True)
class StationState:
    """The station at `at` (int64 ns UTC): the newest sample of every tag, and what is different from the one before.

    `is_collecting`: whether anything was collected then; where not, `latest` holds what was known last.
    `extent`: the first and the last instant that are stored by now.
    """

    at: int
    latest: LatestValues
    events: tuple[Event, ...]
    is_collecting: bool
    extent: tuple[int, int]


class _Files(NamedTuple):
    history: HistoryReader
    connection: PlantConnection
    alarms: AlarmsAt
    cases: CasesAt
    findings: FindingsAt
    upkeep: UpkeepPast


class StationPast:
    """Reads states of one plant, one after another; used from one thread, in which its files are opened.

    Every method raises DatabaseError where they cannot be read; then the next one opens them anew.
    """

    def __init__(self, folder: PlantFolder, plant: Plant) -> None:
        self._folder = folder
        self._plant = plant
        self._exact = [tag for tag in plant.tags if tag.data_type.is_exact]
        self._names: tuple[str, ...] = ()
        self._handles = np.empty(0, np.intp)
        self._texts: dict[int, tuple[int, str]] = {}
        self._extent = (0, (0, 0))
        self._files: _Files | None = None

    def read(self, at: int) -> StationState:
        """Return the station at an instant (int64 ns UTC)."""
        with self._opened() as files:
            state = files.history.state_at(at)
            latest = self._latest(files.history, state)
            gaps = files.history.gaps(at, at + 1)
            is_silent = any(gap.tag is None and gap.reason == _SILENT and gap.start < at < gap.end for gap in gaps)
            return StationState(at, latest, _events(files, at), not is_silent, self._known_extent(files.history, at))

    def raised(self, at: int, *, is_forward: bool) -> int | None:
        """Return when the next alarm, or the one before, was raised, seen from an instant, int64 ns UTC."""
        from app.alarm.instant import raised_after, raised_before  # noqa: PLC0415 - as in _open

        with self._opened() as files:
            return (raised_after if is_forward else raised_before)(files.connection, at)

    def raises(self, start: int, end: int) -> tuple[tuple[int, Priority], ...]:
        """Return when alarms were raised in start <= time < end (ns UTC), and of which priority: of a minute once."""
        from app.alarm.instant import raises_within  # noqa: PLC0415 - as in _open

        with self._opened() as files:
            return raises_within(files.connection, start, end)

    def close(self) -> None:
        """Let go of the files; in the thread that has read."""
        files, self._files = self._files, None
        if files is not None:
            files.history.close()
            files.connection.close()

    @contextmanager
    def _opened(self) -> Iterator[_Files]:
        """Give the files; after a failure they are opened anew, and all that is told is told as a whole."""
        if self._files is None:
            self._files = _open(self._folder, self._plant)
        try:
            yield self._files
        except BaseException:
            self.close()
            raise

    def _known_extent(self, history: HistoryReader, at: int) -> tuple[int, int]:
        """Return what is stored, looked up once a second."""
        now = clock.monotonic_ns()
        if now - self._extent[0] >= clock.NS_PER_S:
            self._extent = (now, history.extent() or (at, at))
        return self._extent[1]

    def _latest(self, history: HistoryReader, state: PlantState) -> LatestValues:
        tags = len(self._plant.tags)
        time, value = np.zeros(tags, np.int64), np.full(tags, np.nan)
        code = np.full(tags, status.BAD_WAITING_FOR_INITIAL_DATA, np.uint32)
        if state.names != self._names:
            self._names = state.names
            handle = {history.present_name(tag.name): tag.handle for tag in self._plant.tags}
            self._handles = np.array([handle.get(name, -1) for name in state.names], np.intp)
        known = self._handles >= 0  # tags that have left the plant are in its history all the same
        handles = self._handles[known]
        time[handles], value[handles], code[handles] = state.time[known], state.value[known], state.status[known]
        return LatestValues(time, value, code, self._exact_values(history, time))

    def _exact_values(self, history: HistoryReader, time: TimeArray) -> Mapping[int, str]:
        """Return what a float64 cannot hold: texts and long whole numbers, read where they are others than before."""
        for tag in self._exact:
            moment = int(time[tag.handle])
            if not moment or self._texts.get(tag.handle, (0, ""))[0] == moment:
                continue
            series = history.exact(tag.name, moment, moment + 1)
            is_there = len(series) and series.status[-1] < status.BAD and series.value[-1] is not None
            text = str(series.value[-1]) if is_there else ""
            self._texts[tag.handle] = (moment, text)
        return {handle: text for handle, (moment, text) in self._texts.items() if moment == int(time[handle]) and text}


_SILENT = "not collecting"


def _open(folder: PlantFolder, plant: Plant) -> _Files:
    # SQLite's libraries take a third of a second to import: the window does not wait for them
    from app.alarm.instant import AlarmsAt  # noqa: PLC0415
    from app.case.instant import CasesAt  # noqa: PLC0415
    from app.database import open_reader  # noqa: PLC0415
    from app.history.reader import HistoryReader  # noqa: PLC0415
    from app.prediction.instant import FindingsAt  # noqa: PLC0415

    connection = open_reader(folder.history)
    findings = FindingsAt(
        connection,
        equipment=[each.id for each in plant.equipment],
        forecasts=[each.id for each in plant.forecasts],
    )
    upkeep = UpkeepPast(connection, plant)
    history = HistoryReader(folder.history)
    return _Files(history, connection, AlarmsAt(connection), CasesAt(connection), findings, upkeep)


def _events(files: _Files, at: int) -> tuple[Event, ...]:
    """Return what the collector would have told, all of one state of the file."""
    files.connection.execute("BEGIN")
    try:
        alarms, cases, findings = files.alarms.go_to(at), files.cases.go_to(at), files.findings.go_to(at)
        upkeep = files.upkeep.go_to(at)
    finally:
        files.connection.rollback()
    events: list[Event] = []
    if alarms.is_whole or alarms.alarms:
        events.append(AlarmsChanged(alarms.alarms, is_snapshot=alarms.is_whole))
    if cases is not None:
        events.append(CasesChanged(cases, is_snapshot=True))
    healths = tuple(each for each in findings if isinstance(each, Health))
    forecasts = tuple(each for each in findings if isinstance(each, Forecast))
    if healths:
        events.append(HealthChanged(healths))
    lives = tuple(each for each in findings if isinstance(each, LifeForecast))
    if forecasts:
        events.append(ForecastsChanged(forecasts))
    if lives:
        events.append(LivesChanged(lives))
    return (*events, *upkeep)
