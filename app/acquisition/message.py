"""What passes between the collector and its worker processes beside the samples, as typed msgpack messages."""

from __future__ import annotations

import msgspec

from app.model.connection import ConnectionDefinition, ConnectionReport
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from drivers.alarm_source import DeedResult, DeviceEvents
from drivers.array_source import ArrayValue
from drivers.driver import TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd
from drivers.method_caller import CallResult


class Begin(msgspec.Struct, frozen=True, tag=True):
    """The first message to a worker: the connections that it shall keep, and their tags."""

    connections: tuple[ConnectionDefinition, ...]
    tags: tuple[TagDefinition, ...]


class Write(msgspec.Struct, frozen=True, tag=True):
    """Write these values to a device, once; `request` numbers the answer."""

    request: int
    connection: str
    items: tuple[WriteItem, ...]


class Read(msgspec.Struct, frozen=True, tag=True):
    """Ask a device for one value now; `request` numbers the answer."""

    request: int
    connection: str
    spec: TagSpec


class ReadArray(msgspec.Struct, frozen=True, tag=True):
    """Ask a device for an array now; `request` numbers the answer."""

    request: int
    connection: str
    address: str


class AskHistory(msgspec.Struct, frozen=True, tag=True):
    """Ask a device for what it has kept of tags with start <= time < end (ns UTC); it comes as late samples."""

    request: int
    connection: str
    specs: tuple[TagSpec, ...]
    start: int
    end: int


class AcknowledgeThere(msgspec.Struct, frozen=True, tag=True):
    """Let a device take a state of one of its conditions as seen; `request` numbers the answer."""

    request: int
    connection: str
    condition: str
    event_id: bytes
    comment: str


class CallThere(msgspec.Struct, frozen=True, tag=True):
    """Call a method of a device, once and not after `expires` (monotonic ns); `request` numbers the answer.

    `timeout_s`: for how long the device's answer is waited for.
    """

    request: int
    connection: str
    owner: str
    method: str
    arguments: tuple[str, ...]
    expires: int
    timeout_s: float


class Beat(msgspec.Struct, frozen=True, tag=True):
    """The worker's event loop turns; `lag_ms`: how late this turn was; `resident`: bytes of memory, 0 if not known."""

    lag_ms: float
    resident: int


class Reported(msgspec.Struct, frozen=True, tag=True):
    """The present state of the worker's connections; `coalesced`: samples that the border had to leave out so far."""

    reports: tuple[ConnectionReport, ...]
    coalesced: int


class WriteDone(msgspec.Struct, frozen=True, tag=True):
    """What became of the values of a Write, in their order."""

    request: int
    results: tuple[WriteResult, ...]


class ReadDone(msgspec.Struct, frozen=True, tag=True):
    """What a Read has given."""

    request: int
    sample: DataValue


class ArrayDone(msgspec.Struct, frozen=True, tag=True):
    """What a ReadArray has given."""

    request: int
    value: ArrayValue


class HistoryDone(msgspec.Struct, frozen=True, tag=True):
    """All late samples of an AskHistory are sent; `problem`: why the device could not be asked, "" where it could."""

    request: int
    ends: tuple[HistoryEnd, ...]
    problem: str = ""


class Alarmed(msgspec.Struct, frozen=True, tag=True):
    """What a device tells of its alarms; `is_begun`: it is about to tell all that stand."""

    connection: str
    told: DeviceEvents
    is_begun: bool = False


class DeedDone(msgspec.Struct, frozen=True, tag=True):
    """What a device has answered to an AcknowledgeThere; `problem`: why it could not be asked, "" where it could."""

    request: int
    result: DeedResult
    problem: str = ""


class CallDone(msgspec.Struct, frozen=True, tag=True):
    """What became of a CallThere."""

    request: int
    result: CallResult


class Logged(msgspec.Struct, frozen=True, tag=True):
    """A line for the collector's log."""

    logger: str
    level: int
    text: str


ToWorker = Begin | Write | Read | ReadArray | AskHistory | AcknowledgeThere | CallThere
ToCollector = Beat | Reported | WriteDone | ReadDone | ArrayDone | HistoryDone | Alarmed | DeedDone | CallDone | Logged
