"""What the screens ask of the certificate store; every call is made in a background thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.model.connection import ConnectionDefinition
from drivers.trust import Identity


def _unknown(definition: ConnectionDefinition) -> Identity | None:
    del definition
    return None


def _nothing(definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
    del definition, thumbprint, user


@dataclass(frozen=True, slots=True)
class Certificates:
    """`identity`: what is known of a device, None where its protocol has no certificates, without asking it.

    `trust`, `refuse`: judge the certificate with that thumbprint in the name of who is signed in, "" for nobody; what
    goes wrong is raised.
    """

    identity: Callable[[ConnectionDefinition], Identity | None] = _unknown
    trust: Callable[[ConnectionDefinition, str, str], object] = _nothing
    refuse: Callable[[ConnectionDefinition, str, str], object] = _nothing
