"""What the border between collector and workers costs: processor time of a sample, and the delay of a frame."""

from __future__ import annotations

import asyncio
import socket
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np

from app.acquisition.border import FrameReader, block_frames
from app.acquisition.message import ToCollector
from app.model.block import Block, block_of
from tests.benchmarks.figure import Figure

SIZES = (10, 1_000)
FRAMES = 2_000
_US = 1e6


def border_figures() -> Iterator[Figure]:
    """Yield, for small and large Blocks, the time of a sample in both processes together and the delay of a frame."""
    for size in SIZES:
        block = block_of(np.arange(size), 1, np.arange(size) / 7.0)
        yield Figure(f"border: processor time of a sample, {size} in a frame", "us", _cost_us(block))
    yield Figure("border: sent to taken, 1000 in a frame, p50", "us", asyncio.run(_delay_us(block)))


def _cost_us(block: Block) -> float:
    """Return the processor time of encoding, passing through a socket and decoding, per sample."""
    here, there = socket.socketpair()
    reader = FrameReader(msgspec.msgpack.Decoder[ToCollector](ToCollector))
    with here, there, ThreadPoolExecutor(1) as pool:
        began = time.process_time()
        sending = pool.submit(_send, here, block)
        taken = 0
        while taken < FRAMES * len(block):
            taken += sum(len(part) for part in reader.feed(there.recv(1 << 18)) if isinstance(part, Block))
        sending.result()
        return _US * (time.process_time() - began) / taken


def _send(link: socket.socket, block: Block) -> None:
    for _ in range(FRAMES):
        for frame in block_frames(block):
            link.sendall(frame)


async def _delay_us(block: Block) -> float:
    """Return the median time from a frame's sending to its Block, over asyncio as the workers do."""
    here, there = socket.socketpair()
    unread, writer = await asyncio.open_connection(sock=here)
    source, unwritten = await asyncio.open_connection(sock=there)
    reader = FrameReader(msgspec.msgpack.Decoder[ToCollector](ToCollector))
    delays = []
    for _ in range(200):
        began = time.perf_counter()
        for frame in block_frames(block):
            writer.write(frame)
        while not reader.feed(await source.read(1 << 18)):
            pass
        delays.append(time.perf_counter() - began)
        await asyncio.sleep(0.001)
    for end in (writer, unwritten):
        end.close()
    assert not unread.at_eof()
    return _US * statistics.median(delays)
