"""The way into an OPC UA server: what it offers, whether it is the right one, who we are, and how its user logs in."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from asyncua import ua
from cryptography import x509

from app.model import clock
from drivers.driver import ConnectionLost
from drivers.opcua.certificate import UnreadableCertificate, certificates_from, facts_of, fingerprint
from drivers.opcua.choice import check_login, choose
from drivers.opcua.discovery import Offer, assumed, discover, other_place
from drivers.opcua.examination import Shown, examine
from drivers.opcua.expiry import days_left, expiry_warnings
from drivers.opcua.own_certificate import OwnCertificate, own_certificates
from drivers.opcua.pki import Pki, ServerMemory
from drivers.opcua.refusal import ToldByServer, is_distrust, tells_nobody, why_not
from drivers.opcua.renewal import take_renewed
from drivers.opcua.secure_client import SecureClient, let_go
from drivers.opcua.security import NO_SECURITY, Security, security_from
from drivers.opcua.security_names import AUTO, NONE, POLICIES
from drivers.opcua.settings import OpcUaSettings
from drivers.opcua.user_certificate import load_user
from drivers.trust import CertificateFacts, Fault, FoundFault, Identity, Untrusted

log = logging.getLogger(__name__)

NEVER_S = 86_400.0 * 365
_CLOCK_DOUBT_S = 60
_SEEN_WHEN_TRUSTED = {Fault.HOST, Fault.URI, Fault.USAGE, Fault.KEY}
"""Faults that somebody who trusts one certificate for one address has seen and may pass over."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One endpoint of a server with what speaks against its certificate, which is None where it shows none."""

    security: Security
    endpoint: ua.EndpointDescription
    certificate: x509.Certificate | None = None
    faults: tuple[FoundFault, ...] = ()


