"""A link: the way to the units of one bus, whatever carries it. TCP, TLS and serial lines differ behind this border.

A link frames the PDU of a request and returns the PDU of its answer. What stands in a PDU is the concern of `pdu.py`,
whose turn it is that of `bus.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, runtime_checkable

from drivers.driver import DriverError


class NoAnswer(DriverError):
    """The device was asked and has not answered in time."""


class BadAnswer(DriverError):
    """The device has answered something that does not fit the request."""


class ExceptionAnswer(DriverError):
    """The device has answered with a Modbus exception; `code` is its number."""

    def __init__(self, code: int) -> None:
        """Name the exception by its number."""
        super().__init__(f"Modbus exception {code}")
        self.code = code


Answered = Callable[[bytes | DriverError], None]
"""What is called, once, with the PDU of an answer or with why there is none."""


class Link(Protocol):
    """One connection or one serial port.

    It is made with the settings and a function that it calls once with the reason, in words for a maintainer, when it
    is lost; not when it is closed from this side.
    """

    @property
    def is_open(self) -> bool:
        """Return whether requests can be sent."""
        ...

    @property
    def late(self) -> int:
        """Return how many answers came after their time, or to nothing that was asked; they are dropped."""
        ...

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        ...

    def close(self) -> None:
        """Let go at once; a request in flight ends with ConnectionLost."""
        ...

    def request(self, unit: int, pdu: bytes) -> Awaitable[bytes]:
        """Send one request and return the PDU of its answer, an exception's too.

        One request at a time. Raise NoAnswer after `timeout_ms`, BadAnswer for a frame that is not the request's
        (unit, checksum, function), ConnectionLost.
        """
        ...


@runtime_checkable
class PipelinedLink(Link, Protocol):
    """A link that can carry several requests at once, each with a number of its own that its answer repeats."""

    def send(self, unit: int, pdu: bytes, answered: Answered) -> None:
        """Send one request, and call `answered` with what comes of it; raise ConnectionLost where it is not open."""
        ...
