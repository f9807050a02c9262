"""What is said of a write on the screen: its state, why it went no further, and what it depends on."""

from __future__ import annotations

from app.model.comparison import Comparison
from app.model.control import ControlState, Reason, ReasonCode
from app.model.exact import DataType
from app.model.role import Role
from app.model.tag import TagDefinition
from app.model.value_rule import ValueRule
from widgets import number
from widgets.station_text import station_text
from widgets.translation import local, tr

_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


def reason_text(reason: Reason) -> str:
    """Return why a write or a call went no further, in the language of the screen."""
    argument = reason.values.get("argument", "")
    return tr("{name}: {value}", name=argument, value=_plain_reason(reason)) if argument else _plain_reason(reason)


def _plain_reason(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912 - one line per reason, each tested
    values = dict(reason.values)
    for key in ("role", "needed"):
        if key in values:
            values[key] = role_text(Role(values[key]))
    match reason.code:
        case ReasonCode.READ_ONLY:
            return tr("the plant is read-only: an engineer allows writing in its plant file")
        case ReasonCode.NO_METHOD:
            return tr("there is no method {method}", **values)
        case ReasonCode.NOT_ENABLED:
            return tr("{method} is not enabled: an engineer enables it in the plant file", **values)
        case ReasonCode.ARGUMENTS:
            return tr("{given} arguments were given, and {wanted} are wanted", **values)
        case ReasonCode.CALL_REFUSED:
            return tr("the device has not done it: {reason}", reason=station_text(values["reason"]))
        case ReasonCode.CALL_NOT_ANSWERED:
            return tr("the device has not answered: whether it was done is not known, look before you call it again")
        case ReasonCode.NOT_ALLOWED:
            return tr("{value} is none of {allowed}", **values)
        case ReasonCode.TOO_LONG:
            return tr("the text has {length} characters, {longest} at most may be written", **values)
        case ReasonCode.UNPRINTABLE:
            return tr("the text has characters that cannot be shown")
        case ReasonCode.NOT_OF_TYPE:
            return tr("{value} is not of the type of {tag}", **values)
        case ReasonCode.NO_TAG:
            return tr("there is no tag {tag}", **values)
        case ReasonCode.NOT_WRITABLE:
            return tr("{tag} is never written: an engineer allows it in the plant file", **values)
        case ReasonCode.NOT_SIGNED_IN:
            return tr("nobody is signed in: sign in first")
        case ReasonCode.ROLE:
            return tr("{user} is signed in as {role}, and this needs the role {needed}", **values)
        case ReasonCode.HELD:
            return tr("{user} has it selected at {window}", **values)
        case ReasonCode.NOT_CONNECTED:
            return tr("the connection {connection} is not running", **values)
        case ReasonCode.NO_GOOD_VALUE:
            return tr("its present value is not good: {status}", **values)
        case ReasonCode.OUT_OF_RANGE:
            return tr("{value} is outside of {low} to {high}", **values)
        case ReasonCode.OFF_STEP:
            return tr("{value} is not a whole number of steps of {step} above {low}", **values)
        case ReasonCode.INTERLOCK:
            return tr("the interlock {interlock} does not hold: it is {value}", **values)
        case ReasonCode.INTERLOCK_UNKNOWN:
            return tr("the interlock {interlock} cannot be judged: its value is not good", **values)
        case ReasonCode.STATE:
            return tr("not allowed in this state: {tag} is {value}", **values)
        case ReasonCode.STATE_UNKNOWN:
            return tr("the state is not known: {tag} has no good value", **values)
        case ReasonCode.CHANGED:
            return tr("the value has become {value} since it was selected: look again", **values)
        case ReasonCode.NOT_SELECTED:
            return tr("it is no longer selected: select it again")
        case ReasonCode.NOT_CHECKED:
            return tr("another value was checked: check this one first")
        case ReasonCode.UNUSED:
            return tr("the selection was not used in time")
        case ReasonCode.NOT_SENT:
            return tr("it could not be sent in time, and was not sent")
        case ReasonCode.NOT_AUDITED:
            return tr("the audit trail could not be written in time: nothing was sent")
        case ReasonCode.DEVICE_REFUSED:
            return tr("the device refused it: {reason}", reason=station_text(values["reason"]))
        case ReasonCode.READS_OTHER:
            return tr("it was written, but the device reads {value}", **values)
        case ReasonCode.NOT_READ:
            return tr("it was written, but could not be read back")
        case ReasonCode.NOT_TAKEN:
            return tr("the device has not answered and reads {value}: it may yet take it", **values)
        case ReasonCode.NOT_ANSWERED:
            return tr("the device has neither answered nor could be read: whether it was written is not known")
        case ReasonCode.ANSWER_LATE:
            return tr("the device has not answered, but reads the new value")
        case ReasonCode.WRONG_SIGN_IN:
            return tr("name or PIN is wrong")
        case ReasonCode.WAIT:
            return tr("too many wrong PINs: try again in {seconds} s", **values)
        case ReasonCode.NO_USERS:
            return tr("the file of users cannot be used: {reason}", reason=station_text(values["reason"]))
        case ReasonCode.IDLE:
            return tr("signed off after {minutes} min without use", **values)
        case ReasonCode.WINDOW_GONE:
            return tr("its window is gone")
        case ReasonCode.COLLECTOR_ENDED:
            return tr("the collector ended before the result was known")


def role_text(role: Role) -> str:
    """Return the name of a role."""
    match role:
        case Role.VIEWER:
            return tr("viewer")
        case Role.OPERATOR:
            return tr("operator")
        case Role.ENGINEER:
            return tr("engineer")


def allowed_text(rule: ValueRule, quantity: number.Quantity, role: Role | None = None) -> str:
    """Return which values may be given and, where `role` is given, by whom."""
    if role is not None:
        return tr("{allowed}; by the role {role}", allowed=allowed_text(rule, quantity), role=role_text(role))
    if rule.allowed:
        return ", ".join(number.content_text(value, tag=quantity) for value in rule.allowed)
    if quantity.data_type is DataType.STRING:
        return tr("a text of at most {n} characters", n=rule.longest)
    low, high = (number.content_text(value, tag=quantity) for value in (rule.low, rule.high))
    if not rule.step or (quantity.data_type is DataType.INT64 and rule.step == 1):
        return tr("{low} to {high}", low=low, high=high)
    return tr("{low} to {high} in steps of {step}", low=low, high=high, step=number.with_unit(rule.step, tag=quantity))


def state_text(state: ControlState) -> str:  # noqa: C901, PLR0911 - one line per state, each found by a test
    """Return what a state means to an operator."""
    match state:
        case ControlState.SELECTED | ControlState.CHECKED:
            return tr("Selected")
        case ControlState.CONFIRMED:
            return tr("Confirmed, being noted in the audit trail")
        case ControlState.EXECUTING:
            return tr("Being sent")
        case ControlState.VERIFYING:
            return tr("Being read back")
        case ControlState.DONE:
            return tr("Done")
        case ControlState.REFUSED:
            return tr("Refused")
        case ControlState.FAILED:
            return tr("Failed")
        case ControlState.UNKNOWN:
            return tr("Not known")
        case ControlState.EXPIRED:
            return tr("Expired")
        case ControlState.CANCELLED:
            return tr("Let go")


def interlock_text(interlock: Comparison, tag: TagDefinition) -> str:
    """Return an interlock as an operator reads it: "Tripped = Off"."""
    return f"{local(tag.title)} {_SIGNS[interlock.relation]} {number.with_unit(interlock.number, tag=tag)}"