class Access:
    """Connects once; `security` is what the connection has, `notes` what else is to be known of it."""

    def __init__(self, settings: OpcUaSettings) -> None:
        """Prepare the way to one server."""
        self.security: Security | None = None
        self._settings = settings
        self._pki = Pki(Path(settings.folder) / "pki") if settings.folder else None
        self._server: x509.Certificate | None = None
        self._own: x509.Certificate | None = None
        self._notes: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is to be known of the connection: certificates that will expire, faults passed over."""
        return (*self._notes, *expiry_warnings(self._certificates()))

    @property
    def certificate_days(self) -> float:
        """Return the days until the first of both certificates expires; NaN where the connection has none."""
        return min((days_left(certificate) for certificate, _ in self._certificates()), default=math.nan)

    def _certificates(self) -> list[tuple[x509.Certificate, str]]:
        certificates = [(self._own, "our certificate"), (self._server, "the server's certificate")]
        return [(certificate, whose) for certificate, whose in certificates if certificate is not None]

    async def connect(self, prepare: Callable[[SecureClient], None]) -> SecureClient:
        """Return a client with an activated session; raise ConnectionLost with reason and remedy."""
        offer = None if self._needs_no_offer else await self.discover()
        judged = Judged(NO_SECURITY, ua.EndpointDescription())
        if offer is not None:
            judged = await self.judge(offer)
            self._require_trust(judged, offer)
        if judged.security.is_none:
            return await self._enter(prepare, judged, offer, None)
        return await self._enter_secured(prepare, judged, offer)

    async def judge(self, offer: Offer) -> Judged:
        """Choose an endpoint and examine its certificate; raise ConnectionLost where none can be used."""
        settings = self._settings
        security, endpoint = choose(settings, offer, self._memory())
        check_login(settings, security, endpoint)
        if security.is_none and not self._sends_secret:
            return Judged(security, endpoint)
        try:
            shown = certificates_from(endpoint.ServerCertificate or b"")
            certificate = shown[0]
        except (UnreadableCertificate, IndexError) as error:
            if security.is_none:
                return Judged(security, endpoint)
            raise ConnectionLost(
                f"{settings.url}: the certificate of the server cannot be read ({error}): give the server a new one"
            ) from error
        host = urlsplit(settings.url).hostname or ""
        uri = endpoint.Server.ApplicationUri or ""
        faults = examine(Shown(certificate, tuple(shown[1:]), host, uri, offer.time), self._store(), self._memory())
        return Judged(security, endpoint, certificate, faults)

    def identity_of(self, judged: Judged, offer: Offer) -> Identity:
        """Return what has been found in the words of people."""
        memory = self._memory()
        return Identity(
            url=self._settings.url,
            known=self._known(memory),
            offered=None if judged.certificate is None else facts_of(judged.certificate),
            faults=judged.faults,
            security=judged.security.text,
            remembered=memory.used,
            offers=offer.texts,
        )

    def reject(self, judged: Judged, offer: Offer) -> None:
        """Put the certificate of a server among the rejected ones, with what was seen of it."""
        if judged.certificate is not None and judged.faults:
            uri = judged.endpoint.Server.ApplicationUri or ""
            reason = judged.faults[0].text
            self._store().reject(judged.certificate, self._settings.url, reason=reason, uri=uri, offers=offer.texts)

    @property
    def _needs_no_offer(self) -> bool:
        return self._settings.security == NONE and not self._settings.user and not self._settings.user_certificate

    @property
    def _sends_secret(self) -> bool:
        """Whether a password would be encrypted for whoever holds the server's certificate."""
        return bool(self._settings.user) and self._settings.security != NONE

    async def discover(self) -> Offer:
        """Ask the server what it offers; raise ConnectionLost where it does not say."""
        try:
            return await discover(self._settings.url, timeout_s=self._settings.timeout_ms / 1000)
        except Exception as error:
            if tells_nobody(error):
                return self._assumed_offer(error)
            raise why_not(self._settings.url, error) from error

    def _assumed_offer(self, error: Exception) -> Offer:
        """Return the offer of a server that tells nothing of itself; raise ConnectionLost where too little is known."""
        url, memory = self._settings.url, self._memory()
        certificate = self._store().find(memory.trusted) if memory.trusted else None
        if certificate is None:
            raise ConnectionLost(
                f"{url}: the server shows its certificate to nobody: fetch the file of it from the server, then: "
                f'foreshift trust {url} --certificate FILE --folder "{self._settings.folder}"'
            ) from error
        wanted = self._settings.security
        security = security_from(memory.used or POLICIES[1]) if wanted in {AUTO, NONE} else security_from(wanted)
        return assumed(url, security, certificate)

    def _store(self) -> Pki:
        if self._pki is None:
            raise ConnectionLost(
                f"{self._settings.url}: certificates are needed and there is no folder for them: "
                f'name a plant, or set security = "{NONE}"'
            )
        return self._pki

    def _memory(self) -> ServerMemory:
        return ServerMemory() if self._pki is None else self._pki.memory(self._settings.url)

    def _known(self, memory: ServerMemory) -> CertificateFacts | None:
        found = self._store().find(memory.trusted) if memory.trusted else None
        return None if found is None else facts_of(found)

    def _require_trust(self, judged: Judged, offer: Offer) -> None:
        """Raise Untrusted, with the certificate put among the rejected ones, for a fault that nobody has accepted."""
        certificate = judged.certificate
        if certificate is None:
            return
        memory = self._memory()
        is_pinned = memory.trusted == fingerprint(certificate)
        accepted = {*self._settings.accepted, *(memory.accepted if is_pinned else ())}
        grave = [found for found in judged.faults if found.fault not in accepted]
        others = [found for found in grave if found.fault is not Fault.CHANGED]
        if grave and not others and take_renewed(self._store(), self._settings.url, certificate):
            self._notes.append("the server has renewed its certificate, and kept its key")
            grave = []
        self._notes += [f"accepted: {found.text}" for found in judged.faults if found.fault in accepted]
        self._server = certificate
        if not grave:
            return
        reason = grave[0].text
        if grave[0].fault in {Fault.UNKNOWN, Fault.CHANGED}:
            self.reject(judged, offer)
            reason += f'; look at it with: foreshift trust {self._settings.url} --folder "{self._settings.folder}"'
        further = "".join(f"; also: {found.text}" for found in grave[1:])
        raise Untrusted(f"{self._settings.url}: {reason}{further}", self.identity_of(judged, offer))

    async def _enter_secured(
        self, prepare: Callable[[SecureClient], None], judged: Judged, offer: Offer | None
    ) -> SecureClient:
        """Enter with our certificate, and with the former one where the server does not trust the new one yet."""
        ours = own_certificates(self._store())
        for place, own in enumerate(ours):
            is_last = place == len(ours) - 1
            try:
                client = await self._enter(prepare, judged, offer, own)
            except Exception as error:
                if is_last or not is_distrust(error):
                    raise why_not(self._settings.url, error, own=own.path, clock_hint=_clock_hint(offer)) from error
                self._notes.append(
                    f"the server does not trust our renewed certificate yet, the former one is used: let its "
                    f"administrator trust the file {own.path}"
                )
                continue
            self._own = own.certificate
            self._remember(judged.security)
            return client
        raise ConnectionLost(f"{self._settings.url}: there is no certificate of ours")

    async def _enter(
        self,
        prepare: Callable[[SecureClient], None],
        judged: Judged,
        offer: Offer | None,
        own: OwnCertificate | None,
    ) -> SecureClient:
        settings = self._settings
        client = SecureClient(
            settings.url,
            None if offer is None or offer.is_assumed or settings.security == NONE else offer,
            timeout_s=settings.timeout_ms / 1000,
            watchdog_s=NEVER_S,
        )
        client.application_uri = "urn:foreshift:client"
        if own is not None and judged.certificate is not None:
            client.secure(judged.security, own, judged.certificate)
        client.check_endpoint = partial(check_login, settings, judged.security)
        prepare(client)
        if settings.user:
            client.set_user(settings.user)
            client.set_password(settings.password())
        if settings.user_certificate:
            client.user_certificate, client.user_private_key = load_user(settings)
        try:
            await client.connect()
        except BaseException as error:
            told = client.refusal
            await let_go(client)
            if told and isinstance(error, Exception) and not isinstance(error, ConnectionLost):
                raise ToldByServer(told) from error
            raise
        self.security = judged.security
        self._tell_place(judged.endpoint)
        return client

    def _tell_place(self, endpoint: ua.EndpointDescription) -> None:
        security = self.security
        place = other_place(self._settings.url, endpoint)
        if place:
            self._notes.append(f"the server calls itself {place}; {self._settings.url} is used instead")
        if security is not None and security.is_legacy:
            self._notes.append(f"{security.policy} can be broken: let the server offer Basic256Sha256")
            log.warning("opcua.security.legacy", extra={"url": self._settings.url, "security": security.text})

    def _remember(self, security: Security) -> None:
        """Remember the best security, so that less of it is not taken silently."""
        used = self._memory().used
        if not used or security.rank > security_from(used).rank:
            self._store().remember(self._settings.url, used=security.text)


def _clock_hint(offer: Offer | None) -> str:
    if offer is None or not offer.time:
        return ""
    ahead_s = (offer.time - clock.now_ns()) / clock.NS_PER_S
    if abs(ahead_s) < _CLOCK_DOUBT_S:
        return ""
    return f"; the server's clock is {abs(ahead_s) / 3600:.1f} h {'ahead of' if ahead_s > 0 else 'behind'} this PC's"


def seen_when_trusted(faults: tuple[FoundFault, ...]) -> tuple[str, ...]:
    """Return the faults that whoever trusts a certificate accepts with it."""
    return tuple(found.fault.value for found in faults if found.fault in _SEEN_WHEN_TRUSTED)
