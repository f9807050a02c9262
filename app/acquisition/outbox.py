"""A worker's side of the border: samples and messages on their way to the collector."""

from __future__ import annotations

import asyncio
import logging

from app.acquisition.border import Samples, block_frames, message_frame
from app.acquisition.message import Logged, ToCollector
from app.model import clock
from app.model.block import Block
from drivers.block_queue import BlockQueue

GATHER_S = 0.02
"""Samples that come within so long of those just sent go with the next frame: a frame costs more than a sample."""
MOST_UNSENT = 1 << 20
"""Beats, reports and lines of the log are left out while the collector has so many bytes to read already."""
LINES_PER_S = 20
MOST_FORWARDED = 1_000_000
"""So many samples of the past may wait, since none of them comes again: 40 MB."""


class Outbox:
    """Sends to the collector without ever making the drivers wait.

    When the collector falls behind, samples are coalesced to the newest of each tag, marked and counted.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        """Send through `writer`."""
        self._writer = writer
        self._queue = BlockQueue()
        self._forwarded = BlockQueue(MOST_FORWARDED)

    @property
    def coalesced(self) -> int:
        """Return how many samples the collector's slowness has left out."""
        return self._queue.coalesced + self._forwarded.coalesced

    def deliver(self, block: Block) -> None:
        """Take samples."""
        self._queue.put(block)

    def forward(self, block: Block) -> None:
        """Take samples of the past that a device has sent by itself."""
        self._forwarded.put(block)

    def tell(self, message: ToCollector) -> None:
        """Send a message; where the collector does not read, it is left out."""
        if self._writer.transport.get_write_buffer_size() < MOST_UNSENT and not self._writer.is_closing():
            self._writer.write(message_frame(message))

    async def send_late(self, block: Block) -> None:
        """Send samples of the past, waiting until the collector has room for them."""
        for frame in block_frames(block, Samples.ASKED):
            self._writer.write(frame)
            await self._writer.drain()

    def tell_surely(self, message: ToCollector) -> None:
        """Send a message that is never left out, however slow the collector is: alarms of a device."""
        if not self._writer.is_closing():
            self._writer.write(message_frame(message))

    async def send(self, message: ToCollector) -> None:
        """Send a message that must arrive, behind all that was sent before."""
        self._writer.write(message_frame(message))
        await self._writer.drain()

    async def run(self) -> None:
        """Send samples until cancelled, or until the collector has gone (ConnectionError)."""
        while True:
            block = await self._queue.get()
            for frame in block_frames(block):
                self._writer.write(frame)
                await self._writer.drain()
            await asyncio.sleep(GATHER_S)

    async def run_forwarding(self) -> None:
        """Send what devices have forwarded, beside the live samples, as `run` does."""
        while True:
            block = await self._forwarded.get()
            for frame in block_frames(block, Samples.FORWARDED):
                self._writer.write(frame)
                await self._writer.drain()


class OutboxHandler(logging.Handler):
    """Puts lines of the log into an outbox, at most LINES_PER_S; how many more there were is told with the next."""

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox
        self._loop = asyncio.get_running_loop()
        self._second = 0
        self._lines = 0
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, from any thread."""
        self._loop.call_soon_threadsafe(self._tell, record.name, record.levelno, self.format(record))

    def _tell(self, logger: str, level: int, text: str) -> None:
        second = clock.monotonic_ns() // clock.NS_PER_S
        if second != self._second:
            self._second, self._lines = second, 0
        self._lines += 1
        if self._lines > LINES_PER_S:
            self._left_out += 1
            return
        note = f" ({self._left_out} lines left out before)" if self._left_out else ""
        self._left_out = 0
        self._outbox.tell(Logged(logger, level, text + note))
