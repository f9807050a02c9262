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
from drivers.probe import Decoding, Introduction, ProposedTag, Section


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a device has, `level` deep in its tree; `tag`: what the device itself proposes of it."""

    level: int
    entry: BrowseEntry
    tag: ProposedTag | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a device has, who it says it is, and what should be known of it.

    `url`: by which it is to be reached, with the options that it needs; "" for that by which it was asked.
    """

    found: tuple[Found, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = field(default=())
    url: str = ""


@dataclass(frozen=True, slots=True)
class SearchWish:
    """Where devices are looked for (`app.acquisition.search_range`), and whether those found are asked who they are."""

    networks: tuple[str, ...]
    is_asking: bool = True


@dataclass(frozen=True, slots=True)
class DeviceFound:
    """A port that takes connections. `who` answers there, None where that is not known.

    `is_asked`: it is being asked. `is_silent`: it was asked, and nobody answered who speaks as its port says.
    """

    port: OpenPort
    who: Introduction | None = None
    is_asked: bool = False
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class SearchEnd:
    """How a search ended: how many addresses were `tried`.

    `there`: where somebody is who has none of these ports open. `strangers`: ports that take connections and speak none
    of our protocols.
    """

    tried: int = 0
    there: tuple[str, ...] = ()
    strangers: int = 0


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


def _nobody(wish: SearchWish, on_found: Callable[[DeviceFound], None], on_step: OnStep) -> SearchEnd:
    del wish, on_found, on_step
    return SearchEnd()


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

    `look(definition, units, on_step)`: what a device has; `units`: of a bus, () for that of the URL. `search(wish,
    on_found, on_step)`: look for devices in networks; one may be told twice, found and then known.
    `line(definition)`: a way to a device.
    `login_offer(definition)`: how a device lets its users in, None where it asks nobody. `own_certificate(definition)`:
    the file of ours that a device has to trust, None where there is none yet.
    `folder`: where a dialog for files begins.
    """

    look: Callable[[ConnectionDefinition, Sequence[int], OnStep], Offer] = _nothing
    search: Callable[[SearchWish, Callable[[DeviceFound], None], OnStep], SearchEnd] = _nobody
    line: Callable[[ConnectionDefinition], DeviceLine] = _no_line
    login_offer: Callable[[ConnectionDefinition], LoginOffer | None] = _not_guarded
    own_certificate: Callable[[ConnectionDefinition], Path | None] = _no_certificate
    folder: Path = field(default_factory=Path.home)
