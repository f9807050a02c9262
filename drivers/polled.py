"""A driver of devices that are asked and answer: its author writes how one request is made, the rest is here.

A PolledDevice makes requests one at a time; a PolledDriver scans tags with it, keeps deadlines, tells losses, scales
and types values, and writes once. `docs/how-to/write-a-driver.md` builds one from nothing.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from app.model import clock, status
from app.model.block import Block, block_of, concatenate
from drivers.block_queue import BlockQueue
from drivers.driver import (
    BadAddress,
    BrowsePage,
    ConnectionLost,
    Diagnostics,
    DriverError,
    SubscribeResult,
    TagSpec,
    WriteItem,
    WriteResult,
)
from drivers.grammar_fault import fault_text
from drivers.typed_value import raw_value, with_types

log = logging.getLogger(__name__)

Found = TypeVar("Found")


class Answer(NamedTuple):
    """What a device says of one address.

    `raw`: a number, a truth value, a text, an instant (datetime), or None. `status`: a StatusCode. `time`: int64 ns
    UTC, when the device had the value; 0 where it does not say, which is the middle of the request then.
    """

    raw: object = None
    status: int = status.GOOD
    time: int = 0


class WriteRefused(DriverError):
    """The device does not take a value; `is_sent` is False where that shows before anything is sent."""

    def __init__(self, code: int, message: str, *, is_sent: bool = True) -> None:
        """Keep the StatusCode beside the message."""
        super().__init__(message)
        self.code = code
        self.is_sent = is_sent


class PolledDevice(Protocol):
    """How one device is asked; no two of these calls ever run at the same time, and none is ever cancelled half way.

    `url`: for messages. `timeout_s`: how long each call may take. `batch`: how many addresses one `read` is given.
    OSError, EOFError and ConnectionLost of any call end the connection, and so do a call that takes too long and any
    error that is none of a driver (a ValueError over a garbled answer): what comes next may be out of step.
    """

    url: str
    timeout_s: float
    batch: int

    async def connect(self) -> None:
        """Connect to the device; raise DriverError where it cannot be reached."""
        ...

    def disconnect(self) -> None:
        """Let go of it at once; may be called twice, and before `connect`."""
        ...

    async def read(self, addresses: Sequence[str]) -> Sequence[Answer]:
        """Return one Answer for each address, in their order."""
        ...

    async def write(self, address: str, value: float | str) -> None:
        """Write a value, in the device's unit, once; raise WriteRefused."""
        ...

    async def browse(self, reference: str, cursor: bytes) -> BrowsePage:
        """Return what stands below a reference; raise BadAddress for one that is none."""
        ...


class _LeftOutError(DriverError):
    """A write expired before its turn came."""


