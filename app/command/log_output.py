"""Where a process writes its log."""

from __future__ import annotations

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
FILE_BYTES = 2_000_000
FILES = 5


def log_to_stderr(*, verbose: bool) -> None:
    """Write warnings, or with `verbose` everything, to standard error."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format=FORMAT)
    _quieten_libraries()


def log_to_file_too(path: Path) -> None:
    """Write what happens to a file of bounded size as well, whatever is told on standard error."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = logging.getLogger()
    for told in root.handlers:
        told.setLevel(max(told.level, root.level))
    output = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
    output.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(output)
    root.setLevel(logging.INFO)


def log_to_file(path: Path) -> None:
    """Write the log to a file of bounded size instead, with a few older ones beside it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    output = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=[output], force=True)
    _quieten_libraries()


def faults_to_file(path: Path) -> None:
    """Write there where every thread was, should this process die of a fault in native code."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    faulthandler.enable(path.open("ab"))  # which holds the file


def _quieten_libraries() -> None:
    """Keep libraries from telling what we tell ourselves, in the words of a plant: a peer that has gone."""
    for library in ("asyncio", "asyncua", "pymodbus"):
        logging.getLogger(library).setLevel(logging.ERROR)
