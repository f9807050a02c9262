"""Whether a server's certificate is to be believed, and in one sentence each what is wrong with it and what to do.

asyncua's CertificateValidator and TrustStore answer with one StatusCode or yes and no, take any revocation list at its
word and any certificate of that serial number for a revoked one, ask for no host name, and call an expired certificate
untrusted. Chains are built by the library `cryptography`; what is beside the chain is checked here (Part 4, 6.1.3).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.model import clock
from drivers.opcua.certificate import common_name, fingerprint, hosts_of, rsa_bits, uris_of
from drivers.opcua.pki import Pki, ServerMemory
from drivers.trust import Fault, FoundFault

SHORTEST_KEY, LONGEST_KEY = 2048, 4096
_CLOCK_DOUBT_NS = 3_600 * clock.NS_PER_S


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server has shown: its certificate with the chain behind it, and who and when it says it is.

    `host`: the one that we connect to. `uri`: the ApplicationUri of its endpoint. `time`: its clock, int64 ns UTC, 0
    where it is not known.
    """

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    host: str = ""
    uri: str = ""
    time: int = 0


@dataclass(slots=True)
class _Case:
    """One examination: what was shown, what is in the store, and what has been found so far."""

    shown: Shown
    pki: Pki
    memory: ServerMemory
    now: datetime
    faults: list[FoundFault] = field(default_factory=list)

    def find(self, fault: Fault, text: str) -> None:
        self.faults.append(FoundFault(fault, text))


def examine(shown: Shown, pki: Pki, memory: ServerMemory) -> tuple[FoundFault, ...]:
    """Return all that speaks against a certificate, the gravest first; nothing where it is to be believed."""
    case = _Case(shown, pki, memory, clock.to_datetime(clock.now_ns()))
    trusted, issuers = pki.trusted(), pki.issuers()
    path = _path(case, trusted, issuers)
    _check_revocation(case, path, [*trusted, *issuers, *shown.chain])
    if not path:
        _tell_distrust(case, [*trusted, *issuers, *shown.chain])
    _check_time(case, path)
    _check_names(case)
    _check_usage(case)
    _check_key(case)
    return tuple(case.faults)


