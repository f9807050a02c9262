"""How an exchange of the history with a file can end early."""

from __future__ import annotations

import sys


class ExchangeError(Exception):
    """The history and the file cannot be exchanged; the message names the place and the remedy."""


class Cancelled(Exception):
    """Somebody asked for the exchange to stop; nothing half done is left behind."""


class MissingExtra(ExchangeError):
    """A kind of file needs a package that is not installed with the program by default."""

    def __init__(self, path: str, extra: str) -> None:
        """Name the file and the line that installs the extra."""
        install = f'{sys.executable} -m pip install "foreshift[{extra}]"'
        super().__init__(f"{path}: this kind of file needs a package that is not installed; install it with\n{install}")
