"""Who an OPC UA server is, and the acts of trusting and refusing it: `drivers.trust.Identified` for OPC UA."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from app.model.connection import ConnectionDefinition
from drivers.driver import DriverError
from drivers.opcua.access import Access, seen_when_trusted
from drivers.opcua.certificate import certificates_from, facts_of, uris_of
from drivers.opcua.examination import Shown, examine
from drivers.opcua.expiry import expiry_warnings
from drivers.opcua.own_certificate import copy_own, own_certificates, present_certificate, renew
from drivers.opcua.pki import Pki, ServerMemory
from drivers.opcua.refusal import why_not
from drivers.opcua.settings import OpcUaSettings, parse_settings
from drivers.trust import CertificateFacts, Identity


def _opened(definition: ConnectionDefinition) -> tuple[OpcUaSettings, Pki]:
    settings = parse_settings(definition)
    if not settings.folder:
        raise DriverError(f"{settings.url}: there is no folder for certificates: name a plant")
    return settings, Pki(Path(settings.folder) / "pki")


async def identify(definition: ConnectionDefinition) -> Identity:
    """Ask the server who it is and put a certificate that is not believed among the rejected ones; trust nothing."""
    settings, _ = _opened(definition)
    access = Access(settings)
    try:
        async with asyncio.timeout(2 * settings.timeout_ms / 1000):
            offer = await access.discover()
    except TimeoutError as error:
        raise why_not(settings.url, error) from error
    judged = await access.judge(offer)
    access.reject(judged, offer)
    return access.identity_of(judged, offer)


def present(definition: ConnectionDefinition, path: Path) -> Identity:
    """Take the certificate in a file for the one that the server would show, to be judged; raise DriverError."""
    settings, pki = _opened(definition)
    try:
        certificate = certificates_from(path.read_bytes())[0]
    except (OSError, ValueError, IndexError) as error:
        raise DriverError(f"{path} cannot be read as a certificate: {error}") from error
    uri = next(iter(uris_of(certificate)), "")
    pki.remember(settings.url, uri=uri)
    memory = pki.memory(settings.url)
    faults = examine(_shown(settings, certificate, memory), pki, memory)
    if faults:
        pki.reject(certificate, settings.url, reason=faults[0].text)
    return known_identity(definition)


def known_identity(definition: ConnectionDefinition) -> Identity:
    """Return what the certificate store remembers of the server, without asking it."""
    settings, pki = _opened(definition)
    memory = pki.memory(settings.url)
    known = pki.find(memory.trusted) if memory.trusted else None
    offered = pki.find(memory.offered) if memory.offered else None
    faults = () if offered is None else examine(_shown(settings, offered, memory), pki, memory)
    return Identity(
        url=settings.url,
        known=None if known is None else facts_of(known),
        offered=None if offered is None else facts_of(offered),
        faults=faults,
        remembered=memory.used,
        offers=memory.offers,
    )


def trust(definition: ConnectionDefinition, thumbprint: str, *, by: str) -> CertificateFacts:
    """Trust a certificate that the server has shown, with the faults that can be seen in it; raise DriverError.

    One that has expired, is revoked, or not valid yet can be trusted, but is not used while that is so.
    """
    settings, pki = _opened(definition)
    certificate = _found(pki, settings, thumbprint)
    memory = pki.memory(settings.url)
    faults = examine(_shown(settings, certificate, memory), pki, memory)
    pki.trust(certificate, settings.url, accepted=seen_when_trusted(faults), by=by)
    return facts_of(certificate)


def refuse(definition: ConnectionDefinition, thumbprint: str, *, by: str) -> None:
    """Note that somebody has looked at a certificate of the server and refused it; raise DriverError."""
    settings, pki = _opened(definition)
    pki.refuse(_found(pki, settings, thumbprint), settings.url, by=by)


def own(definition: ConnectionDefinition, *, is_new: bool = False) -> tuple[Path, CertificateFacts]:
    """Return our own certificate and its file, made now where there is none, or where a new one is wanted."""
    _, pki = _opened(definition)
    found = renew(pki) if is_new else own_certificates(pki)[0]
    return found.path, facts_of(found.certificate)


def hand_over(definition: ConnectionDefinition, folder: Path) -> None:
    """Take our certificate and the trust in this server along into the folder of a new plant.

    A server that trusts us already then need not be told of the plant; nothing that is there already is replaced.
    """
    settings, pki = _opened(definition)
    memory, target = pki.memory(settings.url), Pki(folder / "pki")
    certificate = pki.find(memory.trusted) if memory.trusted else None
    if present_certificate(pki) is not None and present_certificate(target) is None:
        copy_own(pki, target)
    if certificate is not None and not target.memory(settings.url).trusted:
        target.trust(certificate, settings.url, accepted=memory.accepted, by="browsing")
        target.remember(settings.url, used=memory.used)


def warnings(definition: ConnectionDefinition) -> tuple[str, ...]:
    """Return which certificates of this connection will soon expire, ours and the server's."""
    settings, pki = _opened(definition)
    memory = pki.memory(settings.url)
    server = pki.find(memory.trusted) if memory.trusted else None
    own = present_certificate(pki) if memory.trusted or memory.used else None
    known = [(own, "our certificate"), (server, f"the certificate of {settings.url}")]
    return expiry_warnings([(certificate, whose) for certificate, whose in known if certificate is not None])


def _shown(settings: OpcUaSettings, certificate: x509.Certificate, memory: ServerMemory) -> Shown:
    return Shown(certificate, host=urlsplit(settings.url).hostname or "", uri=memory.uri)


def _found(pki: Pki, settings: OpcUaSettings, thumbprint: str) -> x509.Certificate:
    certificate = pki.find(thumbprint)
    if certificate is None:
        raise DriverError(
            f"{settings.url}: no certificate with the thumbprint {thumbprint} has been shown by a server: "
            "ask it for its certificate first, and give at least 16 digits"
        )
    return certificate
