"""What maintenance provides for from day to day: planned stops, and the spare parts that lie ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.model.maintenance import PlannedStop


@dataclass(frozen=True, slots=True)
class StopChange:
    """A planned stop that somebody set or removed in a window. `number`: rises with each change, from 1.

    `stop`: as it is since, None where it was removed. `base`: as the plant file had it then, None where it had none of
    that id: what somebody writes into the plant file afterwards counts more.
    """

    number: int
    time: int
    id: str
    stop: PlannedStop | None
    base: PlannedStop | None
    by: str
    reason: str = ""


class BookingKind(StrEnum):
    """Why the quantity of a part changed."""

    COUNT = "count"
    """Somebody counted what is there; the change is what was found over or under the books."""
    RECEIPT = "receipt"
    WITHDRAWAL = "withdrawal"
    WORK = "work"
    """It was used by work that was completed."""


@dataclass(frozen=True, slots=True)
class PartBooking:
    """One change of a part's quantity, in its own unit. `source`: by what it is known, so that it counts once.

    That is "booking N" of a window, "WO-00012 6305-C3" of work. `time`: int64 ns UTC.
    """

    source: str
    time: int
    part: str
    change: float
    kind: BookingKind
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartRule:
    """From which quantity on more has to be ordered, and where it lies; `minimum` 0: nobody minds."""

    part: str
    time: int
    minimum: float
    place: str
    by: str


@dataclass(frozen=True, slots=True)
class PartStock:
    """How much of a part there is by the books: None before anybody has counted or received any."""

    part: str
    on_hand: float | None = None
    minimum: float = 0.0
    place: str = ""

    @property
    def is_short(self) -> bool:
        """Return whether there is less than the minimum, or less than nothing: the books are wrong."""
        return self.on_hand is not None and (self.on_hand < self.minimum or self.on_hand < 0.0)


class ProvisionDeed(StrEnum):
    """What somebody may do about planned stops and parts."""

    SET_STOP = "set_stop"
    REMOVE_STOP = "remove_stop"
    COUNT = "count"
    RECEIVE = "receive"
    WITHDRAW = "withdraw"
    SET_RULE = "set_rule"


@dataclass(frozen=True, slots=True)
class ProvisionCommand:
    """One deed. `stop`: to be set; `seen`: the stop as it was shown, None for a new one.

    `part` with `quantity`: counted, received or withdrawn; with `minimum` and `place` as they are to be.
    """

    deed: ProvisionDeed
    stop: PlannedStop | None = None
    seen: PlannedStop | None = None
    part: str = ""
    quantity: float = 0.0
    minimum: float = 0.0
    place: str = ""
    reason: str = ""


class ProvisionRefusalCode(StrEnum):
    """Why something was not done."""

    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NO_NAME = "no_name"
    NOT_STORED = "not_stored"
    CHANGED = "changed"
    TAKEN = "taken"
    NO_STOP_NAME = "no_stop_name"
    NO_LENGTH = "no_length"
    TOO_OFTEN = "too_often"
    NO_EQUIPMENT = "no_equipment"
    NO_PART = "no_part"
    NO_QUANTITY = "no_quantity"


@dataclass(frozen=True, slots=True)
class ProvisionRefusal:
    """Why it was not done: `text` in English, `code` with `values` for a window that says it in its language."""

    code: ProvisionRefusalCode
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
