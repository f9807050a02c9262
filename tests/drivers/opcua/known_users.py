"""The users of a test's server: one with a password, and one with a certificate."""

from __future__ import annotations

from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.user_managers import UserManager
from cryptography import x509


class KnownUsers(UserManager):
    """Lets in "op" with the password "right", and whoever shows `certificate`."""

    def __init__(self, certificate: x509.Certificate | None = None) -> None:
        self.certificate = certificate

    def get_user(
        self,
        iserver: object,
        username: str | None = None,
        password: str | bytes | None = None,
        certificate: object = None,
    ) -> User | None:
        known = password.decode() if isinstance(password, bytes) else password
        is_known = username == "op" and known == "right"
        if self.certificate is not None and certificate is not None:
            shown = x509.load_der_x509_certificate(certificate) if isinstance(certificate, bytes) else certificate
            is_known = shown == self.certificate
        return User(role=UserRole.User, name=username) if is_known else None
