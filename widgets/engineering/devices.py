"""What the screens ask of devices that no plant has yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.acquisition.host_scan import OpenPort
from app.model.connection import ConnectionDefinition
from drivers.driver import BrowseEntry
from drivers.login import LoginOffer
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
    """A value that was just read: text, number or None, and its StatusCode; `state`: the name of such a number."""

    value: object
    status: int
    state: str = ""


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


def _nothing(definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
    del definition, units, on_step
    return Offer()


def _nobody(networks: Sequence[str], on_found: Callable[[OpenPort], None], on_step: OnStep) -> int:
    del networks, on_found, on_step
    return 0


def _no_line(definition: ConnectionDefinition) -> DeviceLine:
    raise OSError(f"{definition.url}: there is no way to a device here")


def _not_guarded(definition: ConnectionDefinition) -> LoginOffer | None:
    del definition
    return None


def _no_certificate(definition: ConnectionDefinition) -> Path | None:
    del definition
    return None


@dataclass(frozen=True, slots=True)
class Devices:
    """Every call is made in a background thread.

    `look(definition, units, on_step)`: what a device has; `units`: of a bus, () for that of the URL. `scan(networks,
    on_found, on_step)`: try the addresses of networks, return how many. `line(definition)`: a way to a device.
    `login_offer(definition)`: how a device lets its users in, None where it asks nobody. `own_certificate(definition)`:
    the file of ours that a device has to trust, None where there is none yet.
    `folder`: where a dialog for files begins.
    """

    look: Callable[[ConnectionDefinition, Sequence[int], OnStep], Offer] = _nothing
    scan: Callable[[Sequence[str], Callable[[OpenPort], None], OnStep], int] = _nobody
    line: Callable[[ConnectionDefinition], DeviceLine] = _no_line
    login_offer: Callable[[ConnectionDefinition], LoginOffer | None] = _not_guarded
    own_certificate: Callable[[ConnectionDefinition], Path | None] = _no_certificate
    folder: Path = field(default_factory=Path.home)
