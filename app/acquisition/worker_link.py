"""The collector's side of one worker process: starts it, hears it, and ends it when it hangs or grows too large."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.acquisition.border import FrameReader, FrameRefused, LateBlock, message_frame
from app.acquisition.handed_socket import interpreter
from app.acquisition.message import (
    Alarmed,
    ArrayDone,
    Beat,
    CallDone,
    DeedDone,
    HistoryDone,
    Logged,
    ReadDone,
    Reported,
    ToCollector,
    ToWorker,
    WriteDone,
)
from app.acquisition.silence import LOOK_S, Silence, turns_of
from app.model import clock
from app.model.block import Block

log = logging.getLogger(__name__)

HANG_S = 1.5
"""A worker that has said nothing for so long, and could have, is ended: its event loop hangs."""
START_S = 20.0
"""So long a worker may take to say its first word, on a computer that is busy starting."""
STALL_MS = 250.0
"""A turn of a worker's loop that is later than that is told, at most once in STALL_TOLD_S."""
STALL_TOLD_S = 10.0
END_S = 4.0

Heard = Block | LateBlock | Reported | WriteDone | ReadDone | ArrayDone | HistoryDone | Alarmed | DeedDone | CallDone


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may take: `memory`: bytes. `faults`: the file that tells where one hung."""

    memory: int
    faults: Path


@dataclass(frozen=True, slots=True)
class Launched:
    """A worker process that has been started, and our end of the link to it."""

    process: subprocess.Popen[bytes]
    link: socket.socket


class WorkerLink(asyncio.Protocol):
    """One life of one worker process; `hear` gets what it sends, in the collector's loop."""

    def __init__(
        self, name: str, drivers: Collection[str], limits: WorkerLimits, hear: Callable[[Heard], None]
    ) -> None:
        """Prepare; `run` starts it. `name`: of the group, for the log; `drivers`: what the worker imports first."""
        self._drivers = drivers
        self._launched: Launched | None = None
        self._name = name
        self._limits = limits
        self._hear = hear
        self._frames = FrameReader(msgspec.msgpack.Decoder[ToCollector](ToCollector))
        self._transport: asyncio.Transport | None = None
        self._early: list[ToWorker] | None = []
        self._gone = asyncio.Event()
        self._reason = ""
        self._has_begun = False
        self._silence = Silence()
        self._stall_told = 0
        self.pid = 0

    def launch(self) -> None:
        """Start the worker already, so that it gets ready while the collector does; takes some milliseconds."""
        self._launched = _launch(self._limits, self._drivers)

    def discard(self) -> None:
        """End a worker that was launched and is not needed; may take a second."""
        launched, self._launched = self._launched, None
        if launched is not None:
            launched.link.close()
            _await_end(launched.process)

    async def run(self, first: ToWorker) -> str:
        """Start a worker with its `first` message, and return why it has ended; cancelling ends it orderly."""
        process, here = await self._ready()
        self.pid = process.pid
        here.setblocking(False)  # noqa: FBT003 - the standard library takes it by position
        await asyncio.get_running_loop().create_connection(lambda: self, sock=here)
        log.info("worker.started group=%s pid=%d", self._name, process.pid)
        try:
            self._send_first(first)
            await self._watch()
            process.kill()  # orderly ends are asked for by cancelling: this one hangs, or has ended by itself
        finally:
            self._close()
            await asyncio.to_thread(_await_end, process)
        return self._reason or f"it ended with code {process.returncode}"

    async def _ready(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        launched, self._launched = self._launched, None
        if launched is None:
            starting = asyncio.ensure_future(asyncio.to_thread(_launch, self._limits, self._drivers))
            try:
                launched = await asyncio.shield(starting)
            except asyncio.CancelledError:
                launched = await starting
                launched.link.close()
                await asyncio.to_thread(_await_end, launched.process)
                raise
        return launched.process, launched.link

    def send(self, message: ToWorker) -> None:
        """Send a message to the worker, not before its first one; it is lost where the worker has gone."""
        if self._early is not None:
            self._early.append(message)
        elif self._transport is not None:
            self._transport.write(message_frame(message))

    def _send_first(self, first: ToWorker) -> None:
        """Send what tells the worker its connections, and then what was asked of them meanwhile."""
        early, self._early = self._early or [], None
        for message in (first, *early):
            self.send(message)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket of the worker that has connected."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection makes
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what the worker sends; one that sends no frames is ended."""
        self._silence.end()
        try:
            for heard in self._frames.feed(data):
                self._take(heard)
        except FrameRefused as error:
            self._end(f"it sent {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the worker has gone."""
        if exc is not None:
            log.debug("worker.link_broken group=%s %s", self._name, exc)
        self._gone.set()

    def _take(self, heard: Block | LateBlock | ToCollector) -> None:
        self._has_begun = True
        if isinstance(heard, Beat):
            self._look_at(heard)
        elif isinstance(heard, Logged):
            logging.getLogger(heard.logger).log(heard.level, "%s", heard.text)
        else:
            self._hear(heard)

    def _look_at(self, beat: Beat) -> None:
        if beat.resident > self._limits.memory:
            self._end(f"it took {beat.resident >> 20} MB of memory, {self._limits.memory >> 20} are allowed")
        now = clock.monotonic_ns()
        if beat.lag_ms > STALL_MS and now >= self._stall_told:
            self._stall_told = now + int(STALL_TOLD_S * clock.NS_PER_S)
            log.warning("worker.stalled group=%s pid=%d ms=%.0f", self._name, self.pid, beat.lag_ms)

    async def _watch(self) -> None:
        """Wait for the worker's end; a time in which this loop, or it, got no processor is not its own silence."""
        looked = clock.monotonic_ns()
        while not self._gone.is_set():
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._gone.wait()
            except TimeoutError:
                now = clock.monotonic_ns()
                self._silence.look((now - looked) / clock.NS_PER_S, turns_of(self.pid))
                looked = now
                if self._silence.own_s > (HANG_S if self._has_begun else START_S) or (
                    self._has_begun and self._silence.is_longest
                ):
                    self._end(f"it has not answered for {self._silence.whole_s:.1f} s")

    def _end(self, reason: str) -> None:
        self._reason = self._reason or reason
        self._gone.set()

    def _close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()


def _launch(limits: WorkerLimits, drivers: Collection[str]) -> Launched:
    """Start a worker; not in the running event loop, which that would hold up."""
    here, there = socket.socketpair()
    with there:
        return Launched(_start(there, limits, drivers), here)


def _start(link: socket.socket, limits: WorkerLimits, drivers: Collection[str]) -> subprocess.Popen[bytes]:
    limits.faults.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Libraries for linear algebra would reserve memory for threads of theirs, against our limit.
    program, environment = interpreter({**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    command = [program, "-P", "-m", "app.acquisition.worker"]
    tail = [str(limits.memory), str(limits.faults), *sorted(drivers)]
    if sys.platform == "win32":  # pragma: no cover - a socket cannot be inherited there: it is handed over
        size = len(link.share(os.getpid()))
        process = subprocess.Popen([*command, str(size), *tail], stdin=subprocess.PIPE, env=environment)
        assert process.stdin is not None  # noqa: S101 - asked for
        process.stdin.write(link.share(process.pid))
        process.stdin.flush()
        return process
    number = str(link.fileno())
    return subprocess.Popen([*command, number, *tail], stdin=subprocess.PIPE, pass_fds=[link.fileno()], env=environment)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        log.warning("worker.killed pid=%d", process.pid)
        process.kill()
        process.wait()
