"""What passes between the collector and its worker processes beside the samples, as typed msgpack messages."""

from __future__ import annotations

import msgspec

from app.model.connection import ConnectionDefinition, ConnectionReport
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from drivers.driver import TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd


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


class AskHistory(msgspec.Struct, frozen=True, tag=True):
    """Ask a device for what it has kept of tags with start <= time < end (ns UTC); it comes as late samples."""

    request: int
    connection: str
    specs: tuple[TagSpec, ...]
    start: int
    end: int


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


class HistoryDone(msgspec.Struct, frozen=True, tag=True):
    """All late samples of an AskHistory are sent; `problem`: why the device could not be asked, "" where it could."""

    request: int
    ends: tuple[HistoryEnd, ...]
    problem: str = ""


class Logged(msgspec.Struct, frozen=True, tag=True):
    """A line for the collector's log."""

    logger: str
    level: int
    text: str


ToWorker = Begin | Write | Read | AskHistory
ToCollector = Beat | Reported | WriteDone | ReadDone | HistoryDone | Logged
