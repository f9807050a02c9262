"""Where a process writes its log."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
FILE_BYTES = 2_000_000
FILES = 5


def log_to_stderr(*, verbose: bool) -> None:
    """Write warnings, or with `verbose` everything, to standard error."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format=FORMAT)
    for library in ("asyncua", "pymodbus"):
        logging.getLogger(library).setLevel(logging.ERROR)


def log_to_file(path: Path) -> None:
    """Write the log to a file of bounded size instead, with a few older ones beside it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    output = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=[output], force=True)
    for library in ("asyncua", "pymodbus"):
        logging.getLogger(library).setLevel(logging.ERROR)
