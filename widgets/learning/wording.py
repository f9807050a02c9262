"""Learned models in words of the operator's language."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.model.learned_model import ModelKind, ModelRecord, ModelScore, ModelState, ModelTrial
from app.model.model_command import JobPhase, ModelDeed, ModelJob
from app.model.plant import Plant
from widgets import number
from widgets.learning.refusal import refusal_text
from widgets.translation import local, tr

_SHARES = frozenset(
    {
        "share_of_cases_found",
        "share_of_cases_with_true_cause_first",
        "share_from_p10_to_p90",
        "share_of_healthy_time_in_alarm",
        "share_of_time_in_known_modes",
    }
)


def kind_text(kind: ModelKind) -> str:
    """Return what a model is for."""
    texts: Mapping[ModelKind, str] = {
        ModelKind.EQUIPMENT: tr("Healthy state"),
        ModelKind.DIAGNOSIS: tr("Diagnosis"),
        ModelKind.REMAINING_LIFE: tr("Remaining life"),
    }
    return texts[kind]


def purpose_text(kind: ModelKind) -> str:
    """Return in a sentence what a model is for, and what it needs to learn."""
    texts: Mapping[ModelKind, str] = {
        ModelKind.EQUIPMENT: tr(
            "Tells whether the signals of one machine together depart from its healthy past, and opens cases. "
            "It learns from times without a case."
        ),
        ModelKind.DIAGNOSIS: tr(
            "Ranks the known faults in an open case. It learns from confirmed cases with a cause: two causes at least."
        ),
        ModelKind.REMAINING_LIFE: tr(
            "Tells how many hours of running a machine has left. It learns from twenty recorded failures of the class "
            "or more."
        ),
    }
    return texts[kind]


def state_text(state: ModelState) -> str:
    """Return where a model stands."""
    texts: Mapping[ModelState, str] = {
        ModelState.CANDIDATE: tr("Candidate"),
        ModelState.ACTIVE: tr("Counts"),
        ModelState.RETIRED: tr("Retired"),
    }
    return texts[state]


def subject_text(subject: str, plant: Plant, *, is_class: bool) -> str:
    """Return of what a model is: one machine, or a class of them and how many it has here."""
    if is_class:
        return tr("Class {name} ({n})", name=subject, n=sum(each.kind == subject for each in plant.equipment))
    name = next((local(each.name) for each in plant.equipment if each.id == subject), "")
    return f"{subject}  {name}" if name and name != subject else subject


def model_text(record: ModelRecord, plant: Plant) -> str:
    """Return what a model is called."""
    of = subject_text(record.subject, plant, is_class=record.is_class)
    return tr("Model {n}: {kind}, {subject}", n=record.number, kind=kind_text(record.kind), subject=of)


def score_name(name: str) -> str:
    """Return what a figure of a trial is called."""
    texts: Mapping[str, str] = {
        "false_alarms_per_month": tr("False alarms a month"),
        "share_of_healthy_time_in_alarm": tr("Healthy time in alarm"),
        "share_of_time_in_known_modes": tr("Time in known modes"),
        "share_of_cases_found": tr("Confirmed cases found"),
        "share_of_cases_with_true_cause_first": tr("True cause first"),
        "mean_error_h": tr("Mean error, h"),
        "share_from_p10_to_p90": tr("Within P10 to P90"),
    }
    return texts.get(name, name)


def score_text(score: ModelScore | None) -> str:
    """Return a figure, NO_VALUE where there was nothing to judge by."""
    if score is None or score.count == 0:
        return number.NO_VALUE
    return _figure(score.name, score.value)


def bound_text(score: ModelScore) -> str:
    """Return what a figure has to reach."""
    if score.bound is None:
        return ""
    value = _figure(score.name, score.bound)
    return tr("at most {value}", value=value) if score.is_less_better else tr("at least {value}", value=value)


def _figure(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{number.number(100.0 * value, decimals=0)} %"
    return number.number(value, decimals=1)


def trial_text(trial: ModelTrial | None) -> str:
    """Return how a model did, in one line."""
    if trial is None:
        return tr("not tried yet")
    known = {score.name: score for score in trial.beside_scores}
    parts = []
    for score in trial.scores:
        other = f" ({score_text(known[score.name])})" if score.name in known else ""
        parts.append(f"{score_name(score.name)} {score_text(score)}{other}")
    return "  ·  ".join(parts)


def job_text(job: ModelJob, plant: Plant) -> str:
    """Return what is being learned or tried, how far it is, or what became of it."""
    is_class = job.subject not in {each.id for each in plant.equipment}
    what = f"{kind_text(job.kind)}, {subject_text(job.subject, plant, is_class=is_class)}"
    share = "" if math.isnan(job.share) else f"  {number.number(100.0 * job.share, decimals=0)} %"
    match job.phase:
        case JobPhase.LEARNING:
            return tr("Learning for {by}: {what}", by=job.by, what=what) + share
        case JobPhase.TRYING:
            return tr("Model {n} is being tried: {what}", n=job.model, what=what) + share
        case JobPhase.DONE if job.deed is ModelDeed.LEARN:
            return tr("Model {n} was learned and tried: {what}", n=job.model, what=what)
        case JobPhase.DONE:
            return tr("Model {n} was tried: {what}", n=job.model, what=what)
    why = refusal_text(job.refusal) if job.refusal is not None else ""
    if job.deed is ModelDeed.LEARN and job.model:
        return tr("Model {n} was learned, but not tried: {why}", n=job.model, why=why)
    return tr("{what}: {why}", what=what, why=why)
