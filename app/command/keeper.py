"""The keeper of a plant's processes: one per plant, ended by `foreshift stop`, by a signal or with its parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.command.failure import UsageFailure
from app.command.log_output import log_to_file_too
from app.ending import StopRequest, wait_for_parent
from app.plant.folder import PlantFolder
from app.supervisor import ChildSpec, Supervisor


def worker_of(plant: str, *, ends_with_parent: bool) -> ChildSpec:
    """Return the child process that collects `plant`."""
    arguments = ("collect", plant, "--worker", *(("--ends-with-parent",) if ends_with_parent else ()))
    return ChildSpec("collector", arguments)


def keeper_lock(folder: PlantFolder) -> Path:
    """Return the lock that only one keeper of a plant holds."""
    return folder.run / "keeper.lock"


def keeper_pid(folder: PlantFolder) -> Path:
    """Return the file that names the keeper of a plant; it means nothing while nobody holds the lock."""
    return folder.run / "keeper.pid"


def is_held(lock: Path) -> bool:
    """Return whether a process holds a lock; else the pid file beside it may name anybody by now."""
    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True


@contextmanager
def as_keeper(folder: PlantFolder) -> Iterator[StopRequest]:
    """Be the only keeper of a plant, whose log tells how its processes ended; raise UsageFailure or OSError.

    Yields what a signal has asked for since, also while the plant is still being made ready.
    """
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(keeper_lock(folder), timeout=0):
            log_to_file_too(folder.path / "log" / "keeper.log")
            keeper_pid(folder).write_text(str(os.getpid()), encoding="ascii")
            yield _signalled()
    except Timeout as error:
        message = f"{folder.path}: another process collects this plant already; stop it first (foreshift stop)"
        raise UsageFailure(message) from error


def keep(children: list[ChildSpec], stopping: StopRequest, *, ends_with_parent: bool = False) -> int:
    """Keep `children` alive until one of them ends all, or until it is asked to end; return the exit code."""
    if ends_with_parent:
        threading.Thread(target=wait_for_parent, args=(stopping.ask,), name="parent-watch", daemon=True).start()
    return Supervisor(children, wait=stopping.wait).run()


def _signalled() -> StopRequest:
    """Return what a signal asks from now on.

    Python's own answer to Ctrl+C is an exception, which is lost where it is raised in a callback or a destructor.
    """
    stopping = StopRequest()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: stopping.ask())
    return stopping
