"""What passes between the collector and its windows beside the values: events down, commands up.

Every frame is one msgpack message of at most MAX_FRAME bytes. A window that connects first says Hello with the token
of the plant's run folder, then gets the present state (one frame of each kind) and after it only changes.
"""

from __future__ import annotations

import msgspec

from app.model.alarm import AlarmRecord
from app.model.alarm_command import AlarmCommand, AlarmRefusal
from app.model.case import CaseCommand, CaseEffect, CaseRecord, CaseRefusal
from app.model.collector import CollectorReport
from app.model.content import Content
from app.model.control import ControlRecord, Reason
from app.model.forecast import Forecast, Health
from app.model.handover import HandoverCommand, HandoverRefusal
from app.model.maintenance import PlannedStop
from app.model.model_command import ModelCommand, ModelJob, ModelRefusal
from app.model.provision import PartStock, ProvisionCommand, ProvisionRefusal
from app.model.remaining_life import LifeForecast
from app.model.role import Role
from app.model.score import Score
from app.model.work_order import WorkCommand, WorkOrder, WorkRefusal, WorkRequest

PROTOCOL = 1
MAX_FRAME = 4 << 20


class AlarmsChanged(msgspec.Struct, frozen=True, tag=True):
    """Alarms whose state changed; with `is_snapshot` all that are not normal."""

    alarms: tuple[AlarmRecord, ...]
    is_snapshot: bool = False


class ForecastsChanged(msgspec.Struct, frozen=True, tag=True):
    """Forecasts that were made again; each takes the place of the one before of its definition."""

    forecasts: tuple[Forecast, ...]


class HealthChanged(msgspec.Struct, frozen=True, tag=True):
    """The health of equipment where it was judged again."""

    healths: tuple[Health, ...]


class CasesChanged(msgspec.Struct, frozen=True, tag=True):
    """Cases whose state changed, and changes that verdicts made or that were undone; as `is_snapshot` all open ones."""

    cases: tuple[CaseRecord, ...]
    effects: tuple[CaseEffect, ...] = ()
    is_snapshot: bool = False


class ScoresChanged(msgspec.Struct, frozen=True, tag=True):
    """How well what was foretold has held so far: the sums that changed, at first all of them."""

    scores: tuple[Score, ...]


class LivesChanged(msgspec.Struct, frozen=True, tag=True):
    """Remaining lives that learned models name, or why they name none."""

    lives: tuple[LifeForecast, ...]


class CollectorChanged(msgspec.Struct, frozen=True, tag=True):
    """The collector's own state, about once a second."""

    report: CollectorReport


class CommandDone(msgspec.Struct, frozen=True, tag=True):
    """The answer to a command: `done`, or the reason why not, for alarms one by one as `refusals`.

    `work`: of a work order its number, that of a new one where one was requested; `work_refusal`: why it was not done.
    """

    request: int
    done: bool
    reason: str = ""
    refusals: tuple[AlarmRefusal, ...] = ()
    case_refusal: CaseRefusal | None = None
    work: int = 0
    work_refusal: WorkRefusal | None = None
    model_refusal: ModelRefusal | None = None
    handover_refusal: HandoverRefusal | None = None
    provision_refusal: ProvisionRefusal | None = None


class WorkChanged(msgspec.Struct, frozen=True, tag=True):
    """Work orders that changed; with `is_snapshot` all that are not closed."""

    orders: tuple[WorkOrder, ...]
    is_snapshot: bool = False


class LearningChanged(msgspec.Struct, frozen=True, tag=True):
    """How far a model is that is being learned or tried, and in the end what became of it."""

    job: ModelJob


class ProvisionChanged(msgspec.Struct, frozen=True, tag=True):
    """The planned stops and the stock of spare parts as they stand now, all of them."""

    stops: tuple[PlannedStop, ...]
    stock: tuple[PartStock, ...]


class ControlChanged(msgspec.Struct, frozen=True, tag=True):
    """A write or a call that was selected, checked, refused, or is on its way; windows know theirs by `operation`."""

    record: ControlRecord


class SessionChanged(msgspec.Struct, frozen=True, tag=True):
    """Who is signed in at this window now, "" for nobody; `request`: of the SignIn that it answers, else 0."""

    request: int
    name: str
    role: Role | None
    reason: Reason | None = None


class ConfigurationTaken(msgspec.Struct, frozen=True, tag=True):
    """The collector begins to work by another plant file: a window that shows the former one opens the plant anew.

    `is_of_pictures`: only process pictures are others; the collector goes on, and windows read them again.
    """

    is_of_pictures: bool = False


class Hello(msgspec.Struct, frozen=True, tag=True):
    """The first message of a window."""

    protocol: int
    token: str


class Acknowledge(msgspec.Struct, frozen=True, tag=True):
    """An operator has seen these alarms.

    `raised`: the instants that were shown (ns), so that no newer one is taken unseen.
    """

    request: int
    alarms: tuple[str, ...]
    raised: tuple[int, ...]
    operator: str
    comment: str = ""


