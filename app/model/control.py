"""A write, or a call of a method, from the operator's wish to its result, as windows and the audit trail see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.content import NOTHING, Content


class ControlState(StrEnum):
    """The life of a write; the words of IEC 61850-7-2, control with select before operate, where it has them."""

    SELECTED = "selected"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    EXECUTING = "executing"
    VERIFYING = "verifying"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing comes after it."""
        return self in _FINAL

    @property
    def is_under_way(self) -> bool:
        """Whether it was confirmed and has not ended: it cannot be taken back any more."""
        return self in {ControlState.CONFIRMED, ControlState.EXECUTING, ControlState.VERIFYING}


_FINAL = {
    ControlState.DONE,
    ControlState.REFUSED,
    ControlState.FAILED,
    ControlState.UNKNOWN,
    ControlState.EXPIRED,
    ControlState.CANCELLED,
}


class ReasonCode(StrEnum):
    """Why a write went no further; the values are English sentences whose {places} a Reason fills."""

    READ_ONLY = "the plant is read-only: an engineer allows writing in its plant file"
    NO_METHOD = "there is no method {method}"
    NOT_ENABLED = "{method} is not enabled: an engineer enables it in the plant file"
    ARGUMENTS = "{given} arguments were given, and {wanted} are wanted"
    CALL_REFUSED = "the device has not done it: {reason}"
    CALL_NOT_ANSWERED = "the device has not answered: whether it was done is not known, look before you call it again"
    NO_TAG = "there is no tag {tag}"
    NOT_WRITABLE = "{tag} is never written: an engineer allows it in the plant file"
    NOT_SIGNED_IN = "nobody is signed in: sign in first"
    ROLE = "{user} is signed in as {role}, and this needs the role {needed}"
    HELD = "{user} has it selected at {window}"
    NOT_CONNECTED = "the connection {connection} is not running"
    NO_GOOD_VALUE = "its present value is not good: {status}"
    OUT_OF_RANGE = "{value} is outside of {low} to {high}"
    NOT_ALLOWED = "{value} is none of {allowed}"
    TOO_LONG = "the text has {length} characters, {longest} at most may be written"
    UNPRINTABLE = "the text has characters that cannot be shown"
    NOT_OF_TYPE = "{value} is not of the type of {tag}"
    OFF_STEP = "{value} is not a whole number of steps of {step} above {low}"
    INTERLOCK = "the interlock {interlock} does not hold: it is {value}"
    INTERLOCK_UNKNOWN = "the interlock {interlock} cannot be judged: its value is not good"
    STATE = "not allowed in this state: {tag} is {value}"
    STATE_UNKNOWN = "the state is not known: {tag} has no good value"
    CHANGED = "the value has become {value} since it was selected: look again"
    NOT_SELECTED = "it is no longer selected: select it again"
    NOT_CHECKED = "another value was checked: check this one first"
    UNUSED = "the selection was not used in time"
    NOT_SENT = "it could not be sent in time, and was not sent"
    NOT_AUDITED = "the audit trail could not be written in time: nothing was sent"
    DEVICE_REFUSED = "the device refused it: {reason}"
    READS_OTHER = "it was written, but the device reads {value}"
    NOT_READ = "it was written, but could not be read back"
    NOT_TAKEN = "the device has not answered and reads {value}: it may yet take it"
    NOT_ANSWERED = "the device has neither answered nor could be read: whether it was written is not known"
    ANSWER_LATE = "the device has not answered, but reads the new value"
    WRONG_SIGN_IN = "name or PIN is wrong"
    WAIT = "too many wrong PINs: try again in {seconds} s"
    NO_USERS = "the file of users cannot be used: {reason}"
    IDLE = "signed off after {minutes} min without use"
    WINDOW_GONE = "its window is gone"
    COLLECTOR_ENDED = "the collector ended before the result was known"


@dataclass(frozen=True, slots=True)
class Reason:
    """A ReasonCode with what fills its places; `str` gives the English sentence.

    A value "argument" names the argument of a method that it is about.
    """

    code: ReasonCode
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        argument = self.values.get("argument", "")
        return f"{argument}: {self.code.value.format(**self.values)}" if argument else self.code.format(**self.values)


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """The present state of one write of a tag, or of one call of a method; the other of the two names is "".

    `operation`: its name, given by the window. `user`, `role`, `window`: who holds it, and from where. `old`: the value
    when it was selected; `new`: the wanted one; `read`: the one read back; in the tag's unit, NOTHING where none.
    `arguments`: of a call, in the order of its definition; `outputs`: what the method has answered, as texts, and
    `code` its StatusCode. `since`, `until`: int64 ns UTC; at `until` it expires, 0 where it does not. `reason`: why it
    went no further.
    """

    operation: str
    tag: str
    state: ControlState
    user: str
    role: str
    window: str
    since: int
    until: int = 0
    old: Content = NOTHING
    new: Content = NOTHING
    read: Content = NOTHING
    reason: Reason | None = None
    method: str = ""
    arguments: tuple[Content, ...] = ()
    outputs: tuple[str, ...] = ()
    code: int = 0