class PolledDriver:
    """Scans a PolledDevice; a subclass adds the Grammar: `schemes`, `from_definition` and `check_address`."""

    def __init__(self, device: PolledDevice) -> None:
        """Prepare a connection that is not open yet."""
        self._device = device
        self._queue = BlockQueue()
        self._turn = asyncio.Lock()
        self._tags: dict[int, dict[int, TagSpec]] = {}
        self._scans: dict[int, asyncio.Task[None]] = {}
        self._asking: set[asyncio.Task[object]] = set()
        self._is_open = False
        self._requests = self._failures = self._samples = self._skipped = 0
        self._round_trip_ms = math.nan

    @staticmethod
    def check_address(address: str) -> None:
        """Raise BadAddress, which shows the grammar."""
        raise NotImplementedError

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        device = self._device
        try:
            async with asyncio.timeout(device.timeout_s):
                await device.connect()
        except BaseException as error:
            device.disconnect()
            if isinstance(error, DriverError) or not isinstance(error, Exception):
                raise
            raise ConnectionLost(f"{device.url}: {_why_not(error)}") from error
        self._is_open = True

    async def close(self) -> None:
        """Stop scanning and let go of the device."""
        self._end(ConnectionLost(f"{self._device.url}: closed"))
        await asyncio.gather(*self._scans.values(), *self._asking, return_exceptions=True)

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        """Return what the device offers; raise BadAddress."""
        return await self._ask(lambda: self._device.browse(reference, cursor))

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        """Scan `tags`, each with its period; an address outside the grammar is refused."""
        self._require_open()
        await self.unsubscribe([tag.handle for tag in tags])
        results = []
        for tag in tags:
            refusal = self._refusal(tag.address)
            code = status.BAD_NODE_ID_INVALID if refusal else status.GOOD
            results.append(SubscribeResult(tag.handle, code, refusal))
            if not refusal:
                self._tags.setdefault(tag.scan_ms, {})[tag.handle] = tag
        for period_ms in self._tags.keys() - self._scans.keys():
            self._scans[period_ms] = asyncio.create_task(self._scan(period_ms), name=f"scan-{period_ms}")
        return results

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        """Scan these tags no more."""
        for tags in self._tags.values():
            for handle in handles:
                tags.pop(handle, None)

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Read once, one sample per tag in their order; raise ConnectionLost."""
        self._require_open()
        batch = max(1, self._device.batch)
        return concatenate([await self._read(tags[at : at + batch]) for at in range(0, len(tags), batch)])

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once, in order; raise ConnectionLost where there is no connection at all."""
        self._require_open()
        return [await self._write(item) for item in items]

    def batches(self) -> BlockQueue:
        """Return the queue of delivered Blocks."""
        return self._queue

    def diagnose(self) -> Diagnostics:
        """Return the counters so far."""
        return Diagnostics(
            requests=self._requests,
            failures=self._failures,
            samples=self._samples,
            coalesced=self._queue.coalesced,
            round_trip_ms=self._round_trip_ms,
            notes=(f"{self._skipped} scans left out: the device is too slow",) if self._skipped else (),
            is_cyclic=True,
        )

    def _require_open(self) -> None:
        if not self._is_open:
            raise ConnectionLost(f"{self._device.url}: not connected")

    def _refusal(self, address: str) -> str:
        try:
            self.check_address(address)
        except BadAddress as error:
            return str(error)
        return ""

    async def _ask(self, call: Callable[[], Awaitable[Found]]) -> Found:
        """Make one request in its turn; it goes on to its end where whoever asked has given up."""
        asking = asyncio.ensure_future(self._in_turn(call))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        asking.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            if asking.cancelled():  # by `close`, not by whoever waits
                raise ConnectionLost(f"{self._device.url}: closed") from None
            raise

    async def _in_turn(self, call: Callable[[], Awaitable[Found]]) -> Found:
        async with self._turn:
            self._require_open()
            self._requests += 1
            began = clock.monotonic_ns()
            try:
                async with asyncio.timeout(self._device.timeout_s):
                    found = await call()
            except Exception as error:
                if isinstance(error, DriverError) and not isinstance(error, ConnectionLost):
                    raise
                self._failures += 1
                told = str(error) if isinstance(error, ConnectionLost) else f"{self._device.url}: {_why_lost(error)}"
                lost = ConnectionLost(told)
                self._end(lost)
                raise lost from error
            self._round_trip_ms = (clock.monotonic_ns() - began) / clock.NS_PER_MS
            return found

    def _end(self, loss: ConnectionLost) -> None:
        """End the connection; `loss` is told behind all that was delivered."""
        if self._is_open:
            log.info("polled.ended", extra={"url": self._device.url, "reason": str(loss)})
        self._is_open = False
        self._queue.fail(loss)
        self._device.disconnect()
        here = asyncio.current_task()
        for task in (*self._scans.values(), *self._asking):
            if task is not here:
                task.cancel()

    async def _read(self, tags: Sequence[TagSpec]) -> Block:
        fitting = [tag for tag in tags if not self._refusal(tag.address)]
        sent = clock.now_ns()
        answers = await self._ask(lambda: self._device.read([tag.address for tag in fitting])) if fitting else []
        received = clock.now_ns()
        if len(answers) != len(fitting):
            raise ConnectionLost(f"{self._device.url}: {len(answers)} answers came to {len(fitting)} questions")
        of_handle = iter(answers)
        refused = Answer(None, status.BAD_NODE_ID_INVALID)
        rows = [refused if self._refusal(tag.address) else next(of_handle) for tag in tags]
        middle = (sent + received) // 2
        codes = np.array(
            [row.status if row.raw is not None or row.status else status.BAD_NO_DATA for row in rows], np.uint32
        )
        times = [min(row.time, received) or middle for row in rows]
        block = block_of([tag.handle for tag in tags], times, math.nan, codes, received=received)
        return with_types(block, tags, [row.raw if row.status < status.BAD else None for row in rows], codes)

    async def _write(self, item: WriteItem) -> WriteResult:
        refusal = self._refusal(item.address)
        if refusal:
            return WriteResult(item.address, status.BAD_NODE_ID_INVALID, f"{item.address}: {refusal}", is_sent=False)
        is_begun = False

        async def send() -> None:
            nonlocal is_begun
            if clock.monotonic_ns() > item.expires:
                raise _LeftOutError(f"{item.address}: expired before it could be sent")
            is_begun = True
            await self._device.write(item.address, raw_value(item))

        try:
            await self._ask(send)
        except _LeftOutError as error:
            return WriteResult(item.address, status.BAD_TIMEOUT, str(error), is_sent=False)
        except WriteRefused as error:
            return WriteResult(item.address, error.code, f"{item.address}: {error}", is_sent=error.is_sent)
        except ConnectionLost as error:
            told = f"{item.address}: {error}"
            if is_begun:
                told += ": whether it was written is not known: read it back"
            return WriteResult(
                item.address, status.BAD_COMMUNICATION_ERROR, told, is_sent=is_begun, is_answered=not is_begun
            )
        return WriteResult(item.address, status.GOOD)

    async def _scan(self, period_ms: int) -> None:
        """Read the tags of one period, again and again; what takes longer leaves periods out."""
        tags, period = self._tags[period_ms], period_ms * clock.NS_PER_MS
        due = clock.monotonic_ns()
        try:
            while True:
                wanted, batch = list(tags.values()), max(1, self._device.batch)
                for at in range(0, len(wanted), batch):
                    self._deliver(tags, await self._read(wanted[at : at + batch]))
                due += period
                missed = max(0, clock.monotonic_ns() - due) // period
                self._skipped += missed
                due += missed * period
                await asyncio.sleep(max(0, due - clock.monotonic_ns()) / clock.NS_PER_S)
        except ConnectionLost as loss:
            self._end(loss)
        except Exception as error:
            log.exception("polled.scan.failed", extra={"url": self._device.url})
            self._end(ConnectionLost(f"{self._device.url}: {type(error).__name__}: {error}"))

    def _deliver(self, tags: dict[int, TagSpec], block: Block) -> None:
        """Deliver a Block, but for what was unsubscribed while it was read."""
        block = block.select(np.isin(block.handle, np.array(list(tags), np.uint32)))
        self._samples += len(block)
        self._queue.put(block)


def _why_not(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: check host and port, and that the device is on"
    if isinstance(error, TimeoutError):
        return "no answer: is the device on, the address right, and no firewall between?"
    if isinstance(error, EOFError):
        return "the device closed the connection at once"
    if not isinstance(error, OSError):
        return _not_understood(error)
    return f"cannot be reached ({error.strerror or error}): check host, port and network"


def _why_lost(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time: does the device hang? (timeout_ms)"
    if not isinstance(error, OSError | EOFError):
        return _not_understood(error)
    return f"the device closed the connection ({error})" if str(error) else "the device closed the connection"


def _not_understood(error: BaseException) -> str:
    """Return that the author of the device has not foreseen an answer; what comes behind it may be out of step."""
    log.info("polled.not_understood", exc_info=error)
    return f"it says what the driver does not understand ({fault_text(error)}): is it the right device, and setting?"
