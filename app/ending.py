"""How a process of the station learns that it shall end."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress


def on_end_signal(stop: Callable[[], None]) -> None:
    """Call `stop` in the running loop on SIGTERM, SIGINT or, on Windows, Ctrl+Break."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def on_parent_gone(stop: Callable[[], None]) -> None:
    """Call `stop` in the running loop once the parent process has closed our standard input, as its death does."""
    loop = asyncio.get_running_loop()

    threading.Thread(
        target=wait_for_parent, args=(lambda: loop.call_soon_threadsafe(stop),), name="parent-watch", daemon=True
    ).start()


def wait_for_parent(gone: Callable[[], object]) -> None:
    """Wait, in a thread, until standard input is closed, then call `gone`.

    Reads the descriptor itself: a thread inside Python's buffered reader would abort the interpreter's shutdown.
    """
    with suppress(RuntimeError):  # the loop is closed: the process has ended before its parent
        while os.read(0, 4_096):
            pass
        gone()
