"""The event loop in which drivers run: one that every one of their libraries can use, on each system."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_drivers(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end in a loop of its own and return its result.

    Python's usual loop on Windows has no readers and writers of sockets, which the MQTT library asks for; the
    selector loop has, and serves the other drivers as well.
    """
    if sys.platform == "win32":  # pragma: no cover - another system
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return runner.run(work)
    return asyncio.run(work)
