"""How a process of the station learns that it shall end."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress


class StopRequest:
    """Asks a loop that sleeps between its turns to end; `ask` may be called by a signal handler and by any thread.

    It takes no lock: a handler that runs in the midst of threading.Event's own waiting would wait for itself for ever.
    """

    def __init__(self) -> None:
        """Begin without a request."""
        self._is_asked = False

    def ask(self) -> None:
        """Ask the loop to end."""
        self._is_asked = True

    def wait(self, seconds: float) -> bool:
        """Sleep, unless it is asked to end already; return whether it is."""
        if not self._is_asked:
            time.sleep(seconds)
        return self._is_asked


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
