"""Passwords of devices: in the keyring of this PC's user where there is one, else encrypted in a file of the plant.

The file `secrets.json` holds for each name an AES-256-GCM ciphertext under a key that Argon2id (RFC 9106) makes of a
passphrase. The passphrase stands in the environment variable FORESHIFT_PASSPHRASE, or in the file that
FORESHIFT_PASSPHRASE_FILE names (such as a credential of systemd), so that a collector can start alone. Nothing here is
ever written into a log or a message.
"""

from __future__ import annotations

import importlib
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from drivers.driver import DriverError
from drivers.whole_file import replace_file

PASSPHRASE, PASSPHRASE_FILE = "FORESHIFT_PASSPHRASE", "FORESHIFT_PASSPHRASE_FILE"
SERVICE = "foreshift"
_ITERATIONS, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024
"""The second choice of RFC 9106, 4: half a second and 64 MiB for each guess."""


class SecretUnavailable(DriverError):
    """A secret cannot be had; the message says how to give it."""


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One secret as the file has it; `salt` makes the key, `nonce` is used once."""

    salt: bytes
    nonce: bytes
    sealed: bytes


class Keyring(Protocol):
    """The few functions of the package `keyring` that are used."""

    def get_password(self, service: str, name: str) -> str | None:
        """Return a secret, None where there is none."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, name: str) -> None:
        """Forget a secret."""


class Keeping(StrEnum):
    """Where a password can be kept on this PC, by this user."""

    KEYRING = "keyring"
    ENCRYPTED = "encrypted"
    NOWHERE = "nowhere"


def keeping() -> Keeping:
    """Return where a password would be kept now."""
    if _keyring() is not None:
        return Keeping.KEYRING
    given = os.environ.get(PASSPHRASE, "") or os.environ.get(PASSPHRASE_FILE, "")
    return Keeping.ENCRYPTED if given else Keeping.NOWHERE


class SecretStore:
    """The secrets of one folder."""

    def __init__(self, folder: Path) -> None:
        """Use the file in `folder`, which need not be there."""
        self.path = folder / "secrets.json"

    def read(self, name: str) -> str:
        """Return a secret; raise SecretUnavailable."""
        ring = _keyring()
        kept = None if ring is None else ring.get_password(SERVICE, self._name_in_keyring(name))
        if kept is not None:
            return kept
        sealed = self._sealed().get(name)
        if sealed is None:
            raise SecretUnavailable(
                f'there is no secret "{name}": give it with: foreshift secret set "{self.path.parent}" {name}'
            )
        try:
            return _cipher(sealed.salt).decrypt(sealed.nonce, sealed.sealed, name.encode()).decode()
        except InvalidTag as error:
            raise SecretUnavailable(
                f'the secret "{name}" cannot be read from {self.path}: {PASSPHRASE} is not the passphrase it was kept '
                "with, or the file was altered"
            ) from error

    def write(self, name: str, secret: str) -> str:
        """Keep a secret and return where it is; raise SecretUnavailable without both keyring and passphrase."""
        ring = _keyring()
        if ring is not None:
            ring.set_password(SERVICE, self._name_in_keyring(name), secret)
            return "the keyring of this user"
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        sealed = _Sealed(salt, nonce, _cipher(salt).encrypt(nonce, secret.encode(), name.encode()))
        self._store(self._sealed() | {name: sealed})
        return str(self.path)

    def remove(self, name: str) -> None:
        """Forget a secret; raise SecretUnavailable where there is none."""
        kept, ring = self._sealed(), _keyring()
        is_in_keyring = ring is not None and ring.get_password(SERVICE, self._name_in_keyring(name)) is not None
        if ring is not None and is_in_keyring:
            ring.delete_password(SERVICE, self._name_in_keyring(name))
        if name in kept:
            self._store({other: sealed for other, sealed in kept.items() if other != name})
        elif not is_in_keyring:
            raise SecretUnavailable(f'there is no secret "{name}" in {self.path} or the keyring')

    def names(self) -> tuple[str, ...]:
        """Return the names of the secrets in the file."""
        return tuple(sorted(self._sealed()))

    def _name_in_keyring(self, name: str) -> str:
        return f"{self.path.parent.name}/{name}"

    def _sealed(self) -> dict[str, _Sealed]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, _Sealed])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            raise SecretUnavailable(
                f"{self.path} cannot be read ({error}): remove it and set its secrets anew"
            ) from error

    def _store(self, kept: dict[str, _Sealed]) -> None:
        try:
            replace_file(self.path, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n", mode=0o600)
        except OSError as error:
            raise SecretUnavailable(f"{self.path} cannot be written ({error.strerror}): nothing was changed") from error


def _cipher(salt: bytes) -> AESGCM:
    key = Argon2id(salt=salt, length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return AESGCM(key.derive(_passphrase().encode()))


def _passphrase() -> str:
    given = os.environ.get(PASSPHRASE, "")
    file = os.environ.get(PASSPHRASE_FILE, "")
    if not given and file:
        try:
            given = Path(file).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise SecretUnavailable(f"{file}, which {PASSPHRASE_FILE} names, cannot be read: {error}") from error
    if not given:
        raise SecretUnavailable(
            f"this user has no keyring: set {PASSPHRASE}, or {PASSPHRASE_FILE}, to the passphrase of the secrets"
        )
    return given


def user_keyring() -> Keyring | None:
    """Return the keyring of this PC's user, for what else is to be kept there; None where there is none."""
    return _keyring()


def _keyring() -> Keyring | None:
    """Return the keyring of this PC's user; None without the package `keyring`, or where it has no place to keep."""
    try:
        ring = importlib.import_module("keyring")
        priority = float(ring.get_keyring().priority)
    except (ImportError, RuntimeError, AttributeError, ValueError):
        return None
    return cast(Keyring, ring) if priority >= 1 else None
