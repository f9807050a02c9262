"""The right to collect a plant, which only one process can hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from app.plant.folder import PlantFolder


class AlreadyCollecting(Exception):
    """Another collector holds this plant; the message names it."""


@contextmanager
def collector_lock(folder: PlantFolder) -> Iterator[None]:
    """Hold the right to collect a plant, and name this process as its collector; raise AlreadyCollecting."""
    pid_file = folder.run / "collector.pid"
    try:
        with FileLock(folder.lock, timeout=0):
            pid_file.write_text(str(os.getpid()), encoding="ascii")
            yield
    except Timeout as error:
        owner = pid_file.read_text(encoding="ascii") if pid_file.exists() else "?"
        message = f"{folder.path}: process {owner} already collects this plant; stop it first (foreshift stop)"
        raise AlreadyCollecting(message) from error
