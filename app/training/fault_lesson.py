"""Known faults of a class of Equipment, learned from its confirmed cases, and tried on cases that came later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.diagnosis.diagnoser import Diagnoser
from app.diagnosis.fault_model import Diagnosis, DiagnosisError, FaultModel, from_bytes
from app.diagnosis.feature import reference_of
from app.diagnosis.training import learn
from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.learned_model import ModelKind, ModelRecord, ModelScore
from app.model.model_command import ModelRefusalCode as Code
from app.training.lesson import Lesson, School, code_version, digest_of
from app.training.rows import Rows, read_rows
from app.training.subject import Episode, Signals, episodes_of, ill_times, of_class, picked, shared_signals, signals_of

CAUSE_FIRST = "share_of_cases_with_true_cause_first"
LEAST_FIRST = 0.5
"""A diagnosis that is wrong more often than right sends people to the wrong place."""
HEALTHY_ROWS = 2_000
"""So much of an Equipment's newest healthy past is what its faults are compared with."""
LEAD_ROWS = 120

Array = NDArray[np.float64]


def learn_faults(school: School, lesson: Lesson) -> ModelRecord:
    """Return the model of a class, or of one Equipment; raise ModelRefused where too few cases were confirmed.

    Every Equipment's rows are told in spreads from its own healthy state, so that equipment of one class, and another
    plant's, need not run at the same level.
    """
    names = of_class(school.plant, lesson.subject) if lesson.is_class else [lesson.subject]
    each_has = shared_signals(school.plant, names)
    healthy, runs = [], dict[str, list[Array]]()
    for place, signals in enumerate(each_has):
        asked = episodes_of(school.connection, [signals.equipment], lesson.begin, lesson.end, period_s=lesson.period_s)
        for at, episode in enumerate(asked):
            school.tell((place + at / len(asked)) / len(each_has))
            before = healthy_before(school, signals, episode.begin, period_s=lesson.period_s)
            reference = reference_of(before.values)
            rows = read_rows(school.reader, signals.tags, episode.begin, episode.end, period_s=lesson.period_s)
            healthy.append(reference.standard(before.values))
            runs.setdefault(episode.cause, []).append(reference.standard(rows.values))
    if not healthy:
        text = f"{lesson.subject}: no case with a cause was confirmed in this time: confirm cases first"
        raise ModelRefused(text, Code.NO_CONFIRMED_CASE, subject=lesson.subject)
    try:
        model = learn(np.concatenate(healthy), runs, tags=each_has[0].roles, units=each_has[0].units)
    except DiagnosisError as error:
        raise ModelRefused(f"{lesson.subject}: {error}") from error
    return ModelRecord(
        0,
        ModelKind.DIAGNOSIS,
        lesson.subject,
        is_class=lesson.is_class,
        made=clock.now_ns(),
        author=lesson.author,
        data_begin=lesson.begin,
        data_end=lesson.end,
        data_digest=digest_of([*healthy, *(run for each in runs.values() for run in each)]),
        code_version=code_version(),
        tags=model.tags,
        units=model.units,
        period_s=lesson.period_s,
        parameters=model.to_bytes(),
    )


def healthy_before(school: School, signals: Signals, instant: int, *, period_s: float) -> Rows:
    """Return the newest healthy rows of an Equipment before a fault that was noticed at `instant` (ns UTC)."""
    period = round(period_s * clock.NS_PER_S)
    lead = LEAD_ROWS * period
    begin = instant - lead - HEALTHY_ROWS * period
    rows = read_rows(school.reader, signals.tags, begin, instant - lead, period_s=period_s)
    well = rows.outside(ill_times(school.connection, signals.equipment, now=instant - lead, lead=lead))
    is_known = ~np.isnan(well.values).all(axis=1)
    return Rows(well.times[is_known], well.values[is_known])


def opened(record: ModelRecord) -> FaultModel:
    """Return the model of a record; raise ModelRefused where its parameters do not fit."""
    try:
        return from_bytes(record.parameters)
    except DiagnosisError as error:
        raise ModelRefused(f"model {record.number}: {error}") from error


def diagnose(school: School, record: ModelRecord, equipment: str, *, noticed: int, until: int) -> Diagnosis | None:
    """Return what a fault of an Equipment that was noticed at one instant looks like at another (ns UTC).

    None where there are too few rows yet. Raise ModelRefused where the Equipment has not the signals of the model, or
    too little healthy past.
    """
    model = opened(record)
    signals = bound_signals(school, record, equipment)
    before = healthy_before(school, signals, noticed, period_s=record.period_s)
    if len(before) < 2:
        raise ModelRefused(f"{equipment}: it has no healthy past to compare with: wait until some is recorded")
    reference = reference_of(before.values)
    diagnoser = Diagnoser(model, period_s=record.period_s)
    rows = read_rows(school.reader, signals.tags, noticed, until, period_s=record.period_s)
    for time, row in zip(rows.times.tolist(), reference.standard(rows.values), strict=True):
        diagnoser.update(time, row)
    return diagnoser.diagnosis()


def bound_signals(school: School, record: ModelRecord, equipment: str) -> Signals:
    """Return the signals that a model asks for of one Equipment; raise ModelRefused where some are not there."""
    has = signals_of(school.plant, equipment)
    wanted = list(zip(record.tags, record.units, strict=True))
    missing = [role for role, unit in wanted if (role, unit) not in zip(has.roles, has.units, strict=True)]
    if missing:
        raise ModelRefused(f"{equipment}: the model asks for {', '.join(missing)}, which it has not, or in other units")
    return picked(has, wanted)


def try_faults(school: School, record: ModelRecord, begin: int, end: int) -> tuple[ModelScore, ...]:
    """Return the share of confirmed cases in begin <= t < end (ns UTC) whose cause stands first and is not unknown."""
    names = of_class(school.plant, record.subject) if record.is_class else [record.subject]
    asked = episodes_of(school.connection, names, begin, end, period_s=record.period_s)
    hits = []
    for place, episode in enumerate(asked):
        school.tell(place / len(asked))
        hits.append(_is_first(school, record, episode))
    return (ModelScore(CAUSE_FIRST, float(np.mean(hits)) if hits else 0.0, len(hits), bound=LEAST_FIRST),)


def _is_first(school: School, record: ModelRecord, episode: Episode) -> bool:
    found = diagnose(school, record, episode.equipment, noticed=episode.begin, until=episode.end)
    return found is not None and not found.is_unknown and found.causes[0].cause == episode.cause
