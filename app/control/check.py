"""The checks before a write: each returns the reason why it must not be, or None."""

from __future__ import annotations

import math
from collections.abc import Callable

from app.model import status
from app.model.actor import Actor
from app.model.connection import LinkState
from app.model.control import Reason, ReasonCode
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from app.model.write_rule import StateRule, WriteRule

ReadTag = Callable[[str], DataValue]

_OLD = {status.UNCERTAIN_LAST_USABLE_VALUE, status.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE}
_RUNNING = {LinkState.RUNNING, LinkState.DEGRADED}  # degraded: some other tags are not delivered


def right_refusal(rule: WriteRule, actor: Actor) -> Reason | None:
    """Return why this actor must not write at all."""
    if actor.role is None:
        return Reason(ReasonCode.NOT_SIGNED_IN)
    if not actor.role.includes(rule.role):
        return Reason(ReasonCode.ROLE, {"user": actor.name, "role": actor.role, "needed": rule.role})
    return None


def readiness_refusal(tag: TagDefinition, link: LinkState, present: DataValue) -> Reason | None:
    """Return why a device cannot be written now: its connection, or the value that would be replaced."""
    if link not in _RUNNING:
        return Reason(ReasonCode.NOT_CONNECTED, {"connection": tag.connection})
    is_old = present.status & status.CODE_MASK in _OLD
    if present.status >= status.BAD or is_old or math.isnan(present.value):
        return Reason(ReasonCode.NO_GOOD_VALUE, {"status": status.name(present.status)})
    return None


def value_refusal(rule: WriteRule, value: float) -> Reason | None:
    """Return why a value may not be written, whoever writes it."""
    if not rule.allows(value):
        ends = {"low": _text(rule.low), "high": _text(rule.high)}
        return Reason(ReasonCode.OUT_OF_RANGE, {"value": _text(value), **ends})
    if not rule.is_on_step(value):
        return Reason(ReasonCode.OFF_STEP, {"value": _text(value), "step": _text(rule.step), "low": _text(rule.low)})
    return None


def condition_refusal(rule: WriteRule, read: ReadTag) -> Reason | None:
    """Return which interlock or state does not allow a write now; what has no good value allows nothing."""
    for interlock in rule.interlocks:
        sample = read(interlock.tag)
        if not sample.is_good:
            return Reason(ReasonCode.INTERLOCK_UNKNOWN, {"interlock": str(interlock)})
        if not interlock.holds(sample.value):
            return Reason(ReasonCode.INTERLOCK, {"interlock": str(interlock), "value": _text(sample.value)})
    return _state_refusal(rule.state, read) if rule.state is not None else None


def _state_refusal(state: StateRule, read: ReadTag) -> Reason | None:
    sample = read(state.tag)
    if not sample.is_good:
        return Reason(ReasonCode.STATE_UNKNOWN, {"tag": state.tag})
    if sample.value not in state.allowed:
        return Reason(ReasonCode.STATE, {"tag": state.tag, "value": _text(sample.value)})
    return None


def _text(value: float) -> str:
    return f"{value:.10g}"
