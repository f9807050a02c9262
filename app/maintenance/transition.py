"""The states of a work order: which step leads from where to where."""

from __future__ import annotations

from types import MappingProxyType

from app.model.work_order import WorkState, WorkStep

_S, _T = WorkState, WorkStep

TRANSITIONS = MappingProxyType(
    {
        (_S.REQUESTED, _T.PLAN): _S.PLANNED,
        (_S.PLANNED, _T.PLAN): _S.PLANNED,
        (_S.RELEASED, _T.PLAN): _S.PLANNED,
        (_S.PLANNED, _T.RELEASE): _S.RELEASED,
        (_S.RELEASED, _T.START): _S.IN_WORK,
        (_S.IN_WORK, _T.INTERRUPT): _S.RELEASED,
        (_S.REQUESTED, _T.NOTE): _S.REQUESTED,
        (_S.PLANNED, _T.NOTE): _S.PLANNED,
        (_S.RELEASED, _T.NOTE): _S.RELEASED,
        (_S.IN_WORK, _T.NOTE): _S.IN_WORK,
        (_S.IN_WORK, _T.COMPLETE): _S.DONE,
        (_S.DONE, _T.OBSERVE): _S.DONE,
        (_S.DONE, _T.CONFIRM_FIXED): _S.FIXED,
        (_S.DONE, _T.CONFIRM_NOT_FIXED): _S.NOT_FIXED,
        (_S.REQUESTED, _T.CANCEL): _S.CANCELLED,
        (_S.PLANNED, _T.CANCEL): _S.CANCELLED,
        (_S.RELEASED, _T.CANCEL): _S.CANCELLED,
        (_S.IN_WORK, _T.CANCEL): _S.CANCELLED,
    }
)
"""What was signed is never altered: after COMPLETE only the judgement of its effect remains."""


def next_state(state: WorkState, step: WorkStep) -> WorkState | None:
    """Return where a step leads, None where it may not be done."""
    return TRANSITIONS.get((state, step))


def steps_from(state: WorkState) -> tuple[WorkStep, ...]:
    """Return what people may do next, in the order of the usual way."""
    return tuple(step for step in WorkStep if step is not WorkStep.OBSERVE and (state, step) in TRANSITIONS)
