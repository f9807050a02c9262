"""Where the password of a device is: an environment variable, a keyring or a file, never the plant file itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from drivers.driver import ConnectionLost
from drivers.secret_store import SecretStore, SecretUnavailable


def password_from(url: str, path_of: Callable[[str], Path], *, variable: str, file: str, secret: str = "") -> str:
    """Return what the environment variable holds, else the secret of that name, else the first line of the file.

    It is "" where none of them is given. `path_of` finds a file that a plant file names. Raise ConnectionLost, naming
    `url` and the remedy, where there is no password in that place.
    """
    if variable:
        if variable not in os.environ:
            raise ConnectionLost(f"{url}: set the environment variable {variable} to the password")
        return os.environ[variable]
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