class ActOnAlarms(msgspec.Struct, frozen=True, tag=True):
    """Somebody does something to alarms; CommandDone answers once it is on disk.

    `operator`: the name, which whoever is signed in at the window takes the place of. `window`: what it calls itself.
    """

    request: int
    command: AlarmCommand
    operator: str
    window: str = ""


class ActOnCase(msgspec.Struct, frozen=True, tag=True):
    """Somebody judges a case, or undoes what a verdict changed; CommandDone answers once it is on disk.

    `operator`, `window`: as in ActOnAlarms.
    """

    request: int
    command: CaseCommand
    operator: str
    window: str = ""


class RequestWork(msgspec.Struct, frozen=True, tag=True):
    """Somebody asks for work; CommandDone answers once the order is on disk.

    `operator`, `window`: as of ActOnAlarms.
    """

    request: int
    work: WorkRequest
    operator: str
    window: str = ""


class StepWork(msgspec.Struct, frozen=True, tag=True):
    """Somebody does a step of a work order; CommandDone answers once that is on disk.

    `secret`: the PIN with which completed work is signed. `operator`, `window`: as of ActOnAlarms.
    """

    request: int
    command: WorkCommand
    operator: str
    window: str = ""
    secret: str = ""


class ActOnModel(msgspec.Struct, frozen=True, tag=True):
    """Somebody learns, tries, promotes, returns or takes a model; CommandDone answers once it is on disk.

    Learning and trying are answered once they have begun. `operator`, `window`: as in ActOnAlarms.
    """

    request: int
    command: ModelCommand
    operator: str
    window: str = ""


class ActOnHandover(msgspec.Struct, frozen=True, tag=True):
    """Somebody notes or closes a point, hands a shift over or takes it over; CommandDone answers once it is on disk.

    `secret`: the PIN with which a handover is signed, of `operator`. `window`: as in ActOnAlarms.
    """

    request: int
    command: HandoverCommand
    operator: str
    window: str = ""
    secret: str = ""


class Provide(msgspec.Struct, frozen=True, tag=True):
    """Somebody changes a planned stop or the stock of a part; CommandDone answers once that is on disk.

    `operator`, `window`: as of ActOnAlarms.
    """

    request: int
    command: ProvisionCommand
    operator: str
    window: str = ""


class ReviseAlarm(msgspec.Struct, frozen=True, tag=True):
    """Somebody changes the dead band or the delays of an alarm in the plant file; CommandDone answers.

    `keys`: new values by the keys of the plant file, None for one that is left out. `seen`: the SHA-256 of the text of
    the plant file, in hexadecimal, whose difference was shown: of another one nothing is changed.
    """

    request: int
    alarm: str
    keys: dict[str, float | None]
    seen: str
    reason: str
    operator: str
    window: str = ""


class SignIn(msgspec.Struct, frozen=True, tag=True):
    """Somebody wants to act at this window, which calls itself `window`; SessionChanged answers."""

    request: int
    name: str
    secret: str
    window: str


class SignOff(msgspec.Struct, frozen=True, tag=True):
    """Whoever is signed in at this window leaves; what it has selected is let go."""


class Select(msgspec.Struct, frozen=True, tag=True):
    """Hold a tag for this window and, unless `value` is NOTHING, check that value; ControlChanged answers.

    `operation`: a name of the window's choice, used for no other write.
    """

    operation: str
    tag: str
    value: Content


class Execute(msgspec.Struct, frozen=True, tag=True):
    """Carry out the write of a checked value, which the operator has confirmed; ControlChanged answers."""

    operation: str
    value: Content


class SelectMethod(msgspec.Struct, frozen=True, tag=True):
    """Hold a method for this window and, unless `arguments` is None, check them; ControlChanged answers.

    `operation`: a name of the window's choice, used for no other command.
    """

    operation: str
    method: str
    arguments: tuple[Content, ...] | None = None


class Call(msgspec.Struct, frozen=True, tag=True):
    """Carry out the call with checked arguments, which the operator has confirmed; ControlChanged answers."""

    operation: str
    arguments: tuple[Content, ...]


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Let go of a selection."""

    operation: str


class TakeConfiguration(msgspec.Struct, frozen=True, tag=True):
    """Work by the plant file as it is now; CommandDone answers before the collector begins to."""

    request: int


Event = (
    AlarmsChanged
    | ForecastsChanged
    | HealthChanged
    | CasesChanged
    | ScoresChanged
    | LivesChanged
    | CollectorChanged
    | CommandDone
    | ControlChanged
    | SessionChanged
    | WorkChanged
    | LearningChanged
    | ProvisionChanged
    | ConfigurationTaken
)
Command = (
    Hello
    | Acknowledge
    | ActOnAlarms
    | ActOnCase
    | ActOnModel
    | ActOnHandover
    | ReviseAlarm
    | RequestWork
    | StepWork
    | Provide
    | SignIn
    | SignOff
    | Select
    | Execute
    | SelectMethod
    | Call
    | Cancel
    | TakeConfiguration
)
