"""What a collector takes over from its predecessor: the alarms that stood, and the past that predictions learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from app import database
from app.alarm.journal import standing
from app.history.gap import Gap, GapReason
from app.history.reader import HistoryReader
from app.maintenance.store import renewals
from app.model import clock, status
from app.model.alarm import AlarmRecord, StationFault
from app.model.datavalue import DataValue
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.pipeline.chain import OUT_OF_RANGE, CleaningChain
from app.prediction.foresight import Foresight
from app.prediction.state import PredictionState
from app.prediction.store import states_of
from app.prediction.subject import subject_of_forecast, subject_of_health

WARM_POINTS = 4_000
SHORTEST_GAP_NS = clock.NS_PER_S
_LOOKED_BACK = (8, 1_000, 100_000)
"""So many samples at the end of a counter are looked through for a total, the fewest that do."""
_EVER = (1 << 63) - 1
_CODE = np.uint32(0xFFFF_0000)
SECONDS_PER_HOUR = 3_600.0


def restored_alarms(history: Path, plant: Plant, faults: Sequence[StationFault] = ()) -> list[AlarmRecord]:
    """Return the alarms that were not normal when the last collector ended, as far as they are still defined."""
    known = {definition.id for definition in (*plant.alarms, *(fault.definition for fault in faults))}
    with closing(database.open_reader(history)) as connection:
        return [record for record in standing(connection) if record.alarm in known]


def gap_since_last(history: Path, now: int) -> Gap | None:
    """Return the stretch in which nothing was collected, from the newest sample to `now` (ns UTC); None for none."""
    with HistoryReader(history) as reader:
        extent = reader.extent()
    if extent is None or now - extent[1] < SHORTEST_GAP_NS:
        return None
    return Gap(extent[1] + 1, now, GapReason.NOT_COLLECTING)


def resumed_chain(history: Path, plant: Plant) -> CleaningChain:
    """Return the cleaning chain of a plant, whose totals of counters go on where the history ends.

    The newest sample of a counter need not be a total: it is bad where the device was gone, and as it was read where it
    lay outside the range.
    """
    with HistoryReader(history) as reader:
        latest = reader.latest()
        for tag in plant.tags:
            if tag.kind is TagKind.COUNTER and tag.name in latest:
                total = _last_total(reader, tag)
                if total is None:
                    del latest[tag.name]
                else:
                    latest[tag.name] = total
    return CleaningChain(plant.tags, latest=latest)


def _last_total(reader: HistoryReader, tag: TagDefinition) -> DataValue | None:
    """Return the newest total of a counter, with all its digits, None where there is none among many samples."""
    for limit in _LOOKED_BACK:
        series = reader.raw(tag.name, 0, _EVER, limit=limit)
        is_total = status.usable_mask(series.status) & ((series.status & _CODE) != OUT_OF_RANGE)
        rows = np.flatnonzero(is_total & np.isfinite(series.value))
        if len(rows):
            time, value, code = (column[rows[-1]].item() for column in (series.time, series.value, series.status))
            exact = reader.exact(tag.name, time, time + 1)
            return DataValue(value, code, time, text=str(exact.value[0]) if tag.data_type.is_exact else "")
        if len(series) < limit:
            break
    return None


def warmed_foresight(history: Path, plant: Plant, end: int) -> Foresight:
    """Return the predictions of a plant, which go on where the last collector saved them, up to `end` (ns UTC).

    What the history has got since then they are taught; what was not saved, with the newest stretch of the history.
    What was before equipment was renewed is not learned from.
    """
    foresight = Foresight(plant)
    renewed = _renewed(history)
    foresight.restore(_states(history, plant, renewed))
    hours = max((definition.window_h for definition in plant.forecasts), default=8.0)
    start = end - int(hours * SECONDS_PER_HOUR / plant.time_scale * clock.NS_PER_S)
    since, wanted = _renewed_since(plant, renewed), foresight.wanted_since(start)
    with HistoryReader(history) as reader:
        series = {
            tag.name: reader.raw(tag.name, max(wanted[tag.name], since.get(tag.name, 0)), end, limit=WARM_POINTS)
            for tag in plant.tags
            if tag.name in wanted
        }
    foresight.warm({name: stretch for name, stretch in series.items() if len(stretch)})
    return foresight


def _renewed(history: Path) -> dict[str, int]:
    """Return when (ns UTC) equipment was renewed last, by its id."""
    with closing(database.open_reader(history)) as connection:
        return {equipment: event.time for equipment, event in renewals(connection).items()}


def _states(history: Path, plant: Plant, renewed: Mapping[str, int]) -> dict[str, PredictionState]:
    """Return what predictions knew when they were saved, by subject, but of what was renewed since."""
    subjects = {subject_of_health(equipment): since for equipment, since in renewed.items()}
    for forecast in plant.forecasts:
        if forecast.equipment in renewed:
            subjects[subject_of_forecast(forecast.id)] = renewed[forecast.equipment]
    with closing(database.open_reader(history)) as connection:
        states = states_of(connection)
    return {subject: state for subject, state in states.items() if state.newest > subjects.get(subject, 0)}


def _renewed_since(plant: Plant, renewed: Mapping[str, int]) -> dict[str, int]:
    """Return since when (ns UTC) tags of renewed equipment, or of its forecasts, tell of what is there now."""
    since = {tag.name: renewed[tag.equipment] for tag in plant.tags if tag.equipment in renewed}
    for forecast in plant.forecasts:
        if forecast.equipment in renewed:
            since[forecast.tag] = max(since.get(forecast.tag, 0), renewed[forecast.equipment])
    return since
