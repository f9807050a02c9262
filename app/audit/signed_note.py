"""Checkpoints as signed notes: the text that a C2SP transparency log gives out about its size and its root.

    origin
    size
    root, base64

    — origin base64(key id, Ed25519 signature)

See C2SP "tlog-checkpoint" and "signed-note". The key id is the first four bytes of SHA-256(name, newline, 1, key).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "— "


class NoteError(Exception):
    """A text that is no checkpoint, or no key of one."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public key of a log. `name`: the log's origin; `key`: 32 bytes."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Return the key of its text; raise NoteError."""
        try:
            name, key_id, content = text.strip().split("+", 2)
            decoded = base64.b64decode(content, validate=True)
        except (ValueError, binascii.Error) as error:
            raise NoteError(f"{text[:80]}: is no public key of a log") from error
        key = cls(name, decoded[1:])
        if decoded[:1] != _ED25519 or len(key.key) != 32 or key.id.hex() != key_id:
            raise NoteError(f"{text[:80]}: is no public key of a log")
        return key

    def signed(self, text: str, signature: bytes) -> bool:
        """Return whether this key has signed a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """The private key of a log of that name."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """Return the signature of a text."""
        return self.private.sign(text.encode())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its first `size` records have that root. `signatures`: key id and signature of each.

    `note`: the whole text.
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[bytes, bytes], ...]
    note: str

    @property
    def text(self) -> str:
        """Return what is signed."""
        return _text(self.origin, self.size, self.root)

    def is_signed_by(self, key: VerifierKey) -> bool:
        """Return whether one of the signatures is by that key."""
        return any(key.id == name and key.signed(self.text, signature) for name, signature in self.signatures)

    @classmethod
    def sign(cls, key: SignerKey, size: int, root: bytes) -> Checkpoint:
        """Return a signed checkpoint."""
        text = _text(key.name, size, root)
        signature = key.sign(text)
        coded = base64.b64encode(key.verifier.id + signature).decode()
        return cls(key.name, size, root, ((key.verifier.id, signature),), f"{text}\n{_DASH}{key.name} {coded}\n")

    @classmethod
    def parse(cls, note: str) -> Checkpoint:
        """Return the checkpoint of its text, which may have further lines before its end; raise NoteError."""
        try:
            text, signed = note.replace("\r\n", "\n").strip("\ufeff\n").split("\n\n", 1)
            origin, size, root = text.split("\n")
            decoded = base64.b64decode(root, validate=True)
            signatures = tuple(_signature(line) for line in signed.splitlines() if line.startswith(_DASH))
            found = cls(origin, int(size), decoded, signatures, f"{text}\n\n{signed.strip()}\n")
        except (ValueError, binascii.Error) as error:
            raise NoteError(f"no checkpoint: {error}") from error
        if len(decoded) != 32 or not signatures or found.text != f"{text}\n":
            raise NoteError("no checkpoint: origin, size, root and a signature are wanted")
        return found


def _text(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def _signature(line: str) -> tuple[bytes, bytes]:
    decoded = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
    return decoded[:4], decoded[4:]
