"""Replaces a file as a whole, so that a power failure leaves the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write `text` in UTF-8 to `path`, durably, making its folder where needed; raise OSError with nothing changed."""
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, durably, making its folder where needed; raise OSError with nothing changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with naming(path):
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            if path.exists():
                Path(name).chmod(path.stat().st_mode & 0o777)  # who may read it stays as it was
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError within name `path`: that of a full disk names no file, others the one written beside it."""
    try:
        yield
    except OSError as error:
        if error.filename is None or path.name in str(error.filename):
            error.filename = str(path)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system lets folders be opened (Windows does not)."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
