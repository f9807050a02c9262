"""Whom a connection talks to: the certificate of a device as a person judges it, and the acts of trusting and refusing.

A driver whose devices prove who they are with certificates is `Identified`; the command line and the window know no
more of it than what is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"


class Fault(StrEnum):
    """What keeps a certificate from being believed. The names are those of the option `accept` where it allows one."""

    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    HOST = "host"
    URI = "uri"
    USAGE = "usage"
    KEY = "key"


LASTING = frozenset({Fault.REVOKED, Fault.EXPIRED, Fault.NOT_YET_VALID})
"""What keeps a certificate from being used although somebody trusts it."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """An X.509 certificate in the words of people.

    `not_before`, `not_after`: int64 ns UTC. `thumbprint`: SHA-1 in hex, the name that OPC UA gives a certificate;
    `fingerprint`: SHA-256 in hex. `hosts`, `uri`: whom its subjectAltName is made out for. `key`: such as "RSA 2048".
    """

    subject: str
    issuer: str
    not_before: int
    not_after: int
    thumbprint: str
    fingerprint: str
    hosts: tuple[str, ...] = ()
    uri: str = ""
    key: str = ""
    is_self_signed: bool = True

    @property
    def words(self) -> str:
        """Return the fingerprint's first half as eight pronounceable words, to be compared over a telephone."""
        return spoken(bytes.fromhex(self.fingerprint)[:16])


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A fault of one certificate, in a sentence that a person can act on."""

    fault: Fault
    text: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the device of one connection.

    `known`: the certificate that is trusted for it; `offered`: the one that it has shown last. `security`: what a
    connection would use or uses; `remembered`: the best that it has used; `offers`: what the device offers.
    """

    url: str
    known: CertificateFacts | None = None
    offered: CertificateFacts | None = None
    faults: tuple[FoundFault, ...] = ()
    security: str = ""
    remembered: str = ""
    offers: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether the device has shown a certificate that somebody has to judge."""
        return self.offered is not None and any(found.fault is not Fault.EXPIRED for found in self.faults)


class Untrusted(ConnectionLost):
    """A device has shown a certificate that is not believed; `identity` says whose it is and what is wrong with it."""

    def __init__(self, message: str, identity: Identity) -> None:
        """Keep what was shown beside the message."""
        super().__init__(message)
        self.identity = identity


@runtime_checkable
class Identified(Protocol):
    """What a driver offers besides `drivers.driver.Driver` where its devices have certificates."""

    @staticmethod
    async def identify(definition: ConnectionDefinition) -> Identity:
        """Ask the device who it is, without trusting it; raise ConnectionLost where it does not answer."""
        ...

    @staticmethod
    def present(definition: ConnectionDefinition, path: Path) -> Identity:
        """Take the certificate in a file for the one that the device would show, to be judged; raise DriverError."""
        ...

    @staticmethod
    def known_identity(definition: ConnectionDefinition) -> Identity:
        """Return what the certificate store knows of the device, without asking it."""
        ...

    @staticmethod
    def trust(definition: ConnectionDefinition, thumbprint: str, *, by: str) -> CertificateFacts:
        """Trust a certificate that the device has shown, in place of its former one; raise DriverError."""
        ...

    @staticmethod
    def refuse(definition: ConnectionDefinition, thumbprint: str, *, by: str) -> None:
        """Note that a certificate which the device has shown was looked at and refused."""
        ...

    @staticmethod
    def own(definition: ConnectionDefinition, *, is_new: bool = False) -> tuple[Path, CertificateFacts]:
        """Return our own certificate and its file, made now where there is none, or where a new one is wanted."""
        ...

    @staticmethod
    def hand_over(definition: ConnectionDefinition, folder: Path) -> None:
        """Take our certificate and the trust in this device along into the folder of a new plant."""
        ...

    @staticmethod
    def warnings(definition: ConnectionDefinition) -> tuple[str, ...]:
        """Return what will soon go wrong with certificates of ours and of the device, without asking it."""
        ...


def spoken(data: bytes) -> str:
    """Return an even number of bytes as words of five letters, one for 16 bits.

    They are proquints (D. S. Wilkerson, "A Proposal for Proquints", arXiv:0901.4016): consonants and vowels in turn; no
    list of words is needed, and speakers of any language can read them aloud.
    """
    words = []
    for at in range(0, len(data), 2):
        bits = int.from_bytes(data[at : at + 2], "big")
        first, second, third = (_CONSONANTS[bits >> shift & 15] for shift in (12, 6, 0))
        words.append(first + _VOWELS[bits >> 10 & 3] + second + _VOWELS[bits >> 4 & 3] + third)
    return " ".join(words)
