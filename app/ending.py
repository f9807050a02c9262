"""How a process of the station learns that it shall end."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable


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

    def wait() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
