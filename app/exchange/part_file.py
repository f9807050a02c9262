"""A file that is either whole under its name or not there: written beside it, made durable, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.exchange.failure import ExchangeError
from app.plant.atomic import naming, sync_folder

SUFFIX = ".part"


def refuse_existing(target: Path, *, may_replace: bool) -> None:
    """Raise ExchangeError where a file of that name must not be replaced, or where it could not be written."""
    if target.is_dir():
        raise ExchangeError(f"{target}: is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise ExchangeError(f"{target.parent}: there is no such folder; make it, or give another one")
    if target.exists() and not may_replace:
        raise ExchangeError(f"{target}: exists already; give another name, or --force to replace it")


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give the path "FILE.part" to write to; it becomes `target` at the end of the block, or goes with an error."""
    part = target.with_name(target.name + SUFFIX)
    try:
        with naming(target):
            yield part
            sync_file(part)
            part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    number = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(number)
    finally:
        os.close(number)
