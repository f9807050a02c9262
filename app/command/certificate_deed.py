"""Trusting and refusing the certificate of a device: in the certificate store, and in the audit trail of its plant."""

from __future__ import annotations

import getpass
from dataclasses import replace
from pathlib import Path

from app.acquisition.registry import driver_class, driver_names
from app.audit.deed import note_deeds
from app.command.failure import UsageFailure
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from drivers.driver import DriverError
from drivers.trust import CertificateFacts, Identified


def identified(definition: ConnectionDefinition) -> type[Identified]:
    """Return the driver of a connection; raise UsageFailure where its devices have no certificates."""
    driver = driver_class(definition.driver)
    if not isinstance(driver, Identified):
        raise UsageFailure(f"{definition.url}: devices of the driver {definition.driver} have no certificates to trust")
    return driver


def has_certificates(definition: ConnectionDefinition) -> bool:
    """Return whether the devices of this connection's driver have certificates."""
    return isinstance(driver_class(definition.driver), Identified)


def certificate_warnings(plant: Plant) -> tuple[str, ...]:
    """Return which certificates of a plant will soon expire, each once; nothing is asked of a device."""
    found: dict[str, None] = {}
    for definition in plant.connections:
        if definition.driver not in driver_names() or not has_certificates(definition):
            continue
        try:
            found.update(dict.fromkeys(identified(definition).warnings(definition)))
        except DriverError as error:
            found[str(error)] = None
    return tuple(found)


def trust(definition: ConnectionDefinition, thumbprint: str, *, window: str, user: str = "") -> CertificateFacts:
    """Trust a certificate that the device has shown; `window`: where the person sits, `user`: who is signed in."""
    by = user or getpass.getuser()
    facts = identified(definition).trust(definition, thumbprint, by=f"{by}, {window}")
    _note(definition, AuditAction.CERTIFICATE_TRUSTED, facts.fingerprint, window=window, user=user)
    return facts


def refuse(definition: ConnectionDefinition, thumbprint: str, *, window: str, user: str = "") -> None:
    """Note that a certificate was looked at and refused."""
    by = user or getpass.getuser()
    identified(definition).refuse(definition, thumbprint, by=f"{by}, {window}")
    _note(definition, AuditAction.CERTIFICATE_REFUSED, thumbprint, window=window, user=user)


def _note(definition: ConnectionDefinition, action: AuditAction, mark: str, *, window: str, user: str) -> None:
    """Put the deed into the audit trail, where the certificates are those of a plant."""
    folder = PlantFolder(Path(definition.folder))
    if not folder.configuration.is_file():
        return
    reason = f"by {getpass.getuser()}, {definition.url}, SHA-256 {mark}"
    record = AuditRecord(clock.now_ns(), action, user=user, window=window, reason=reason)
    note_deeds(folder.history, [record])


def in_folder(definition: ConnectionDefinition, folder: Path) -> ConnectionDefinition:
    """Return the connection with its certificates in another folder."""
    return replace(definition, folder=str(folder))
