"""Why a step of a work order is refused: its order, what it lacks, and what of its checklist is open."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.maintenance.transition import next_state, steps_from
from app.model import clock
from app.model.maintenance import MaintenanceRules
from app.model.role import Role
from app.model.work_order import (
    CheckEntry,
    CheckResult,
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkRefusalCode,
    WorkStep,
)

LONGEST_TEXT = 4_000
MOST_HOURS = 10_000.0
_NEEDS_REASON = {WorkStep.INTERRUPT, WorkStep.CANCEL, WorkStep.CONFIRM_NOT_FIXED}
_BY_RELEASER = {WorkStep.RELEASE, WorkStep.CANCEL, WorkStep.CONFIRM_FIXED, WorkStep.CONFIRM_NOT_FIXED}


def role_for(step: WorkStep, rules: MaintenanceRules) -> Role:
    """Return the least role that may do a step in a plant that has users."""
    return rules.release_role if step in _BY_RELEASER else Role.OPERATOR


def step_refusal(order: WorkOrder, command: WorkCommand, by: str) -> WorkRefusal | None:
    """Return why a command cannot be done by somebody of that name, None where it can."""
    return (
        text_refusal(order.id, by, command.reason, command.assignee)
        or _order_refusal(order, command)
        or _signed_refusal(order, command)
        or _content_refusal(order, command)
        or (_completion_refusal(order, command) if command.step is WorkStep.COMPLETE else None)
    )


def text_refusal(order: int, by: str, *texts: str) -> WorkRefusal | None:
    """Return why texts cannot be taken: nobody's, or too long."""
    if not by.strip():
        return WorkRefusal(order, WorkRefusalCode.NO_NAME, "not done: say who you are")
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_TEXT:
        text = f"a text has {longest} characters: keep it within {LONGEST_TEXT}"
        return WorkRefusal(order, WorkRefusalCode.LONG_TEXT, text)
    return None


def _order_refusal(order: WorkOrder, command: WorkCommand) -> WorkRefusal | None:
    """Return why the order cannot take this step now: somebody was first, or its state does not allow it."""
    if command.seen != order.version:
        when = clock.to_datetime(order.changed).strftime("%Y-%m-%d %H:%M:%S UTC")
        who = order.changed_by or "the station"
        text = f"changed by {who} at {when} ({order.step}) since it was shown: look again"
        return WorkRefusal(order.id, WorkRefusalCode.CHANGED, text, order.changed_by, order.changed)
    if command.step is WorkStep.OBSERVE or next_state(order.state, command.step) is None:
        allowed = ", ".join(steps_from(order.state)) or "nothing more"
        text = f"{command.step} is not possible while it is {order.state}: possible is {allowed}"
        return WorkRefusal(order.id, WorkRefusalCode.STATE, text, subject=order.state)
    return None


def _signed_refusal(order: WorkOrder, command: WorkCommand) -> WorkRefusal | None:
    """Return why what was signed is not altered."""
    adds = command.spent_h or command.parts or command.checks or command.renews not in {None, order.renews}
    if order.completed and adds:
        text = "hours, parts and checks were signed: note what is new in a new order"
        return WorkRefusal(order.id, WorkRefusalCode.SIGNED, text)
    return None


def _content_refusal(order: WorkOrder, command: WorkCommand) -> WorkRefusal | None:
    if command.step in _NEEDS_REASON and not command.reason.strip():
        return WorkRefusal(order.id, WorkRefusalCode.NO_REASON, "not done: say why")
    if command.step is WorkStep.PLAN and command.planned_start <= 0:
        return WorkRefusal(order.id, WorkRefusalCode.NO_START, "not planned: say when it begins")
    numbers = (command.spent_h, command.estimated_h, *(use.quantity for use in command.parts))
    if not all(math.isfinite(number) and 0 <= number <= MOST_HOURS for number in numbers):
        text = f"hours and quantities are numbers from 0 to {MOST_HOURS:g}"
        return WorkRefusal(order.id, WorkRefusalCode.NUMBER, text)
    if any(entry.value is not None and not math.isfinite(entry.value) for entry in command.checks):
        return WorkRefusal(order.id, WorkRefusalCode.NUMBER, "a measured value is a finite number")
    if any(not 0 <= entry.index < len(order.checks) for entry in command.checks):
        text = f"its checklist has {len(order.checks)} lines"
        return WorkRefusal(order.id, WorkRefusalCode.NO_CHECK, text)
    return None


def _completion_refusal(order: WorkOrder, command: WorkCommand) -> WorkRefusal | None:
    """Return what keeps work from being signed: an open line, or a value beyond its limits that nobody explains."""
    for result in entered(order.checks, command.checks):
        name = result.item.text.en
        is_open = not result.is_done or (result.item.is_measured and result.value is None)
        if is_open and not result.remark:
            text = f"the checklist is open at “{name}”: do it, or remark why not"
            return WorkRefusal(order.id, WorkRefusalCode.CHECK_OPEN, text, subject=name)
        if not result.is_within and not result.remark:
            text = f"“{name}” is {result.value:g} {result.item.unit}, beyond its limits: remark what was done about it"
            return WorkRefusal(order.id, WorkRefusalCode.OUT_OF_LIMITS, text, subject=name)
    return None


def entered(checks: Sequence[CheckResult], entries: Sequence[CheckEntry]) -> tuple[CheckResult, ...]:
    """Return a checklist with entries in it."""
    results = list(checks)
    for entry in entries:
        results[entry.index] = CheckResult(
            results[entry.index].item, entry.is_done, entry.value, entry.remark.strip() or results[entry.index].remark
        )
    return tuple(results)