def _path(
    case: _Case, trusted: Sequence[x509.Certificate], issuers: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """Return the certificates from the server's up to one that is trusted, empty where there is no such path."""
    certificate = case.shown.certificate
    if certificate in trusted:
        return [certificate]
    authorities = [other for other in trusted if _is_authority(other)]
    if not authorities:
        return []
    inside = min(max(case.now, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    policy = verification.PolicyBuilder().store(verification.Store(authorities)).time(inside)
    policy = policy.extension_policies(
        ca_policy=verification.ExtensionPolicy.permit_all().require_present(
            x509.BasicConstraints, verification.Criticality.AGNOSTIC, _require_authority
        ),
        ee_policy=verification.ExtensionPolicy.permit_all(),
    )
    try:
        return list(policy.build_client_verifier().verify(certificate, [*case.shown.chain, *issuers]).chain)
    except (verification.VerificationError, ValueError, UnsupportedAlgorithm):
        return []


def _require_authority(
    _policy: verification.Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        raise ValueError("an issuer must be an authority: its basicConstraints must say CA")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _tell_distrust(case: _Case, authorities: Sequence[x509.Certificate]) -> None:
    certificate, memory = case.shown.certificate, case.memory
    name = common_name(certificate.subject)
    if memory.trusted and memory.trusted != fingerprint(certificate):
        case.find(
            Fault.CHANGED,
            f'the server\'s certificate has changed: "{name}" is not the one that was trusted for this address; '
            "compare both before you trust the new one",
        )
        return
    issuer = common_name(certificate.issuer)
    if certificate.subject == certificate.issuer:
        text = f'the server\'s certificate "{name}" is not known here: nobody has trusted it yet'
    elif any(_is_authority(other) and _has_issued(other, certificate) for other in authorities):
        text = (
            f'the server\'s certificate "{name}" was issued by "{issuer}", which is known here but not trusted: '
            f"put the certificate of that authority or of the one above it into {case.pki.trusted_folder}"
        )
    else:
        text = (
            f'the server\'s certificate "{name}" was issued by "{issuer}", an authority that is not known here: '
            f"put its certificate into {case.pki.trusted_folder}, or trust this server alone"
        )
    case.find(Fault.UNKNOWN, text)


def _check_revocation(case: _Case, path: Sequence[x509.Certificate], authorities: Sequence[x509.Certificate]) -> None:
    """Look the certificate and its issuers up in each list that the issuer itself has signed."""
    lists = case.pki.revocation_lists()
    for certificate in path or [case.shown.certificate]:
        for issuer in authorities:
            if not _is_authority(issuer) or certificate == issuer or not _has_issued(issuer, certificate):
                continue
            for revoked in lists:
                if revoked.issuer == issuer.subject and _is_signed(revoked, issuer) and _entry(revoked, certificate):
                    whose = "the server's certificate" if certificate == case.shown.certificate else "its issuer"
                    case.find(
                        Fault.REVOKED,
                        f'{whose} "{common_name(certificate.subject)}" was revoked by "{common_name(issuer.subject)}": '
                        "it must not be used any more; give the server a new one",
                    )
                    return


def _is_signed(revoked: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return revoked.is_signature_valid(issuer.public_key())  # type: ignore[arg-type] # other keys raise TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _entry(revoked: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    return revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def _check_time(case: _Case, path: Sequence[x509.Certificate]) -> None:
    for certificate in [case.shown.certificate, *path[1:]]:
        whose = "the server's certificate" if certificate == case.shown.certificate else "its issuer"
        named = f'{whose} "{common_name(certificate.subject)}"'
        if case.now > certificate.not_valid_after_utc:
            until = _moment(certificate.not_valid_after_utc)
            remedy = 'give the server a new one, or go on until then with the option accept = "expired"'
            case.find(Fault.EXPIRED, f"{named} expired on {until}: {remedy}{_clock_hint(case)}")
        elif case.now < certificate.not_valid_before_utc:
            since = _moment(certificate.not_valid_before_utc)
            case.find(
                Fault.NOT_YET_VALID,
                f"{named} is not valid before {since}, and this PC's clock says {_moment(case.now)}: "
                f'set the clock that is wrong, or give the option accept = "not_yet_valid"{_clock_hint(case)}',
            )


def _clock_hint(case: _Case) -> str:
    """Return what to think of where the clocks differ so much that one of them makes the certificate look invalid."""
    if not case.shown.time or abs(case.shown.time - clock.now_ns()) < _CLOCK_DOUBT_NS:
        return ""
    theirs = _moment(clock.to_datetime(case.shown.time))
    return f" (the server's clock says {theirs}, this PC's {_moment(case.now)}: is one of them wrong?)"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _check_names(case: _Case) -> None:
    hosts, uris = hosts_of(case.shown.certificate), uris_of(case.shown.certificate)
    if case.shown.host and not names_host(hosts, case.shown.host):
        made_out = ", ".join(hosts) or "no host at all"
        remedy = f"connect to {hosts[0]}, or give" if hosts else "give"
        case.find(
            Fault.HOST,
            f"the server's certificate is made out for {made_out}, not for {case.shown.host}: {remedy} the option "
            'accept = "host" where this is the right server',
        )
    if case.shown.uri and case.shown.uri not in uris:
        made_out = ", ".join(uris) or "no application URI"
        case.find(
            Fault.URI,
            f"the server calls itself {case.shown.uri}, its certificate {made_out}: give the server a certificate of "
            'its own, or the option accept = "uri" where this is the right server',
        )


def names_host(names: Sequence[str], host: str) -> bool:
    """Return whether a certificate with these names is made out for a host; a loopback address is this PC."""
    wanted = {host.lower().rstrip(".")}
    if _is_loopback(host):
        wanted |= {"localhost", "127.0.0.1", "::1", socket.gethostname().lower(), socket.getfqdn().lower()}
    return any(name.lower().rstrip(".") in wanted or _same_address(name, host) for name in names)


def _is_loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _same_address(name: str, host: str) -> bool:
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        return False


def _check_usage(case: _Case) -> None:
    """Look at what the certificate may be used for, where it says so; many devices leave it out."""
    missing: list[str] = []
    try:
        extensions = case.shown.certificate.extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        missing += [
            name for name in ("digital_signature", "key_encipherment", "data_encipherment") if not getattr(usage, name)
        ]
    except (x509.ExtensionNotFound, ValueError):
        pass
    try:
        purposes = case.shown.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(purposes):
            missing.append("server_auth")
    except (x509.ExtensionNotFound, ValueError):
        pass
    if missing:
        case.find(
            Fault.USAGE,
            f"the server's certificate is not meant for a server: it lacks {', '.join(missing)}; give the server an "
            'application instance certificate, or the option accept = "usage"',
        )


def _check_key(case: _Case) -> None:
    bits = rsa_bits(case.shown.certificate)
    if not SHORTEST_KEY <= bits <= LONGEST_KEY:
        found = f"an RSA key of {bits} bits" if bits else "no RSA key"
        case.find(
            Fault.KEY,
            f"the server's certificate has {found}, not one of {SHORTEST_KEY} to {LONGEST_KEY}: give the server a new "
            'one, or the option accept = "key"',
        )
