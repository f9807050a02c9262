"""The healthy state of one Equipment, learned from its history, and tried by what it tells in vain and finds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.anomaly.equipment import EquipmentModel
from app.anomaly.learned import FEWEST_ROWS
from app.anomaly.state import AnomalyError
from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.learned_model import ModelKind, ModelRecord, ModelScore
from app.model.model_command import ModelRefusalCode as Code
from app.training.lesson import Lesson, School, code_version, digest_of
from app.training.mode import modes_of, resting, switch_tags, switches_of
from app.training.rows import Rows, read_rows
from app.training.subject import Signals, episodes_of, ill_times, picked, signals_of
from app.training.taught import followed, taught

LEAD_ROWS = 120
"""Rows before a case that may already show the fault."""
FALSE_ALARMS, CASES_FOUND = "false_alarms_per_month", "share_of_cases_found"
FALSE_TIME, KNOWN_TIME = "share_of_healthy_time_in_alarm", "share_of_time_in_known_modes"
"""One alarm that never ends would count as a single one."""
LEAST_KNOWN = 0.8
MOST_IN_ALARM, CHANCE_ROWS = 0.02, 30
"""Of the healthy time, beyond the one alarm that is granted to chance."""
FEWEST_TRIED = 200
"""Healthy rows of a trial; fewer say nothing of false alarms."""
MOST_A_MONTH = 3.0
_MONTH_S = 30 * 86_400.0
_MOST_MISSING = 0.5


def learn_equipment(school: School, lesson: Lesson) -> ModelRecord:
    """Return the model; raise ModelRefused where there is too little healthy past."""
    signals = signals_of(school.plant, lesson.subject)
    switches = switches_of(school.plant, lesson.subject)
    tags = (*signals.tags, *switch_tags(school.plant, lesson.subject, switches))
    rows = read_rows(school.reader, tags, lesson.begin, lesson.end, period_s=lesson.period_s)
    lead = round(LEAD_ROWS * lesson.period_s * clock.NS_PER_S)
    healthy = rows.outside(ill_times(school.connection, lesson.subject, now=lesson.end, lead=lead))
    width = len(signals.tags)
    known, switched = Rows(healthy.times, healthy.values[:, :width]), healthy.values[:, width:]
    usable = int((np.isnan(known.values).mean(axis=1) <= _MOST_MISSING).sum())
    if usable < FEWEST_ROWS:
        raise ModelRefused(
            f"{lesson.subject}: {usable} healthy rows, {FEWEST_ROWS} are needed: "
            "choose a longer time or a shorter period",
            Code.TOO_FEW_ROWS,
            subject=lesson.subject,
            rows=usable,
            needed=FEWEST_ROWS,
        )
    counts = resting(switched)
    modes = modes_of(switched[:, counts])
    model, has_modes = taught(known, modes, period_s=lesson.period_s, tell=school.tell)
    if not model.modes:
        raise ModelRefused(
            f"{lesson.subject}: its signals have not stood still in this time, or never move: choose a time behind its "
            "start, or a longer one",
            Code.NOT_STILL,
            subject=lesson.subject,
        )
    return ModelRecord(
        0,
        ModelKind.EQUIPMENT,
        lesson.subject,
        is_class=False,
        made=clock.now_ns(),
        author=lesson.author,
        data_begin=lesson.begin,
        data_end=lesson.end,
        data_digest=digest_of([known.values]),
        code_version=code_version(),
        tags=signals.roles,
        units=signals.units,
        period_s=lesson.period_s,
        parameters=model.save(),
        modes=tuple(switches[place] for place in counts) if has_modes else (),
    )


def opened(record: ModelRecord) -> EquipmentModel:
    """Return the model of a record; raise ModelRefused where its parameters do not fit."""
    model = EquipmentModel(len(record.tags), period_s=record.period_s, is_learning=False)
    try:
        model.restore(record.parameters)
    except AnomalyError as error:
        raise ModelRefused(f"model {record.number}: {error}") from error
    return model


def try_equipment(school: School, record: ModelRecord, begin: int, end: int) -> tuple[ModelScore, ...]:
    """Return false alarms a month of the plant's time, the share of it in alarm, and of confirmed cases found."""
    signals = picked(signals_of(school.plant, record.subject), list(zip(record.tags, record.units, strict=True)))
    rows, modes = rows_and_modes(school, record, signals, begin, end)
    told = followed(opened(record), rows, modes, school.tell)
    is_alarm = told.is_alarm
    lead = round(LEAD_ROWS * record.period_s * clock.NS_PER_S)
    is_ill = np.zeros(len(rows), np.bool_)
    for first, last in ill_times(school.connection, record.subject, now=end, lead=lead):
        is_ill |= (rows.times >= first) & (rows.times < last)
    begins = is_alarm & ~np.concatenate([[False], is_alarm[:-1]])
    healthy_s = float((~is_ill).sum()) * record.period_s * school.plant.time_scale
    false = int((begins & ~is_ill).sum())
    # What goes on a while after a case has ended began with the fault.
    is_false = np.concatenate([[False], ~is_ill[begins]])[np.cumsum(begins)]
    false_rows = int((is_alarm & is_false & ~is_ill).sum())
    well = int((~is_ill).sum())
    found = [
        bool(is_alarm[(rows.times >= each.begin - lead) & (rows.times < each.end)].any())
        for each in episodes_of(school.connection, [record.subject], begin, end, period_s=record.period_s)
    ]
    return (
        _false_alarms(false, healthy_s / _MONTH_S, well),
        _false_time(false_rows, well),
        ModelScore(CASES_FOUND, float(np.mean(found)) if found else 0.0, len(found)),
        *_known_time(record, told.is_known),
    )


def rows_and_modes(
    school: School, record: ModelRecord, signals: Signals, begin: int, end: int
) -> tuple[Rows, list[str]]:
    """Return the rows of a model's signals in begin <= t < end (ns UTC), and the mode of each as the model knows it."""
    tags = (*signals.tags, *switch_tags(school.plant, signals.equipment, record.modes))
    rows = read_rows(school.reader, tags, begin, end, period_s=record.period_s)
    width = len(signals.tags)
    return Rows(rows.times, rows.values[:, :width]), modes_of(rows.values[:, width:])


def _known_time(record: ModelRecord, is_known: NDArray[np.bool_]) -> list[ModelScore]:
    """Return for how much of the time a model with modes knew the one that was there: else it is silent."""
    if not record.modes or not len(is_known):
        return []
    return [ModelScore(KNOWN_TIME, round(float(is_known.mean()), 2), len(is_known), bound=LEAST_KNOWN)]


def _false_time(rows: int, well: int) -> ModelScore:
    """Return the share of healthy rows in alarm, in whole per cent, so that of two models alike none is worse."""
    if well < FEWEST_TRIED:
        return ModelScore(FALSE_TIME, 0.0, 0, is_less_better=True)
    return ModelScore(
        FALSE_TIME, round(rows / well, 2), well, is_less_better=True, bound=MOST_IN_ALARM + CHANCE_ROWS / well
    )


def _false_alarms(alarms: int, months: float, rows: int) -> ModelScore:
    """Return false alarms a month; one is granted to chance, and three a month of the trial."""
    if rows < FEWEST_TRIED or months <= 0.0:
        return ModelScore(FALSE_ALARMS, 0.0, 0, is_less_better=True)
    bound = (1.0 + MOST_A_MONTH * months) / months
    return ModelScore(FALSE_ALARMS, alarms / months, rows, is_less_better=True, bound=bound)
