"""Waiting until something is on disk, but not for ever: whoever asked is told when that does not come about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

LONGEST_S = 5.0
"""A commit takes some milliseconds; a file that has failed is opened anew each second."""


class NotStored(Exception):
    """It is not on disk, and nobody knows when it will be; the message says why. What waits is still written then."""


async def stored(done: Future[None], problem: Callable[[], str], *, longest_s: float = LONGEST_S) -> None:
    """Wait until `done` is; raise NotStored where `problem` says why nothing can be, and after `longest_s`."""
    waiting = asyncio.wrap_future(done)
    end = asyncio.get_running_loop().time() + longest_s
    while not waiting.done():
        rest_s = end - asyncio.get_running_loop().time()
        if problem() or rest_s <= 0.0:
            waiting.add_done_callback(_seen)
            raise NotStored(problem() or f"the history has not taken it for {longest_s:.0f} s")
        await asyncio.wait([waiting], timeout=min(0.1, rest_s))
    waiting.result()


def _seen(waiting: asyncio.Future[None]) -> None:
    """Take note of how it ended, which nobody waits for any more."""
    if not waiting.cancelled():
        waiting.exception()
