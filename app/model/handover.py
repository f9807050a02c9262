"""Handing a shift over: open points that are carried on until they are closed, and the signatures of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.alarm import Priority
from app.model.work_order import Signature


class HandoverAction(StrEnum):
    """What may be done: note a point, close one, hand a shift over, take it over, amend what was signed."""

    NOTE = "note"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    AMEND = "amend"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that the next shift has to know of `equipment` ("" for the whole plant) until it is closed.

    Times int64 ns UTC, 0 while it is open. `by`, `closed_by`: who wrote and who closed it; `answer`: what was done.
    """

    number: int
    equipment: str
    priority: Priority
    text: str
    written: int
    by: str
    closed: int = 0
    closed_by: str = ""
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is carried on."""
        return self.closed == 0


@dataclass(frozen=True, slots=True)
class Amendment:
    """What somebody corrects or adds to a handover that was signed, and who it is; what was signed stays as it is."""

    text: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Handover:
    """A shift that was handed over, start <= t < end (int64 ns UTC).

    `key`: as of its Period. `remark`: what the outgoing operator says of it. `report`: the SHA-256, in hexadecimal, of
    the record of the report that was signed. `points`: those that were open then. `outgoing`, `incoming`: who has
    signed; the incoming side, with its `answer`, when it has taken over. `amendments`: later ones, oldest first.
    """

    number: int
    key: str
    start: int
    end: int
    remark: str
    report: str
    points: tuple[OpenPoint, ...]
    outgoing: Signature
    incoming: Signature | None = None
    answer: str = ""
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverCommand:
    """One deed. NOTE: `equipment`, `priority` and `text`. CLOSE: point `number`, `text` says what was done.

    HAND_OVER: shift `key`, its `text`, and `report`, the record of its report compressed by zlib, as it was shown.
    TAKE_OVER: handover `number`, with a `text` that may be empty. AMEND: handover `number`, `text` says what.
    """

    action: HandoverAction
    number: int = 0
    equipment: str = ""
    priority: Priority = Priority.MEDIUM
    text: str = ""
    key: str = ""
    report: bytes = b""


class HandoverRefusalCode(StrEnum):
    """Why something was not done."""

    NO_NAME = "no_name"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NO_TEXT = "no_text"
    LONG_TEXT = "long_text"
    NO_EQUIPMENT = "no_equipment"
    NO_POINT = "no_point"
    NO_SHIFT = "no_shift"
    NOT_BEGUN = "not_begun"
    ALREADY_OVER = "already_over"
    NO_HANDOVER = "no_handover"
    ALREADY_TAKEN = "already_taken"
    SAME_PERSON = "same_person"
    OTHER_REPORT = "other_report"
    NO_SIGNATURE = "no_signature"
    WRONG_SIGNATURE = "wrong_signature"
    WAIT = "wait"
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True)
class HandoverRefusal:
    """Why it was not done: `text` says it in English, `code` to a window.

    `by`, `at` (ns UTC): who did it before, and when. `subject`: what it is about, such as seconds or a role.
    """

    code: HandoverRefusalCode
    text: str
    by: str = ""
    at: int = 0
    subject: str = ""
