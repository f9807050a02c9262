"""A plant's file as a collector leaves it: samples of minutes, the life of an alarm, a while without a collector."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from msgspec import structs

from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.writer import HistoryWriter
from app.model import status
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState
from app.model.block import Block, concatenate
from app.model.exact import DataType
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.prediction.store import ClaimStore
from tests.widgets import plant as screens

SECOND = screens.SECOND
START = screens.NOW // SECOND * SECOND - 3_600 * SECOND
SECONDS = 600
SILENCE = (300, 420)
"""Seconds in which nothing was collected."""
TEXT = 5
"""The tag that is a text here."""


def at(second: float) -> int:
    """Return an instant of the recorded day, int64 ns UTC."""
    return START + round(second * SECOND)


def recorded_plant() -> Plant:
    """The plant of all screens, one tag of which is a text."""
    plant = screens.plant()
    tags = list(plant.tags)
    tags[TEXT] = replace(tags[TEXT], data_type=DataType.STRING)
    return replace(plant, tags=tuple(tags))


def value(handle: int, second: int) -> float:
    """Return what a tag was at a second of the day."""
    return 100.0 * handle + second


def code(handle: int, second: int) -> int:
    """Return the status with it: the first tag loses its device for a while."""
    return status.BAD_NO_COMMUNICATION if handle == 0 and 100 <= second < 130 else status.GOOD


def alarm_life() -> list[AlarmRecord]:
    """One alarm from its raising to its end."""
    raised = screens.alarm("AC01.T_D", now=at(60), age_s=0)
    steps = (
        (60, AlarmState.UNACKNOWLEDGED, AlarmEvent.RAISE, ""),
        (90, AlarmState.ACKNOWLEDGED, AlarmEvent.ACKNOWLEDGE, "L. Chen"),
        (200, AlarmState.NORMAL, AlarmEvent.CLEAR, ""),
        (500, AlarmState.UNACKNOWLEDGED, AlarmEvent.RAISE, ""),
    )
    return [
        structs.replace(raised, state=state, event=event, changed=at(second), by=by, value=104.0 + second)
        for second, state, event, by in steps
    ]


def state_at(second: float) -> AlarmRecord | None:
    """Return the alarm as the journal had it at a second of the day, None while it was normal."""
    known = [record for record in alarm_life() if record.changed <= at(second)]
    return known[-1] if known and known[-1].state is not AlarmState.NORMAL else None


def record_day(path: Path) -> PlantFolder:
    """Write the day into a folder."""
    folder, plant = PlantFolder(path), recorded_plant()
    handles = [tag.handle for tag in plant.tags if not tag.is_text]
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        seconds = [each for each in range(SECONDS) if not SILENCE[0] < each < SILENCE[1]]
        writer.write(concatenate([_block(handles, second) for second in seconds]))
        record_gaps(connection, [Gap(at(SILENCE[0]), at(SILENCE[1]), GapReason.NOT_COLLECTING)])
        AlarmJournal(connection).record(alarm_life())
        ClaimStore(connection).write_findings(
            [screens.health("AC01", 90.0 - second / 10, made=at(second)) for second in (50, 150, 500)]
        )
    return folder


def _block(handles: list[int], second: int) -> Block:
    every = [*handles, TEXT]
    exact = np.array([*(None for _ in handles), f"recipe {second // 60}"], object)
    return Block(
        np.array(every, np.uint32),
        np.full(len(every), at(second), np.int64),
        np.array([*(value(handle, second) for handle in handles), np.nan]),
        np.array([*(code(handle, second) for handle in handles), status.GOOD], np.uint32),
        np.full(len(every), at(second), np.int64),
        exact,
    )
