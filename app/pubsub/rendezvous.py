"""Where a collector and its windows meet: the socket's address, and the secret that both must know."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

TOKEN_LETTERS = 64


class RendezvousError(Exception):
    """The socket's folder or the token cannot be used; the message names it and the remedy."""


def address_of(folder: Path) -> str:
    """Return the address of the collector of the plant in `folder`, the same for every process of this user.

    It is short whatever the plant's path, because an AF_UNIX address has at most 107 bytes (103 on macOS). Its folder
    is made with mode 0700 where it is missing. Raise RendezvousError where that folder belongs to somebody else.
    """
    plant = hashlib.sha256(os.path.realpath(folder).encode("utf-8", "surrogateescape")).hexdigest()[:20]
    if os.name == "nt":
        return rf"\\.\pipe\foreshift-{plant}"
    return str(_socket_folder() / f"{plant}.sock")


def new_token() -> str:
    """Return a new secret of 256 bits."""
    return secrets.token_hex(TOKEN_LETTERS // 2)


def write_token(path: Path, token: str) -> None:
    """Put the secret in a file that only this user may read, whole at once; raise RendezvousError where that fails."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(token)
        fresh.replace(path)
    except OSError as error:
        raise RendezvousError(
            f"{path}: cannot be written: {error.strerror or error}: check the folder's owner and the free space"
        ) from error


def read_token(path: Path) -> str:
    """Return the secret that the collector wrote; raise RendezvousError where there is none."""
    try:
        token = path.read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise RendezvousError(f"{path}: is missing: start the collector of this plant") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RendezvousError(f"{path}: cannot be read: {error}: check who owns it") from error
    if len(token) != TOKEN_LETTERS:
        raise RendezvousError(f"{path}: holds no token: start the collector of this plant again")
    return token


def _socket_folder() -> Path:
    user = os.geteuid()
    for runtime in (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{user}"):
        if len(runtime) in range(1, 60) and Path(runtime).is_dir() and os.access(runtime, os.W_OK | os.X_OK):
            return _private(Path(runtime) / "foreshift")
    temporary = tempfile.gettempdir()
    return _private(Path(temporary if len(temporary) < 60 else "/tmp") / f"foreshift-{user}")  # noqa: S108 - checked below


def _private(folder: Path) -> Path:
    """Make the folder, or check that an existing one is no link, is ours and is closed to all others."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise RendezvousError(f"{folder}: belongs to somebody else: remove it, or set XDG_RUNTIME_DIR")
        if stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise RendezvousError(f"{folder}: cannot be made: {error.strerror or error}: set XDG_RUNTIME_DIR") from error
    return folder
