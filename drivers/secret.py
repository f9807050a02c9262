"""Where the password of a device is: an environment variable, a keyring or a file, never the plant file itself."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from drivers.driver import ConnectionLost
from drivers.secret_store import Keeping, SecretStore, SecretUnavailable, keeping
from drivers.whole_file import replace_file

_TYPED = "typed-"
_typed: dict[str, str] = {}


def hold_typed(secret: str) -> str:
    """Return a name for a password that somebody has just typed; it is held in this process alone, until it ends.

    A connection can be tried with it before it is decided whether and where it is kept (`keep_typed`).
    """
    for name, held in _typed.items():
        if held == secret:
            return name
    name = _TYPED + secrets.token_hex(8)
    _typed[name] = secret
    return name


def is_typed(name: str) -> bool:
    """Return whether a name is that of a password which was typed in this process and is kept nowhere yet."""
    return name in _typed


def keep_typed(name: str, folder: Path, option: str, kept_as: str) -> dict[str, str]:
    """Keep a typed password for the plant in `folder`; return the option that says where it is.

    `option`: "password" gives `password_secret`, or `password_file` where this user has neither keyring nor passphrase:
    a file that nobody else can read. `kept_as`: what the password is called. Raise SecretUnavailable.
    """
    place = place_of(option, kept_as)
    file = place.get(f"{option}_file")
    if file is None:
        SecretStore(folder).write(kept_as, _typed[name])
        return place
    try:
        replace_file(folder / file, f"{_typed[name]}\n".encode(), mode=0o600)
    except OSError as error:
        raise SecretUnavailable(f"{folder / file} cannot be written ({error.strerror}): nothing was kept") from error
    return place


def place_of(option: str, kept_as: str) -> dict[str, str]:
    """Return the option that says where `keep_typed` would keep a password."""
    if keeping() is Keeping.NOWHERE:
        return {f"{option}_file": f"secrets/{kept_as}.txt"}
    return {f"{option}_secret": kept_as}


def password_from(url: str, path_of: Callable[[str], Path], *, variable: str, file: str, secret: str = "") -> str:
    """Return what the environment variable holds, else the secret of that name, else the first line of the file.

    It is "" where none of them is given. `path_of` finds a file that a plant file names. Raise ConnectionLost, naming
    `url` and the remedy, where there is no password in that place.
    """
    if variable:
        if variable not in os.environ:
            raise ConnectionLost(f"{url}: set the environment variable {variable} to the password")
        return os.environ[variable]
    if secret in _typed:
        return _typed[secret]
    if secret:
        try:
            return SecretStore(path_of("")).read(secret)
        except SecretUnavailable as error:
            raise ConnectionLost(f"{url}: {error}") from error
    if not file:
        return ""
    try:
        return path_of(file).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionLost(f"{url}: the password file {file} cannot be read: {error}") from error
