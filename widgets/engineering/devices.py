"""What the screens ask of devices that no plant has yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.acquisition.host_scan import OpenPort
from drivers.driver import BrowseEntry
from drivers.probe import Decoding, ProposedTag, Section


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a device has, `level` deep in its tree; `tag`: what the device itself proposes of it."""

    level: int
    entry: BrowseEntry
    tag: ProposedTag | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a device has, who it says it is, and what should be known of it."""

    found: tuple[Found, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was just read: text, number or None, and its StatusCode."""

    value: object
    status: int


class DeviceLine(Protocol):
    """An open way to one device; every call waits for the device, and may raise DriverError."""

    def read(self, addresses: Sequence[str]) -> list[Reading]:
        """Return the values of addresses, one each."""
        ...

    def decodings(self, address: str, count: int) -> list[Decoding]:
        """Return what registers may mean, the most plausible first."""
        ...

    def close(self) -> None:
        """Let go of the device; may be called twice, and while another call waits."""
        ...


OnStep = Callable[[float, str], None]
"""Hears which share is done (NaN where that cannot be known) and what was found so far; may raise to end the work."""


class Stopped(Exception):
    """Somebody wants no more of what is being done."""


def _nothing(url: str, units: Sequence[int], on_step: OnStep) -> Offer:
    del url, units, on_step
    return Offer()


def _nobody(network: str, on_found: Callable[[OpenPort], None], on_step: OnStep) -> int:
    del network, on_found, on_step
    return 0


def _no_line(url: str) -> DeviceLine:
    raise OSError(f"{url}: there is no way to a device here")


@dataclass(frozen=True, slots=True)
class Devices:
    """Every call is made in a background thread.

    `look(url, units, on_step)`: what a device has; `units`: of a bus, () for that of the URL. `scan(network, on_found,
    on_step)`: try the addresses of a network, return how many. `line(url)`: a way to a device.
    `folder`: where a dialog for files begins.
    """

    look: Callable[[str, Sequence[int], OnStep], Offer] = _nothing
    scan: Callable[[str, Callable[[OpenPort], None], OnStep], int] = _nobody
    line: Callable[[str], DeviceLine] = _no_line
    folder: Path = field(default_factory=Path.home)
