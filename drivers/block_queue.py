"""The queue between a driver and the collector: bounded in samples, one consumer, newest value kept.

When the consumer falls behind, what waits is coalesced to the newest sample of each tag, marked with the overflow bit
and counted, so that a slow consumer sees late but true values and a fast device cannot fill the memory.
"""

from __future__ import annotations

import asyncio
from collections import deque

import numpy as np

from app.model import status
from app.model.block import Block, concatenate


def coalesce(block: Block) -> Block:
    """Return only the newest sample of each tag, in order, marked with the overflow bits."""
    last = len(block) - 1 - np.unique(block.handle[::-1], return_index=True)[1]
    kept = block.select(np.sort(last))
    return kept.with_status(kept.status | np.uint32(status.OVERFLOW))


class BlockQueue:
    """Blocks on their way from a driver.

    `coalesced` counts the samples that an overflow left out; `limit`: how many may wait.
    """

    def __init__(self, limit: int = 200_000) -> None:
        """Hold at most about `limit` samples."""
        self.coalesced = 0
        self.limit = limit
        self._waiting: deque[Block] = deque()
        self._samples = 0
        self._awaited: asyncio.Future[None] | None = None
        self._failure: Exception | None = None

    def put(self, block: Block) -> None:
        """Add a Block without ever waiting."""
        count = len(block)
        if not count:
            return
        self._waiting.append(block)
        self._samples += count
        if self._samples > self.limit:
            kept = coalesce(concatenate(list(self._waiting)))
            self.coalesced += self._samples - len(kept)
            self._waiting = deque([kept])
            self._samples = len(kept)
        self._wake()

    def fail(self, failure: Exception) -> None:
        """Let `get` raise `failure` once all that was delivered before it has been taken."""
        self._failure = self._failure or failure
        self._wake()

    async def get(self) -> Block:
        """Return all that waits as one Block, as soon as there is something; raise the failure at the end."""
        while not self._waiting:
            if self._failure is not None:
                raise self._failure
            self._awaited = asyncio.get_running_loop().create_future()
            await self._awaited
        block = concatenate(list(self._waiting))
        self._waiting.clear()
        self._samples = 0
        return block

    def _wake(self) -> None:
        """Let the one consumer go on; a future is half the work of an Event."""
        awaited, self._awaited = self._awaited, None
        if awaited is not None and not awaited.done():
            awaited.set_result(None)
