"""Vibration in the collector: waveforms are recorded on schedule and on alarm; what they say goes to the cases."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

from app import database
from app.acquisition.connection import spec_of
from app.audit.journal import AuditJournal
from app.collector.recorder import Recorder
from app.database import PlantConnection
from app.model import clock, status
from app.model.alarm import AlarmRecord
from app.model.case import Indication
from app.model.connection import LinkState
from app.model.datavalue import DataValue
from app.model.plant import Plant
from app.model.vibration import MeasuringPoint, Trigger
from app.vibration.analysis import Analysis, analyse
from app.vibration.evidence import indications
from app.vibration.store import WaveformStore, newest_times
from app.vibration.waveform import BadWaveform, Waveform, check_waveform
from drivers.array_source import ArrayValue
from drivers.driver import TagSpec

log = logging.getLogger(__name__)

LOOK_S = 1.0
ANSWER_S = 30.0
"""So long a device may take to give its waveform."""
RETRY_S = 30.0
"""A record that could not be made is tried again after so long."""
QUIET_S = 60.0
"""One alarm triggers at most one record in so long: a limit that flutters fills no disk."""
AT_REST = 0.1
"""Below this share of its rated speed a machine stands, and what its sensor gives says nothing of it."""
_STANDS = "it stands"
_CONNECTED = {LinkState.RUNNING, LinkState.DEGRADED}
_NS_PER_H = 3_600 * clock.NS_PER_S


class Devices(Protocol):
    """What is asked of the acquisition."""

    def state(self, connection: str) -> LinkState:
        """Return the present state of a connection."""
        ...

    async def read(self, connection: str, spec: TagSpec) -> DataValue:
        """Ask a device for a value now."""
        ...

    async def read_array(self, connection: str, address: str) -> ArrayValue:
        """Ask a device for an array now."""
        ...


class VibrationDesk:
    """Records for one plant; called from the collector's event loop only. `tell` hears what records say."""

    def __init__(
        self,
        history: Path,
        plant: Plant,
        *,
        acquisition: Devices,
        recorder: Recorder,
        tell: Callable[[Sequence[Indication]], None],
    ) -> None:
        """Go on from what the file holds; raise DatabaseError."""
        self._plant = plant
        self._acquisition = acquisition
        self._recorder = recorder
        self._tell = tell
        self._points = [point for point in plant.measuring_points if point.address]
        self._tags = {tag.name: tag for tag in plant.tags}
        with closing(database.open_reader(history)) as connection:
            newest = newest_times(connection)
        self._due = {point.id: newest.get(point.id, 0) + self._period_ns(point) for point in self._points}
        self._active: set[str] = set()
        self._asked: set[str] = set()
        self._alarmed: dict[str, int] = {}
        self._problems: dict[str, str] = {}

    async def run(self) -> None:
        """Record what is due until cancelled."""
        while self._points:
            await self.record_due()
            await asyncio.sleep(LOOK_S)
        await asyncio.Event().wait()

    def hear_alarms(self, changes: Sequence[AlarmRecord]) -> None:
        """Take changes of alarms: one that becomes active at the level of a point lets it be recorded at once.

        The next limit of the same level records again, since it says that things are getting worse.
        """
        now = clock.now_ns()
        levels = {point.level: point.id for point in self._points if point.level}
        for record in changes:
            was_active = record.alarm in self._active
            if not record.course.is_active:
                self._active.discard(record.alarm)
            elif not was_active:
                self._active.add(record.alarm)
                last = self._alarmed.get(record.alarm)
                if record.tag in levels and (last is None or now - last >= QUIET_S * clock.NS_PER_S):
                    self._alarmed[record.alarm] = now
                    self._asked.add(levels[record.tag])

    async def record_due(self) -> None:
        """Record the points that are due or asked for, one after another: a device is asked for one array at once."""
        for point in self._points:
            now = clock.now_ns()
            if self._acquisition.state(point.connection) not in _CONNECTED:
                continue
            if point.id in self._asked:
                self._asked.discard(point.id)
                await self.record(point, Trigger.ALARM)
            elif point.every_h and now >= self._due[point.id]:
                is_done = await self.record(point, Trigger.SCHEDULE)
                pause = self._period_ns(point) if is_done else int(RETRY_S * clock.NS_PER_S)
                self._due[point.id] = clock.now_ns() + pause

    async def record(self, point: MeasuringPoint, trigger: Trigger) -> bool:
        """Record a point now; return whether that was possible."""
        try:
            async with asyncio.timeout(ANSWER_S):
                speed = await self._speed_of(point)
                if 0.0 <= speed < AT_REST * point.rated_rpm:
                    return self._note(point, _STANDS)
                value = await self._acquisition.read_array(point.connection, point.address)
        except TimeoutError:
            return self._note(point, f"{point.connection} has not answered within {ANSWER_S:g} s")
        if not value.is_good:
            return self._note(point, value.reason or status.name(value.status))
        waveform = Waveform(
            point.id,
            point.equipment,
            value.time,
            point.rate_hz,
            point.unit,
            value.values() * point.gain,
            max(0.0, speed),
            trigger,
        )
        zones = self._plant.zones_of(point)
        try:
            check_waveform(waveform)
        except BadWaveform as error:
            return self._note(point, str(error))
        analysis = await asyncio.to_thread(analyse, waveform, point, zones)
        before = self._kept_since(point, clock.now_ns())
        await asyncio.wrap_future(self._recorder.keep(partial(_write, analysis=analysis, before=before)))
        self._note(point, "")
        self._tell(indications(analysis, point, zones))
        return True

    async def _speed_of(self, point: MeasuringPoint) -> float:
        """Return the shaft's speed now, 1/min; -1 where its tag does not tell it: a guess would name wrong lines."""
        if not point.speed:
            return point.rated_rpm or -1.0
        tag = self._tags[point.speed]
        if self._acquisition.state(tag.connection) not in _CONNECTED:
            return -1.0
        sample = await self._acquisition.read(tag.connection, spec_of(tag))
        return -1.0 if sample.status >= status.BAD or math.isnan(sample.value) else abs(sample.value)

    def _note(self, point: MeasuringPoint, problem: str) -> bool:
        """Log what has changed about whether a point can be recorded; return False."""
        if problem and problem != self._problems.get(point.id):
            level = logging.INFO if problem == _STANDS else logging.WARNING
            log.log(level, "vibration.not_recorded point=%s %s", point.id, problem)
        elif not problem and self._problems.get(point.id):
            log.info("vibration.recorded_again point=%s", point.id)
        self._problems[point.id] = problem
        return False

    def _period_ns(self, point: MeasuringPoint) -> int:
        return int(point.every_h / self._plant.time_scale * _NS_PER_H)

    def _kept_since(self, point: MeasuringPoint, now: int) -> int:
        return now - int(24.0 * point.keep_days / self._plant.time_scale * _NS_PER_H) if point.keep_days else 0


def _write(connection: PlantConnection, _: AuditJournal, *, analysis: Analysis, before: int) -> None:
    store = WaveformStore(connection, is_migrated=True)
    store.add(analysis.waveform, analysis.measure)
    if before:
        store.thin(analysis.waveform.point, before)
