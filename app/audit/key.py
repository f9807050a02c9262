"""The key that signs a plant's checkpoints: in the keyring of this PC's user where there is one, else in `pki`.

`audit.key` (mode 0600) holds the private key, `audit.pub` the public one, to be noted where nobody can alter it. Where
the public one is there and the private one cannot be had, no key is made: another process has signed with it, and will.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.audit.signed_note import NoteError, SignerKey, VerifierKey
from drivers.secret_store import SERVICE, user_keyring
from drivers.whole_file import replace_file


class KeyUnreachable(Exception):
    """The private key cannot be had; the message names the place and the remedy."""


class KeyFolder:
    """The key of one log."""

    def __init__(self, folder: Path) -> None:
        """Use the files in `folder`, which need not be there."""
        self.private, self.public = folder / "audit.key", folder / "audit.pub"

    @classmethod
    def of(cls, history: Path) -> KeyFolder:
        """Return the keys of the plant whose history is that file."""
        return cls(history.parent / "pki")

    def known(self) -> VerifierKey | None:
        """Return the public key, None where none was made; raise KeyUnreachable where it cannot be read."""
        try:
            return VerifierKey.parse(self.public.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise KeyUnreachable(f"{self.public}: cannot be read ({error}): restore it, or remove it") from error

    def held(self) -> SignerKey | None:
        """Return the key, None where none was ever made; raise KeyUnreachable."""
        known = self.known()
        if known is None:
            return None
        try:
            private = load_pem_private_key(self._pem(), None)
        except FileNotFoundError:
            raise KeyUnreachable(
                f"{self.private}: is not there, nor in the keyring of this user: restore it, or make another key with: "
                "foreshift audit new-key PLANT"
            ) from None
        except (OSError, ValueError) as error:
            raise KeyUnreachable(f"{self.private}: cannot be read ({error}): give this user the right to") from error
        if not isinstance(private, Ed25519PrivateKey) or SignerKey(known.name, private).verifier != known:
            raise KeyUnreachable(f"{self.private}: is not the private half of {self.public}: restore the right one")
        return SignerKey(known.name, private)

    def make(self, name: str) -> SignerKey:
        """Make a key for the log called `name`, in the place of the one that was there; raise OSError."""
        key = SignerKey(name, Ed25519PrivateKey.generate())
        pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        ring = user_keyring()
        if ring is not None:
            ring.set_password(SERVICE, str(self.private), pem.decode())
            self.private.unlink(missing_ok=True)
        else:
            replace_file(self.private, pem, mode=0o600)
        replace_file(self.public, f"{key.verifier}\n".encode())
        return key

    def _pem(self) -> bytes:
        if self.private.exists():
            return self.private.read_bytes()
        ring = user_keyring()
        kept = None if ring is None else ring.get_password(SERVICE, str(self.private))
        if kept is None:
            raise FileNotFoundError(self.private)
        return kept.encode()
