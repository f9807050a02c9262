"""A worker process: keeps the connections of one group of drivers and sends what they deliver to the collector.

`python -m app.acquisition.worker SOCKET MEMORY_BYTES FAULT_FILE DRIVER...`, started by `worker_link`.
A device whose answers stall or swell the library that reads them stalls this process alone; the collector ends it and
starts another one.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Coroutine, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import IO

import msgspec

from app.acquisition.border import FrameReader
from app.acquisition.connection import Connection
from app.acquisition.event_loop import run_drivers
from app.acquisition.handed_socket import read_whole
from app.acquisition.memory_limit import limit_memory, resident_bytes
from app.acquisition.message import (
    AcknowledgeThere,
    Alarmed,
    ArrayDone,
    AskHistory,
    Beat,
    Begin,
    CallDone,
    CallThere,
    DeedDone,
    HistoryDone,
    Read,
    ReadArray,
    ReadDone,
    Reported,
    ToWorker,
    Write,
    WriteDone,
)
from app.acquisition.outbox import Outbox, OutboxHandler
from app.acquisition.registry import driver_class, driver_names, make_driver
from app.ending import wait_for_parent
from app.model import clock, status
from app.model.connection import ConnectionReport
from drivers.alarm_source import DeedResult, DeviceEvents
from drivers.driver import DriverError
from drivers.historian import HistoryEnd

log = logging.getLogger(__name__)

BEAT_S = 0.25
REPORT_S = 1.0
GRACE_S = 3.0
"""How long an orderly end may take once the collector has gone."""
FAULT_AFTER_S = 1.0
"""Where the loop stands that has not turned for so long is written down, before the collector ends the process."""
MOST_FAULT_BYTES = 1 << 20
READ_BYTES = 1 << 16
LATE_PER_S = 20_000.0
"""So many samples of the past are sent in a second at most; half of the loop's time at most goes to them."""


class Worker:
    """The connections of one group, and the link to the collector."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, faults: IO[bytes]) -> None:
        """Take the link; what to do comes over it. `faults`: where it is written down that the loop hangs."""
        self._faults = faults
        self._reader = reader
        self._writer = writer
        self._outbox = Outbox(writer)
        self._frames = FrameReader(msgspec.msgpack.Decoder[ToWorker](ToWorker))
        self._connections: dict[str, Connection] = {}
        self._running: list[asyncio.Task[None]] = []
        self._answers: set[asyncio.Task[None]] = set()
        self._told: tuple[ConnectionReport, ...] = ()
        self._report_due = 0

    async def run(self) -> None:
        """Work until the collector closes the link."""
        _log_to(self._outbox)
        self._running = [
            asyncio.create_task(each) for each in (self._beat(), self._outbox.run(), self._outbox.run_forwarding())
        ]
        try:
            with suppress(ConnectionError):
                while data := await self._reader.read(READ_BYTES):
                    for message in self._frames.feed(data):
                        self._obey(message)
        finally:
            for task in [*self._running, *self._answers]:
                task.cancel()
            await asyncio.gather(*self._running, *self._answers, return_exceptions=True)
            self._writer.close()

    def _obey(self, message: object) -> None:
        if isinstance(message, Begin):
            self._begin(message)
        elif isinstance(message, Write):
            self._answer(self._write(message))
        elif isinstance(message, Read):
            self._answer(self._read(message))
        elif isinstance(message, ReadArray):
            self._answer(self._read_array(message))
        elif isinstance(message, AskHistory):
            self._answer(self._history(message))
        elif isinstance(message, AcknowledgeThere):
            self._answer(self._acknowledge(message))
        elif isinstance(message, CallThere):
            self._answer(self._call(message))

    def _answer(self, answering: Coroutine[None, None, None]) -> None:
        work = asyncio.create_task(answering)
        self._answers.add(work)
        work.add_done_callback(self._answered)

    def _answered(self, work: asyncio.Task[None]) -> None:
        self._answers.discard(work)
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("worker.not_answered %s", repr(error), exc_info=error)

    def _begin(self, begin: Begin) -> None:
        for definition in begin.connections:
            tags = [tag for tag in begin.tags if tag.connection == definition.id]
            connection = Connection(
                definition,
                tags,
                make=make_driver,
                deliver=self._outbox.deliver,
                forward=self._outbox.forward,
                alarmed=self._alarmed,
                changed=self._report,
            )
            self._connections[definition.id] = connection
            self._running.append(asyncio.create_task(connection.run(is_announced=True), name=definition.id))

    async def _write(self, write: Write) -> None:
        results = await self._connections[write.connection].write(write.items)
        self._outbox.tell(WriteDone(write.request, tuple(results)))

    async def _read(self, read: Read) -> None:
        sample = await self._connections[read.connection].read(read.spec)
        self._outbox.tell(ReadDone(read.request, sample))

    async def _read_array(self, asked: ReadArray) -> None:
        value = await self._connections[asked.connection].read_array(asked.address)
        await self._outbox.send(ArrayDone(asked.request, value))

    def _alarmed(self, connection: str, told: DeviceEvents | None) -> None:
        events = DeviceEvents(()) if told is None else told
        self._outbox.tell_surely(Alarmed(connection, events, is_begun=told is None))

    async def _acknowledge(self, asked: AcknowledgeThere) -> None:
        connection = self._connections[asked.connection]
        try:
            result = await connection.acknowledge(asked.condition, asked.event_id, asked.comment)
            await self._outbox.send(DeedDone(asked.request, result))
        except DriverError as error:
            await self._outbox.send(DeedDone(asked.request, DeedResult(status.BAD_NOT_CONNECTED), str(error)))

    async def _call(self, asked: CallThere) -> None:
        result = await self._connections[asked.connection].call(
            asked.owner, asked.method, asked.arguments, expires=asked.expires, timeout_s=asked.timeout_s
        )
        await self._outbox.send(CallDone(asked.request, result))

    async def _history(self, asked: AskHistory) -> None:
        """Send what a device has kept, page by page and not faster than LATE_PER_S."""
        ends: list[HistoryEnd] = []
        loop, problem = asyncio.get_running_loop(), ""
        try:
            pages = self._connections[asked.connection].history(asked.specs, asked.start, asked.end)
            async with aclosing(pages):
                began = loop.time()
                async for page in pages:
                    await self._outbox.send_late(page.block)
                    ends += page.ends
                    await asyncio.sleep(max(len(page.block) / LATE_PER_S, loop.time() - began))
                    began = loop.time()
        except DriverError as error:
            problem = str(error)
        await self._outbox.send(HistoryDone(asked.request, tuple(ends), problem))

    async def _beat(self) -> None:
        """Show that the loop turns, and what has changed of the connections."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            faulthandler.dump_traceback_later(FAULT_AFTER_S, file=self._faults)
            self._outbox.tell(Beat(1_000.0 * (loop.time() - due), resident_bytes()))
            self._report()
            due = loop.time() + BEAT_S
            await asyncio.sleep(BEAT_S)

    def _report(self) -> None:
        reports = tuple(connection.report() for connection in self._connections.values())
        now = clock.monotonic_ns()
        if now >= self._report_due or _states(reports) != _states(self._told):
            self._outbox.tell(Reported(reports, self._outbox.coalesced))
            self._told, self._report_due = reports, now + int(REPORT_S * clock.NS_PER_S)


