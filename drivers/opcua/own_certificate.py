"""Our own application instance certificate: made at first need, renewed with an overlap.

OPC UA Part 6, 6.2.2 says what it holds; the URI of its subjectAltName is our ApplicationUri. The key is on disk without
a passphrase, since a collector starts without anybody at its side: only its user may read the file.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from filelock import FileLock

from app.model import clock
from drivers.driver import DriverError
from drivers.opcua.certificate import certificates_from, der, uris_of
from drivers.opcua.pki import Pki
from drivers.whole_file import replace_file

log = logging.getLogger(__name__)

KEY_BITS = 2048
VALID = timedelta(days=5 * 365)
CERTIFICATE, KEY = "foreshift.der", "foreshift.key.pem"
FORMER = "former"
_LOCK_S = 30.0


class OwnCertificateUnusable(DriverError):
    """Our own certificate or its key cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate of ours with its key; `path` is the file that a server's administrator is to be given."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    path: Path

    @property
    def application_uri(self) -> str:
        """Return the URI that the certificate is made out for, which we must call ourselves by."""
        return uris_of(self.certificate)[0]


def own_certificates(pki: Pki) -> list[OwnCertificate]:
    """Return our certificate, made now where there is none, and behind it the former one while that is valid."""
    present = _load(pki.own)
    if present is None:
        pki.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(pki.path / ".own.lock", timeout=_LOCK_S):  # making a key takes up to a second
            present = _load(pki.own) or _make(pki.own)
    former = _load(pki.own / FORMER)
    return [present] if former is None or _is_over(former.certificate) else [present, former]


def present_certificate(pki: Pki) -> x509.Certificate | None:
    """Return our certificate where there is one, without making it."""
    found = _load(pki.own)
    return None if found is None else found.certificate


def copy_own(source: Pki, target: Pki) -> None:
    """Let a store that has no certificate of ours use that of another one."""
    present = _load(source.own)
    if present is not None:
        _store(target.own, present.certificate, present.key)


def renew(pki: Pki) -> OwnCertificate:
    """Make a new certificate of ours; the present one becomes the former, used where the new one is refused."""
    with FileLock(pki.path / ".own.lock", timeout=_LOCK_S):
        present = _load(pki.own)
        if present is not None:
            _store(pki.own / FORMER, present.certificate, present.key)
        return _make(pki.own, uri=present.application_uri if present is not None else "")


def _is_over(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc < clock.to_datetime(clock.now_ns())


def _load(folder: Path) -> OwnCertificate | None:
    path, key_path = folder / CERTIFICATE, folder / KEY
    if not path.exists() and not key_path.exists():
        return None
    try:
        _require_private(key_path)
        certificate = certificates_from(path.read_bytes())[0]
        key = serialization.load_pem_private_key(
            key_path.read_bytes(),
            password=None,
            unsafe_skip_rsa_key_validation=True,  # it is ours, and the check takes longer than connecting
        )
    except (OSError, ValueError, TypeError) as error:
        raise OwnCertificateUnusable(
            f"our own certificate {path} with its key {KEY} cannot be used ({error}): "
            "restore both files, or remove both so that new ones are made"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise OwnCertificateUnusable(f"{key_path} is not the RSA key of {path}: restore the right one, or remove both")
    if not uris_of(certificate):
        raise OwnCertificateUnusable(f"{path} names no application URI in its subjectAltName: have one made with it")
    return OwnCertificate(certificate, key, path)


def _require_private(path: Path) -> None:
    """Take from others the right to read our key, which they may have after a copy."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
        log.warning("opcua.key.was_readable", extra={"file": str(path)})


def _store(folder: Path, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> OwnCertificate:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        replace_file(folder / KEY, text, mode=0o600)
        replace_file(folder / CERTIFICATE, der(certificate))
    except OSError as error:
        raise OwnCertificateUnusable(
            f"our own certificate cannot be stored in {folder} ({error.strerror}): give this user the right to write"
        ) from error
    return OwnCertificate(certificate, key, folder / CERTIFICATE)


def _make(folder: Path, *, uri: str = "") -> OwnCertificate:
    host = socket.gethostname() or "localhost"
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    certificate = self_signed(key, host, uri=uri or f"urn:{host}:foreshift")
    made = _store(folder, certificate, key)
    log.info("opcua.certificate.made", extra={"file": str(made.path), "uri": made.application_uri})
    return made


def self_signed(key: rsa.RSAPrivateKey, host: str, *, uri: str) -> x509.Certificate:
    """Return an application instance certificate for a host (OPC UA Part 6, 6.2.2)."""
    now = clock.to_datetime(clock.now_ns())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Foreshift@{host}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Foreshift"),
        ]
    )
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri), _host_name(host)]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a device's clock may be behind ours
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host if host.isascii() else host.encode("idna").decode("ascii"))
