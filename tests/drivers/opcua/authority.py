"""Certificates for tests: an authority that issues them, as right or as wrong as a test wants, and revokes them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.model import clock

URI = "urn:foreshift:test:server"


@cache
def key_of(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key of that name; making one takes a while, so a run makes each once."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _now() -> datetime:
    return clock.to_datetime(clock.now_ns())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def put(self, folder: Path, name: str = "made") -> tuple[Path, Path]:
        """Write certificate (DER) and key (PEM) into a folder and return both paths."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / f"{name}.der", folder / f"{name}.key.pem"
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.DER))
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key


def made(
    name: str = "server",
    *,
    issuer: Made | None = None,
    uri: str = URI,
    hosts: Sequence[str] = ("localhost", "127.0.0.1"),
    begins_d: float = -1,
    ends_d: float = 365,
    is_authority: bool = False,
    is_encrypting: bool = True,
    purposes: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH),
    key: rsa.RSAPrivateKey | None = None,
) -> Made:
    """Return a certificate, self-signed unless an issuer is given; `begins_d`, `ends_d`: days from now."""
    key = key or key_of(name)
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri)] if uri else []
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=is_encrypting,
        data_encipherment=is_encrypting,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.certificate.subject if issuer else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() + timedelta(days=begins_d))
        .not_valid_after(_now() + timedelta(days=ends_d))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Made(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


@dataclass
class Authority:
    """A certificate authority and what it has revoked."""

    name: str = "plant CA"
    issuer: Made | None = None
    revoked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.made = made(
            self.name, issuer=self.issuer, is_authority=True, uri="", hosts=(), begins_d=-900, ends_d=3_650
        )

    def issue(self, name: str = "server", **wanted: object) -> Made:
        """Return a certificate signed by this authority."""
        return made(name, issuer=self.made, **wanted)  # type: ignore[arg-type] # the arguments of `made`

    def revoke(self, certificate: x509.Certificate) -> None:
        """Note a certificate for the next revocation list."""
        self.revoked.append(certificate.serial_number)

    def put_list(self, folder: Path, *, signed_by: Made | None = None) -> None:
        """Write the revocation list of this authority into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.made.certificate.subject)
            .last_update(_now() - timedelta(days=1))
            .next_update(_now() + timedelta(days=30))
        )
        for serial in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_now() - timedelta(days=1))
            builder = builder.add_revoked_certificate(entry.build())
        signed = builder.sign((signed_by or self.made).key, hashes.SHA256())
        (folder / f"{self.name}.crl").write_bytes(signed.public_bytes(serialization.Encoding.DER))
