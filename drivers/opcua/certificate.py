"""Certificates read from files and from the wire, and what they say."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from app.model import clock
from drivers.trust import CertificateFacts

log = logging.getLogger(__name__)

MAX_BYTES = 1 << 20
_SEQUENCE = 0x30
_MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class UnreadableCertificate(ValueError):
    """Bytes that are no certificate."""


def certificates_from(data: bytes) -> list[x509.Certificate]:
    """Return the certificate and, where a server sends one, its chain behind it; raise UnreadableCertificate."""
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(part) for part in _parts(data)]
        for certificate in found:
            _look_through(certificate)
    except _MALFORMED as error:
        raise UnreadableCertificate(f"it is no X.509 certificate: {error}") from error
    return found


def _look_through(certificate: x509.Certificate) -> None:
    """Read the parts that are looked at later: the library reads them only when they are asked for."""
    _ = certificate.extensions, certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc


def _parts(data: bytes) -> Iterator[bytes]:
    """Cut DER sequences apart that stand one behind another (OPC UA Part 6, 6.2.6)."""
    at = 0
    while at < len(data):
        if data[at] != _SEQUENCE or at + 2 > len(data):
            raise UnreadableCertificate("it does not begin as a certificate does")
        length, head = data[at + 1], 2
        if length & 0x80:
            head += length & 0x7F
            length = int.from_bytes(data[at + 2 : at + head], "big")
        end = at + head + length
        if end > len(data) or end <= at:
            raise UnreadableCertificate("it is cut off")
        yield data[at:end]
        at = end


def certificates_in(folder: Path) -> dict[Path, x509.Certificate]:
    """Return each certificate in the files of a folder, whatever they are called; others are passed over."""
    found = {}
    for path in files_in(folder):
        try:
            found[path] = certificates_from(path.read_bytes())[0]
        except (UnreadableCertificate, OSError, IndexError):
            continue
    return found


def revocation_lists_in(folder: Path) -> list[x509.CertificateRevocationList]:
    """Return each revocation list (CRL) in the files of a folder."""
    found = []
    for path in files_in(folder):
        try:
            data = path.read_bytes()
            is_text = data.lstrip().startswith(b"-----BEGIN X509 CRL")
            found.append(x509.load_pem_x509_crl(data) if is_text else x509.load_der_x509_crl(data))
        except (ValueError, UnsupportedAlgorithm, OSError):
            continue
    return found


def files_in(folder: Path) -> list[Path]:
    """Return the files in a folder and below it, by name, that are small enough for a certificate."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= MAX_BYTES)


def der(certificate: x509.Certificate) -> bytes:
    """Return the certificate as it goes over the wire."""
    return certificate.public_bytes(serialization.Encoding.DER)


def thumbprint(certificate: x509.Certificate) -> str:
    """Return the SHA-1 of a certificate in hex, its name in OPC UA (Part 6, 6.2.2)."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, not a proof: see `fingerprint`


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


def plain_hex(text: str) -> str:
    """Return a thumbprint as people write it, with blanks or colons, as hex digits alone."""
    return "".join(character for character in text.upper() if character in "0123456789ABCDEF")


def common_name(name: x509.Name) -> str:
    """Return the CN of a name, else the whole of it."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string() or "no name"


def hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the host names and addresses of its subjectAltName."""
    names = _alternative_names(certificate)
    if names is None:
        return ()
    dns = names.get_values_for_type(x509.DNSName)
    return (*dns, *(str(address) for address in names.get_values_for_type(x509.IPAddress)))


def uris_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the URIs of its subjectAltName; an application instance has one, its ApplicationUri."""
    names = _alternative_names(certificate)
    return () if names is None else tuple(names.get_values_for_type(x509.UniformResourceIdentifier))


def _alternative_names(certificate: x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def rsa_bits(certificate: x509.Certificate) -> int:
    """Return the length of its RSA key, 0 where it has none."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else 0


def ns_of(moment: datetime) -> int:
    """Return a date of a certificate as int64 ns UTC."""
    return clock.from_datetime(moment)


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Return what a certificate says, in the words of people."""
    bits = rsa_bits(certificate)
    uris = uris_of(certificate)
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        not_before=ns_of(certificate.not_valid_before_utc),
        not_after=ns_of(certificate.not_valid_after_utc),
        thumbprint=thumbprint(certificate),
        fingerprint=fingerprint(certificate),
        hosts=hosts_of(certificate),
        uri=uris[0] if uris else "",
        key=f"RSA {bits}" if bits else _other_key(certificate),
        is_self_signed=certificate.subject == certificate.issuer,
    )


def _other_key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "unknown"
    return f"EC {cast(ec.EllipticCurvePublicKey, key).curve.name}" if hasattr(key, "curve") else type(key).__name__
