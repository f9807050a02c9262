"""The contract of every driver: how a device is opened, browsed, subscribed, read and written.

A Driver object lives for one connection attempt: after ConnectionLost, or after a failed `open`, it is closed and a
fresh one is made. Bad data is never an exception: it is a sample with a bad StatusCode and the time of the attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.model.content import Content
from app.model.exact import DataType
from app.model.status import BAD
from drivers.block_queue import BlockQueue


class DriverError(Exception):
    """Something about a device is wrong; the message names the URL or address and the remedy."""


class ConnectionLost(DriverError):
    """The device cannot be reached, or no longer answers."""


class Refused(ConnectionLost):
    """The device has answered that it will not have us; asking again soon costs it work, and may lock an account."""


class BadAddress(DriverError):
    """An address or URL is not in the driver's grammar; the message shows the grammar."""


class BadOption(BadAddress):
    """An option of a connection is not known to its driver, or its value is not; `name` is its key."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class TagSpec:
    """What a driver needs to know of a tag: `value = raw * gain + offset` is applied by the driver.

    `data_type`: what is wanted of the device's value; what a float64 cannot hold comes in the column `exact` of the
    Blocks. None for whatever it is there, each value in its own type.
    """

    handle: int
    address: str
    scan_ms: int = 500
    gain: float = 1.0
    offset: float = 0.0
    data_type: DataType | None = DataType.FLOAT64


@dataclass(frozen=True, slots=True)
class SubscribeResult:
    """Whether one tag is being delivered.

    `status` is the OPC UA StatusCode, `reason` names what is wrong and the remedy.
    """

    handle: int
    status: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BrowseEntry:
    """One thing found in a device: `address` can be given to subscribe or read, where `is_readable`.

    `states`: what its numbers mean, where the device says so.
    """

    address: str
    name: str
    description: str = ""
    data_type: str = ""
    unit: str = ""
    low: float = float("nan")
    high: float = float("nan")
    is_readable: bool = True
    has_children: bool = False
    states: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """A page of what stands below a reference; `cursor` asks for the next page, b"" at the end."""

    entries: tuple[BrowseEntry, ...]
    cursor: bytes = b""


@dataclass(frozen=True, slots=True)
class WriteItem:
    """A value to be written, refused once `expires` (monotonic ns) is past.

    Ints are written to the last digit; texts have neither gain nor offset.
    """

    address: str
    value: Content
    expires: int
    gain: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one write: its StatusCode and, where it is not good, the reason.

    `is_sent`: False where it expired, or was refused here, before anything reached the device. `is_answered`: False
    where it was sent and nobody knows what became of it; it must be read back and never sent again.
    """

    address: str
    status: int
    reason: str = ""
    is_sent: bool = True
    is_answered: bool = True

    @property
    def is_written(self) -> bool:
        """Whether the device has said that it took the value."""
        return self.is_sent and self.is_answered and self.status < BAD


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Counters of one connection since `open`, for people and tests.

    `notes`: what people should know of it, such as a clock that is wrong. `security`: how it is protected, "None" where
    nothing is signed or encrypted although the protocol could, "" where the protocol knows no such thing.
    `is_cyclic`: whether every tag gives a sample each scan, be it a bad one, and not only changes.
    `clock_ahead_s`: how far the device's clock is ahead of ours, NaN where it has none or is not asked.
    `certificate_days`: until the first of the certificates that the connection needs expires, below 0 where it has; NaN
    where it needs none.
    """

    requests: int = 0
    failures: int = 0
    samples: int = 0
    coalesced: int = 0
    round_trip_ms: float = float("nan")
    notes: tuple[str, ...] = field(default=())
    security: str = ""
    clock_ahead_s: float = float("nan")
    certificate_days: float = float("nan")
    is_cyclic: bool = False


class Grammar(Protocol):
    """What of a plant file a driver understands, which no device is needed for."""

    schemes: ClassVar[tuple[str, ...]]

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        """Return an unopened driver; raise BadAddress for a URL, BadOption for an option that is not understood."""
        ...

    @staticmethod
    def check_address(address: str) -> None:
        """Raise BadAddress, which shows the grammar, for what cannot be the address of a tag in any device."""
        ...


class Driver(Grammar, Protocol):
    """One connection to one device."""

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason that a maintainer can act on. Bounded in time."""
        ...

    async def close(self) -> None:
        """Let go of the device; never raises, never takes longer than two seconds, may be called twice."""
        ...

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        """Return what the device offers below `reference` ("" is its root)."""
        ...

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        """Begin to deliver `tags` into `batches`; one result per tag, never all or nothing."""
        ...

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        """Stop delivering these tags; unknown handles are passed over."""
        ...

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Read once: exactly one sample per tag, in their order, bad ones with their StatusCode."""
        ...

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once, in order, never repeated by itself; one result per item."""
        ...

    def batches(self) -> BlockQueue:
        """Return the queue of delivered Blocks; its `get` raises ConnectionLost once the link is gone."""
        ...

    def diagnose(self) -> Diagnostics:
        """Return the counters so far."""
        ...
