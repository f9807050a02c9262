"""How a device lets its users in: which security it offers, and which logins it takes, before anybody has one.

A driver whose devices ask who is there is `Guarded`; the window and the command line know no more of it than this.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost


class LoginKind(StrEnum):
    """How a user shows who he is."""

    ANONYMOUS = "anonymous"
    PASSWORD = "user and password"  # noqa: S105 - the name of a way, no secret
    CERTIFICATE = "certificate"
    TOKEN = "issued token"  # noqa: S105 - the same


@dataclass(frozen=True, slots=True)
class OfferedSecurity:
    """One way of being protected that a device offers; `text` is what the option `security` of a plant file takes.

    `is_legacy`: it rests on what can be broken, and is used only where that was allowed. `logins`: what is taken there,
    () where the device does not say.
    """

    text: str
    is_legacy: bool = False
    logins: tuple[LoginKind, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginOffer:
    """What the device at `url` offers, the best first."""

    url: str
    securities: tuple[OfferedSecurity, ...] = ()

    @property
    def logins(self) -> tuple[LoginKind, ...]:
        """Return the logins that are taken anywhere, () where the device does not say."""
        return tuple(dict.fromkeys(kind for each in self.securities for kind in each.logins))

    def find(self, text: str) -> OfferedSecurity | None:
        """Return the offer of that name, None where the device has none."""
        return next((each for each in self.securities if each.text == text), None)


class MisfitCode(StrEnum):
    """Why what was asked for and what the device offers do not fit."""

    NOTHING_OFFERED = "nothing offered"
    NOT_OFFERED = "not offered"
    ONLY_LEGACY = "only legacy"
    LESS_THAN_BEFORE = "less than before"
    LOGIN_NOT_TAKEN = "login not taken"
    IN_PLAIN_TEXT = "in plain text"


class Misfit(ConnectionLost):
    """Nobody is let in as the connection says; `offer` is what there is instead, `code` what does not fit."""

    def __init__(self, message: str, code: MisfitCode, offer: LoginOffer) -> None:
        """Keep what is offered beside the message."""
        super().__init__(message)
        self.code = code
        self.offer = offer


@runtime_checkable
class Guarded(Protocol):
    """What a driver offers besides `drivers.driver.Driver` where its devices let in only some."""

    @staticmethod
    async def login_offer(definition: ConnectionDefinition) -> LoginOffer:
        """Ask the device what it offers, without logging in; raise ConnectionLost where it does not say."""
        ...