def _states(reports: Sequence[ConnectionReport]) -> list[tuple[str, str]]:
    return [(report.state, report.reason) for report in reports]


def _log_to(outbox: Outbox) -> None:
    logging.basicConfig(level=logging.INFO, handlers=[OutboxHandler(outbox)], format="%(message)s", force=True)
    for library in ("asyncio", "asyncua", "pymodbus"):
        logging.getLogger(library).setLevel(logging.ERROR)


async def _work(link: socket.socket, faults: IO[bytes]) -> None:
    link.setblocking(False)  # noqa: FBT003 - the standard library takes it by position
    reader, writer = await asyncio.open_connection(sock=link)
    await Worker(reader, writer, faults).run()


def _end_with_parent() -> None:
    """End with the collector, also where the loop is held up and does not see that the link is closed."""

    def end() -> None:
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=wait_for_parent, args=(end,), name="parent-watch", daemon=True).start()


def _link(word: str) -> socket.socket:
    """Return the socket that the collector has left to this process."""
    if sys.platform == "win32":  # pragma: no cover - a socket cannot be inherited there: it is handed over
        return socket.fromshare(read_whole(lambda size: os.read(0, size), int(word)))
    return socket.socket(fileno=int(word))


def _import_drivers(names: Sequence[str]) -> None:
    """Import what is needed before the loop is watched: on a busy computer libraries take seconds for it."""
    for name in set(names) & set(driver_names()):
        with suppress(ImportError):  # told by the connection, whose driver cannot be made
            driver_class(name)


def main(words: Sequence[str]) -> None:
    """Work until the collector goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the collector, which ends us
    link, memory, faults = _link(words[0]), int(words[1]), Path(words[2])
    limit_memory(memory)
    is_long = faults.exists() and faults.stat().st_size > MOST_FAULT_BYTES
    with faults.open("wb" if is_long else "ab") as output:
        faulthandler.enable(output)
        _end_with_parent()
        _import_drivers(words[3:])
        run_drivers(_work(link, output))
        faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main(sys.argv[1:])
