"""The checks before a write or a call: each returns the reason why it must not be, or None."""

from __future__ import annotations

from collections.abc import Callable

from app.model import status
from app.model.actor import Actor
from app.model.connection import LinkState
from app.model.content import Content, content_of, content_text, is_nothing, typed_content
from app.model.control import Reason, ReasonCode
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.tag import TagDefinition
from app.model.value_rule import ValueRule
from app.model.write_rule import Conditions, StateRule

ReadTag = Callable[[str], DataValue]

_OLD = {status.UNCERTAIN_LAST_USABLE_VALUE, status.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE}
_RUNNING = {LinkState.RUNNING, LinkState.DEGRADED}  # degraded: some other tags are not delivered


def right_refusal(rule: Conditions, actor: Actor) -> Reason | None:
    """Return why this actor must not do it at all."""
    if actor.role is None:
        return Reason(ReasonCode.NOT_SIGNED_IN)
    if not actor.role.includes(rule.role):
        return Reason(ReasonCode.ROLE, {"user": actor.name, "role": actor.role, "needed": rule.role})
    return None


def link_refusal(connection: str, link: LinkState) -> Reason | None:
    """Return why a device cannot be commanded now."""
    return None if link in _RUNNING else Reason(ReasonCode.NOT_CONNECTED, {"connection": connection})


def present_refusal(present: DataValue, tag: TagDefinition) -> Reason | None:
    """Return why the value that would be replaced does not allow it: nobody knows what it is now."""
    is_old = present.status & status.CODE_MASK in _OLD
    if not present.is_usable or is_old or is_nothing(content_of(present, tag.data_type)):
        return Reason(ReasonCode.NO_GOOD_VALUE, {"status": status.name(present.status)})
    return None


def value_refusal(rule: ValueRule, value: Content, data_type: DataType, name: str) -> Reason | None:
    """Return why a value may not be given, whoever gives it; `name`: of its tag or argument."""
    shown = content_text(value)
    try:
        value = typed_content(value, data_type)
    except ValueError:
        return Reason(ReasonCode.NOT_OF_TYPE, {"value": shown, "tag": name})
    if not rule.allows(value):
        if rule.allowed:
            return Reason(
                ReasonCode.NOT_ALLOWED, {"value": shown, "allowed": ", ".join(map(content_text, rule.allowed))}
            )
        ends = {"low": content_text(rule.low), "high": content_text(rule.high)}
        return Reason(ReasonCode.OUT_OF_RANGE, {"value": shown, **ends})
    if isinstance(value, str):
        return _text_refusal(rule, value)
    if not rule.is_on_step(value):
        steps = {"step": content_text(rule.step), "low": content_text(rule.low)}
        return Reason(ReasonCode.OFF_STEP, {"value": shown, **steps})
    return None


def _text_refusal(rule: ValueRule, text: str) -> Reason | None:
    if not rule.is_short_enough(text):
        return Reason(ReasonCode.TOO_LONG, {"length": str(len(text)), "longest": str(rule.longest)})
    if not text.isprintable():
        return Reason(ReasonCode.UNPRINTABLE)
    return None


def condition_refusal(rule: Conditions, read: ReadTag) -> Reason | None:
    """Return which interlock or state does not allow it now; what has no good value allows nothing."""
    for interlock in rule.interlocks:
        sample = read(interlock.tag)
        if not sample.is_good:
            return Reason(ReasonCode.INTERLOCK_UNKNOWN, {"interlock": str(interlock)})
        if not interlock.holds(sample.value):
            return Reason(ReasonCode.INTERLOCK, {"interlock": str(interlock), "value": content_text(sample.value)})
    return _state_refusal(rule.state, read) if rule.state is not None else None


def _state_refusal(state: StateRule, read: ReadTag) -> Reason | None:
    sample = read(state.tag)
    if not sample.is_good:
        return Reason(ReasonCode.STATE_UNKNOWN, {"tag": state.tag})
    if sample.value not in state.allowed:
        return Reason(ReasonCode.STATE, {"tag": state.tag, "value": content_text(sample.value)})
    return None
