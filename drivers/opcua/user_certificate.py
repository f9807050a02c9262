"""A user that logs in with a certificate and the key that belongs to it, instead of a name and a password."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from drivers.driver import ConnectionLost
from drivers.opcua.certificate import certificates_from
from drivers.opcua.settings import OpcUaSettings


def load_user(settings: OpcUaSettings) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Return the user's certificate and key; raise ConnectionLost, naming file and remedy, where they are unusable."""
    path, key_path = settings.path_of(settings.user_certificate), settings.path_of(settings.user_key)
    try:
        certificate = certificates_from(path.read_bytes())[0]
    except (OSError, ValueError, IndexError) as error:
        raise ConnectionLost(f"{settings.url}: the user's certificate {path} cannot be read: {error}") from error
    try:
        data, passphrase = key_path.read_bytes(), _passphrase(settings)
        load = serialization.load_pem_private_key if data.startswith(b"-----") else serialization.load_der_private_key
        key = load(data, passphrase)
    except (OSError, ValueError, TypeError) as error:
        raise ConnectionLost(
            f"{settings.url}: the user's key {key_path} cannot be read ({error}): "
            "its passphrase is that of user_key_password_env or user_key_password_secret"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise ConnectionLost(f"{settings.url}: {key_path} is not the RSA key of the user's certificate {path}")
    return certificate, key


def _passphrase(settings: OpcUaSettings) -> bytes | None:
    return settings.user_key_password().encode() or None
