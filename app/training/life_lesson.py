"""Remaining life of a class of Equipment, learned from the failures that a plant's work orders record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.forecast import Evidence
from app.model.learned_model import ModelKind, ModelRecord, ModelScore
from app.model.model_command import ModelRefusalCode as Code
from app.model.remaining_life import LifeState
from app.remaining_life.history import Fleet, LifeError
from app.remaining_life.model import LifeEstimate, LifeModel, from_bytes
from app.remaining_life.training import CAP, FEWEST_FAILURES, learn
from app.training.lesson import Lesson, School, code_version
from app.training.lives import failures, histories, history_of, is_recorded, lives_of, running_of
from app.training.subject import Signals, of_class, picked, shared_signals, signals_of

MEAN_ERROR, WITHIN = "mean_error_h", "share_from_p10_to_p90"
LEAST_WITHIN = 0.5
"""The band is one of 80 %; with the few failures of a trial chance takes some of that."""
ASKED_AT = (0.5, 0.7, 0.9)
"""Shares of a life at which its end is foretold in a trial."""
MEDIUM_FAILURES = 50
READING_SHARE = 0.5
"""Of the time that learning takes, spent with reading; the trees tell nothing of how far they are."""


@dataclass(frozen=True, slots=True)
class LifeTold:
    """What can be said of one Equipment; `estimate`: in hours of running, None where no number is honest, and why.

    `failures`: recorded ones of its class. `evidence`: LOW below twenty of them. `ran_h`: hours of running in this
    life, `rate`: per hour of the plant lately.
    """

    equipment: str
    failures: int
    evidence: Evidence
    estimate: LifeEstimate | None
    reason: str = ""
    state: LifeState = LifeState.TOLD
    ran_h: float = 0.0
    rate: float = 1.0


def learn_life(school: School, lesson: Lesson) -> ModelRecord:
    """Return the model of a class; raise ModelRefused with fewer than twenty recorded failures of it."""
    signals = _signals(school, lesson.subject)
    ended = failures(school, list(signals), lesson.begin, lesson.end)
    known = []
    for place, (_, history) in enumerate(histories(school, signals, ended, unit_s=lesson.period_s)):
        known.append(history)
        school.tell(READING_SHARE * place / len(ended))
    first = next(iter(signals.values()))
    try:
        model = learn(Fleet((), first.roles, tuple(known)), machine_class=lesson.subject, unit="hour", cap=CAP)
    except LifeError as error:
        few = len(known) < FEWEST_FAILURES
        code = Code.TOO_FEW_FAILURES if few else Code.OTHER
        values = {"subject": lesson.subject, "failures": len(known), "needed": FEWEST_FAILURES}
        raise ModelRefused(f"{error} (evidence low)", code, **values) from error
    return ModelRecord(
        0,
        ModelKind.REMAINING_LIFE,
        lesson.subject,
        is_class=True,
        made=clock.now_ns(),
        author=lesson.author,
        data_begin=lesson.begin,
        data_end=lesson.end,
        data_digest=model.learned_from,
        code_version=code_version(),
        tags=first.roles,
        units=first.units,
        period_s=lesson.period_s,
        parameters=model.to_bytes(),
    )


def _signals(school: School, name: str) -> dict[str, Signals]:
    """Return the shared signals of each Equipment of a class, without the meters themselves."""
    meters = {each.nameplate.meter for each in school.plant.equipment}
    found = shared_signals(school.plant, of_class(school.plant, name))
    kept = [
        pair
        for place, pair in enumerate(zip(found[0].roles, found[0].units, strict=True))
        if not any(each.tags[place] in meters for each in found)
    ]
    if not kept:
        raise ModelRefused(f"{name}: no signal but its meter is common to all of the class")
    return {each.equipment: picked(each, kept) for each in found}


def opened(record: ModelRecord) -> LifeModel:
    """Return the model of a record; raise ModelRefused where its parameters do not fit."""
    try:
        return from_bytes(record.parameters)
    except LifeError as error:
        raise ModelRefused(f"model {record.number}: {error}") from error


def try_life(school: School, record: ModelRecord, begin: int, end: int) -> tuple[ModelScore, ...]:
    """Return the mean error in hours, and the share within the band, for machines that failed in begin <= t < end."""
    model, hours = opened(record), record.period_s / 3_600.0
    names = of_class(school.plant, record.subject)
    wanted = list(zip(record.tags, record.units, strict=True))
    signals = {name: picked(signals_of(school.plant, name), wanted) for name in names}
    errors, within = [], []
    ended = failures(school, names, begin, end)
    for place, (_, history) in enumerate(histories(school, signals, ended, unit_s=record.period_s)):
        school.tell(place / len(ended))
        for share in ASKED_AT:
            lived = max(1, round(share * len(history)))
            truth = min(float(len(history) - lived), model.cap)
            told = model.estimate(history.until(lived))
            errors.append(abs(told.p50 - truth) * hours)
            within.append(told.p10 <= truth <= told.p90)
    count = len(errors)
    return (
        ModelScore(MEAN_ERROR, float(np.mean(errors)) if count else 0.0, count, is_less_better=True),
        ModelScore(WITHIN, float(np.mean(within)) if count else 0.0, count, bound=LEAST_WITHIN),
    )


def tell_life(school: School, record: ModelRecord | None, equipment: str, now: int) -> LifeTold:
    """Return what can be said of an Equipment at `now` (ns UTC); `record`: the active model of its class, if any."""
    kind = next((each.kind for each in school.plant.equipment if each.id == equipment), None)
    if kind is None:
        raise ModelRefused(f"{equipment}: the plant has no such equipment")
    names = of_class(school.plant, kind) if kind else [equipment]
    count = len(failures(school, names, 0, now))
    evidence = Evidence.LOW
    if count >= FEWEST_FAILURES:
        evidence = Evidence.HIGH if count >= MEDIUM_FAILURES else Evidence.MEDIUM
    elif record is None or opened(record).failures < FEWEST_FAILURES:
        reason = f"{FEWEST_FAILURES} are needed; a trend to its limit says more"
        return LifeTold(equipment, count, evidence, None, reason, LifeState.TOO_FEW_FAILURES)
    if record is None:
        reason = "no model of its class is active: learn and promote one"
        return LifeTold(equipment, count, evidence, None, reason, LifeState.NO_MODEL)
    life = next((each for each in reversed(lives_of(school, [equipment], now)) if not each.is_failure), None)
    if life is None or not is_recorded(school.reader, life):
        why = "it was not watched from new or renewed on: enter when that was in its nameplate, or complete its renewal"
        return LifeTold(equipment, count, evidence, None, why, LifeState.NOT_WATCHED)
    signals = picked(signals_of(school.plant, equipment), list(zip(record.tags, record.units, strict=True)))
    found = opened(record).estimate(history_of(school, signals, life, unit_s=record.period_s))
    hours = record.period_s / 3_600.0
    scaled = LifeEstimate(found.p10 * hours, found.p50 * hours, found.p90 * hours, found.is_beyond, found.failures)
    ran_h, rate = running_of(school, life)
    return LifeTold(equipment, count, evidence, scaled, ran_h=ran_h, rate=rate)
