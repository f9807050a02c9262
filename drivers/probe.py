"""What a device tells of itself before it has a plant file: who it is, what it has, and which tags it proposes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from app.model.connection import ConnectionDefinition

NOTHING = "nothing found"
"""The text of a fact that says what was looked for in vain."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a device; `name` is a word of the protocol's own, in English."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposedTag:
    """A tag that a device describes by itself; `unit` is a UCUM code, value = raw * gain + offset."""

    name: str
    address: str
    title: str = ""
    unit: str = ""
    gain: float = 1.0
    offset: float = 0.0
    low: float = -math.inf
    high: float = math.inf
    decimals: int = 1
    is_counter: bool = False
    is_discrete: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What was found in one part of a device, such as one unit behind a gateway; `url` reaches that part."""

    title: str
    url: str
    facts: tuple[Fact, ...] = ()
    proposals: tuple[ProposedTag, ...] = ()

    def fact(self, name: str) -> str:
        """Return the text of a fact, "" where it is not known."""
        return next((fact.text for fact in self.facts if fact.name == name), "")


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a probe has found; `notes`: what people should know of it, such as what was left out and why.

    `url`: by which the device is to be reached, with the options that it needs, such as more time for each answer.
    """

    url: str
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ProbeWish:
    """How far a probe goes: which `units` of a bus it asks for, and for how many seconds in all."""

    units: tuple[int, ...] = ()
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Decoding:
    """One way to understand registers: `values` of the last read, how far each `moved` over all of them.

    `addresses`: what a tag would be given, one per value. `plausibility`: how much they look like measurements, 0 to 1.
    """

    data_type: str
    order: str
    addresses: tuple[str, ...]
    values: tuple[float, ...]
    moved: tuple[float, ...]
    plausibility: float


@dataclass(frozen=True, slots=True)
class Introduction:
    """Who answers at a port. `name`: what the device calls itself, "" where it says nothing of itself.

    `units`: of a bus, those of `asked` that answered; both () where there is no bus. `is_guarded`: it lets nobody in
    who shows neither a certificate nor a password.
    """

    name: str = ""
    units: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    is_guarded: bool = False


OnStep = Callable[[float, str], None]
"""Hears which share is done, 0 to 1, and what comes next."""


def unheard(share: float, what: str) -> None:
    """Take no notice of how far a probe has come."""
    del share, what


@runtime_checkable
class Probing(Protocol):
    """What a driver offers besides `drivers.driver.Driver` where it can find out what a device is."""

    @staticmethod
    async def probe(definition: ConnectionDefinition, wish: ProbeWish, on_step: OnStep) -> ProbeReport:
        """Ask the device, reading only; raise ConnectionLost where it does not answer at all."""
        ...


@runtime_checkable
class Introducing(Protocol):
    """What a driver offers besides `drivers.driver.Driver` where it can soon tell who answers at a port."""

    @staticmethod
    async def introduce(definition: ConnectionDefinition) -> Introduction:
        """Ask only who it is, within some seconds; raise ConnectionLost where somebody speaks another protocol."""
        ...


@runtime_checkable
class Decoded(Protocol):
    """What an open driver offers where a device has registers without a type."""

    async def decodings(self, address: str, count: int, *, reads: int, pause_s: float) -> list[Decoding]:
        """Return what registers may mean, the most plausible first; raise BadAddress, ConnectionLost."""
        ...
