"""The users of a plant: names and roles, and of their PINs or passwords only what scrypt makes of them (RFC 7914)."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.model.role import Role

SHORTEST_SECRET = 4
LONGEST_SECRET = 200
LONGEST_NAME = 60

_COST, _BLOCK, _LANES = 1 << 14, 8, 1  # 16 MiB and about a twentieth of a second for each guess
_MOST_MEMORY = 64 << 20


class UserError(Exception):
    """A user cannot be added, or the file of users cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in."""

    name: str
    role: Role


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user as the file has it; `salt` and `digest` in hexadecimal digits."""

    name: str
    role: Role
    salt: str
    digest: str
    cost: int = _COST


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: int = 1
    users: tuple[_Entry, ...] = ()


class Users:
    """The users in the file at `path`, read anew for each question: `foreshift user` may have changed it."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, which need not be there: then there are no users."""
        self._path = path

    def all(self) -> Sequence[User]:
        """Return the users by name; raise UserError."""
        return [User(entry.name, entry.role) for entry in sorted(self._entries(), key=lambda entry: entry.name)]

    def find(self, name: str) -> User | None:
        """Return the user of that name as it is now; raise UserError."""
        return next((user for user in self.all() if user.name == name), None)

    def verify(self, name: str, secret: str) -> User | None:
        """Return the user whose secret it is, None where name or secret is wrong; takes as long for either.

        Raise UserError.
        """
        known = next((entry for entry in self._entries() if entry.name == name), None)
        entry = known or _Entry(name="", role=Role.VIEWER, salt="00" * 16, digest="")
        digest = _digest(secret[:LONGEST_SECRET], bytes.fromhex(entry.salt), cost=entry.cost)
        if known is None or not hmac.compare_digest(digest, bytes.fromhex(known.digest)):
            return None
        return User(known.name, known.role)

    def add(self, name: str, role: Role, secret: str) -> User:
        """Add a user, or give one that is there another role and secret; raise UserError."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise UserError(f"{name!r}: a user's name has 1 to {LONGEST_NAME} printable characters")
        if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
            raise UserError(f"{name}: a PIN or password has {SHORTEST_SECRET} to {LONGEST_SECRET} characters")
        salt = secrets.token_bytes(16)
        digest = _digest(secret, salt, cost=_COST)
        others = [entry for entry in self._entries() if entry.name != name]
        self._write([*others, _Entry(name, role, salt.hex(), digest.hex())])
        return User(name, role)

    def remove(self, name: str) -> User:
        """Remove a user; raise UserError where there is none of that name."""
        entries = self._entries()
        removed = next((entry for entry in entries if entry.name == name), None)
        if removed is None:
            known = ", ".join(entry.name for entry in entries) or "nobody"
            raise UserError(f"{name}: no such user; there are {known}")
        self._write([entry for entry in entries if entry.name != name])
        return User(removed.name, removed.role)

    def _entries(self) -> tuple[_Entry, ...]:
        try:
            content = self._path.read_bytes()
            mode = stat.S_IMODE(self._path.stat().st_mode)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UserError(f"{self._path}: cannot be read ({error.strerror}): check who owns it") from error
        if os.name != "nt" and mode & 0o077:
            raise UserError(f"{self._path}: others may read or change it: chmod 600 it, and give new PINs")
        try:
            return msgspec.json.decode(content, type=_Content).users
        except msgspec.MsgspecError as error:
            raise UserError(
                f"{self._path}: holds no users ({error}): remove it, and add them again with `foreshift user add`"
            ) from error

    def _write(self, entries: Sequence[_Entry]) -> None:
        """Replace the file as a whole; nobody else may ever read it, hence it is made with mode 0600."""
        content = msgspec.json.format(msgspec.json.encode(_Content(users=tuple(entries))), indent=1)
        try:
            number, fresh = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
            with os.fdopen(number, "wb") as file:
                file.write(content + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(fresh).replace(self._path)
        except OSError as error:
            raise UserError(f"{self._path}: cannot be written: {error.strerror}") from error


def _digest(secret: str, salt: bytes, *, cost: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=cost, r=_BLOCK, p=_LANES, maxmem=_MOST_MEMORY, dklen=32)
