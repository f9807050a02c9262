"""Which model may count instead of another one, and which one counts again after a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelRecord, ModelScore, ModelState, ModelStep, ModelTrial
from app.model.model_command import ModelRefusalCode as Code


def active_of(record: ModelRecord, records: Sequence[ModelRecord], states: Mapping[int, ModelState]) -> int:
    """Return the number of the active model of the same kind and subject, 0 where there is none."""
    alike = (each.number for each in records if _of(each) == _of(record))
    return next((number for number in alike if states[number] is ModelState.ACTIVE), 0)


def promotion(
    record: ModelRecord, *, state: ModelState, active: int, trial: ModelTrial | None, by: str, reason: str, now: int
) -> list[ModelStep]:
    """Return the steps that make a candidate active and retire the `active` one (0: none); raise ModelRefused.

    Its newest trial must stand beside the model that is active now; each figure must reach its bound, and none may be
    worse.
    """
    name = f"model {record.number}"
    if state is not ModelState.CANDIDATE:
        text = f"{name} is {state}, not a candidate: a retired one comes back with a return"
        raise ModelRefused(text, Code.NOT_CANDIDATE, model=record.number, state=state)
    if trial is None:
        text = f"{name} was never tried: foreshift model shadow PLANT {record.number}"
        raise ModelRefused(text, Code.NEVER_TRIED, model=record.number)
    if trial.beside != active:
        raise ModelRefused(
            f"{name} was tried beside {_named(trial.beside)}, but {_named(active)} is active now: "
            f"try it again with foreshift model shadow PLANT {record.number}",
            Code.TRIED_BESIDE_ANOTHER,
            model=record.number,
        )
    if all(each.count == 0 for each in trial.scores):
        text = f"{name}: nothing that counts had happened when it was tried: try it again later"
        raise ModelRefused(text, Code.NOTHING_COUNTED, model=record.number)
    if short := [f"{each.name} is {each.value:.4g}, not {each.bound:.4g}" for each in trial.scores if each.misses]:
        text = f"{name} is not good enough: {'; '.join(short)}"
        raise ModelRefused(text, Code.NOT_GOOD_ENOUGH, model=record.number)
    if worse := worse_scores(trial):
        text = f"{name} is worse than {_named(active)}: {'; '.join(worse)}"
        raise ModelRefused(text, Code.WORSE, model=record.number, other=active)
    retired = [ModelStep(active, now, ModelState.RETIRED, by, f"replaced by {name}")] if active else []
    return [*retired, ModelStep(record.number, now, ModelState.ACTIVE, by, reason)]


def worse_scores(trial: ModelTrial) -> list[str]:
    """Return the figures in which the tried model is worse than the one beside it, in words."""
    known = {score.name: score for score in trial.beside_scores}
    return [
        f"{score.name} {score.value:.4g} instead of {known[score.name].value:.4g}"
        for score in trial.scores
        if score.name in known and _is_worse(score, known[score.name])
    ]


def going_back(
    record: ModelRecord, records: Sequence[ModelRecord], steps: Sequence[ModelStep], *, by: str, reason: str, now: int
) -> list[ModelStep]:
    """Return the steps from the active model of a kind and subject back to the one before it; raise ModelRefused.

    Where none was before it the model is retired alone, and nothing counts, as before it was learned.
    """
    alike = {each.number for each in records if _of(each) == _of(record)}
    states = {step.model: step.state for step in steps}
    if states.get(record.number) is not ModelState.ACTIVE:
        text = f"model {record.number} is not active: foreshift model list PLANT tells which one is"
        raise ModelRefused(text, Code.NOT_ACTIVE, model=record.number)
    promoted = [step.model for step in steps if step.model in alike and step.state is ModelState.ACTIVE]
    returned = {step.model for step in steps if step.state is ModelState.RETIRED and step.reason.startswith(_RETURNED)}
    former = next((number for number in reversed(promoted) if number not in {record.number, *returned}), 0)
    back = [ModelStep(former, now, ModelState.ACTIVE, by, f"{_AGAIN}: {reason}")] if former else []
    return [ModelStep(record.number, now, ModelState.RETIRED, by, f"{_RETURNED}: {reason}"), *back]


def was_returned(record: ModelRecord, records: Sequence[ModelRecord], steps: Sequence[ModelStep]) -> bool:
    """Return whether the last step of its kind and subject was a return: then a person says what follows."""
    alike = {each.number for each in records if _of(each) == _of(record)}
    moved = (step for step in reversed(steps) if step.model in alike and step.state is not ModelState.CANDIDATE)
    last = next(moved, None)
    return last is not None and last.reason.startswith((_RETURNED, _AGAIN))


_RETURNED, _AGAIN = "returned", "counts again"


def _is_worse(score: ModelScore, other: ModelScore) -> bool:
    if other.count == 0 or score.count == 0:
        return score.count < other.count
    return score.value > other.value if score.is_less_better else score.value < other.value


def _of(record: ModelRecord) -> tuple[str, str, bool]:
    return record.kind, record.subject, record.is_class


def _named(number: int) -> str:
    return f"model {number}" if number else "no model"
