"""One connection to a device, kept alive: connect, subscribe, deliver, and begin anew after every loss."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Callable, Sequence

import numpy as np

from app.acquisition.back_off import BackOff
from app.model import clock, status
from app.model.block import Block, block_of
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from drivers.alarm_source import AlarmSource, DeedResult, DeviceEvents
from drivers.array_source import ArrayValue, source_of
from drivers.driver import (
    BadAddress,
    ConnectionLost,
    Diagnostics,
    Driver,
    DriverError,
    Refused,
    TagSpec,
    WriteItem,
    WriteResult,
)
from drivers.forwarding import Forwarding
from drivers.grammar_fault import fault_text
from drivers.historian import HistoryPage, historian_of
from drivers.method_caller import CallResult, caller_of

log = logging.getLogger(__name__)

RETRY_REFUSED_S = 30.0


def spec_of(tag: TagDefinition) -> TagSpec:
    """Return what a driver needs to know of a tag."""
    return TagSpec(tag.handle, tag.address, tag.scan_ms, tag.gain, tag.offset, tag.data_type)


class Connection:
    """Keeps one device connected; every attempt has a fresh driver, every loss one block of bad samples at once.

    `deliver` gets the Blocks; it must not block. `run` ends only by cancellation.
    """

    def __init__(
        self,
        definition: ConnectionDefinition,
        tags: Sequence[TagDefinition],
        *,
        make: Callable[[ConnectionDefinition], Driver],
        deliver: Callable[[Block], None],
        back_off: BackOff | None = None,
        alarmed: Callable[[str, DeviceEvents | None], None] | None = None,
        forward: Callable[[Block], None] | None = None,
        changed: Callable[[], None] | None = None,
    ) -> None:
        """Prepare the connection of `tags` through a driver that `make` returns.

        `alarmed` hears, with the connection's id, what the device tells of its alarms, first None: it begins anew.
        `forward` gets what the device tells of the past by itself.
        `changed` hears at once that the state is another one.
        """
        self._definition = definition
        self._specs = [spec_of(tag) for tag in tags]
        self._handles = np.array([spec.handle for spec in self._specs], np.uint32)
        self._make = make
        self._deliver = deliver
        self._back_off = back_off or BackOff()
        self._alarmed = alarmed
        self._forward = forward
        self._changed = changed
        self._state = LinkState.DISCONNECTED
        self._since = clock.now_ns()
        self._reason = ""
        self._attempts = 0
        self._samples = 0
        self._is_good = np.zeros(int(self._handles.max(initial=0)) + 1, np.bool_)
        self._driver: Driver | None = None

    def report(self) -> ConnectionReport:
        """Return the present state for the window and the log."""
        known = Diagnostics() if self._driver is None else self._driver.diagnose()
        return ConnectionReport(
            connection=self._definition.id,
            driver=self._definition.driver,
            url=self._definition.url,
            state=self._state,
            since=self._since,
            tags=len(self._specs),
            tags_good=int(self._is_good.sum()),
            samples=self._samples,
            attempts=self._attempts,
            reason=self._reason,
            security=known.security,
            notes=known.notes,
            is_cyclic=known.is_cyclic,
            certificate_days=None if math.isnan(known.certificate_days) else known.certificate_days,
            clock_ahead_s=0.0 if math.isnan(known.clock_ahead_s) else known.clock_ahead_s,
        )

    async def run(self, *, is_announced: bool = False) -> None:
        """Keep the device connected until cancelled; `is_announced`: it is told already that no value is there yet."""
        if not is_announced:
            self._lose(status.BAD_WAITING_FOR_INITIAL_DATA)
        while True:
            is_refused = False
            try:
                await self._attempt()
            except DriverError as error:
                is_refused = isinstance(error, Refused | BadAddress)
                self._enter(LinkState.BACKOFF, str(error))
                self._lose(
                    status.BAD_CONFIGURATION_ERROR if isinstance(error, BadAddress) else status.BAD_NO_COMMUNICATION
                )
            except Exception as error:
                log.exception("connection.failed", extra={"connection": self._definition.id})
                self._enter(LinkState.BACKOFF, f"{type(error).__name__}: {error}")
                self._lose(status.BAD_INTERNAL_ERROR)
            await asyncio.sleep(self._back_off.next_s(is_refused=is_refused))

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once, now or not at all; one result per item, bad ones where the device is not connected."""
        if self._driver is None:
            reason = f"{self._definition.id}: not connected: nothing was written ({self._reason or self._state})"
            return [WriteResult(item.address, status.BAD_NOT_CONNECTED, reason, is_sent=False) for item in items]
        try:
            return await self._driver.write(items)
        except Exception as error:  # noqa: BLE001 - whatever a driver of others raises, a write has a result
            reason = f"{_told(error)}: whether it was written is not known: read it back"
            code = status.BAD_COMMUNICATION_ERROR
            return [WriteResult(item.address, code, reason, is_answered=False) for item in items]

    async def read(self, spec: TagSpec) -> DataValue:
        """Ask the device for a value now; a bad one where it cannot be had."""
        try:
            if self._driver is None:
                return DataValue(math.nan, status.BAD_NOT_CONNECTED, clock.now_ns())
            block = await self._driver.read([spec])
        except Exception as error:  # noqa: BLE001 - the same of a read
            log.info("connection.not_read %s %s", self._definition.id, _told(error))
            return DataValue(math.nan, status.BAD_COMMUNICATION_ERROR, clock.now_ns())
        exact = None if block.exact is None else block.exact[0]
        text = "" if exact is None else str(exact)
        return DataValue(float(block.value[0]), int(block.status[0]), int(block.time[0]), text=text)

    async def read_array(self, address: str) -> ArrayValue:
        """Ask the device for an array now; a bad one, with the reason, where it cannot be had."""
        if self._driver is None:
            reason = f"{self._definition.id}: not connected ({self._reason or self._state})"
            return ArrayValue(status.BAD_NOT_CONNECTED, clock.now_ns(), reason=reason)
        try:
            return await source_of(self._driver, self._definition.id).read_array(address)
        except DriverError as error:
            return ArrayValue(status.BAD_COMMUNICATION_ERROR, clock.now_ns(), reason=str(error))

    async def call(
        self, owner: str, method: str, arguments: Sequence[str], *, expires: int, timeout_s: float
    ) -> CallResult:
        """Call a method of the device once, now or not at all; not sent where the device is not connected."""
        if self._driver is None:
            reason = f"{self._definition.id}: not connected: nothing was sent ({self._reason or self._state})"
            return CallResult(status.BAD_NOT_CONNECTED, reason=reason, is_sent=False)
        try:
            caller = caller_of(self._driver, self._definition.id)
            return await caller.call(owner, method, arguments, expires=expires, timeout_s=timeout_s)
        except DriverError as error:
            return CallResult(status.BAD_NOT_CONNECTED, reason=f"{error}: nothing was sent", is_sent=False)
        except Exception as error:  # noqa: BLE001 - the same of a call
            reason = f"{_told(error)}: whether it was done is not known: look at the machine"
            return CallResult(status.BAD_COMMUNICATION_ERROR, reason=reason, is_answered=False)

    def history(self, specs: Sequence[TagSpec], start: int, end: int) -> AsyncGenerator[HistoryPage, None]:
        """Yield what the device has kept with start <= time < end (ns UTC); raise DriverError."""
        if self._driver is None:
            raise ConnectionLost(f"{self._definition.id}: not connected ({self._reason or self._state})")
        return historian_of(self._driver, self._definition.id).history(specs, start, end)

    async def acknowledge(self, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Let the device take a state of one of its conditions as seen; raise DriverError where it cannot be asked."""
        if not isinstance(self._driver, AlarmSource):
            raise ConnectionLost(f"{self._definition.id}: not connected ({self._reason or self._state})")
        return await self._driver.acknowledge(condition, event_id, comment)

    async def _listen(self, driver: Driver) -> None:
        """Hear the alarms of the device, where that is wanted and it has some."""
        if self._alarmed is None or not self._definition.alarms:
            return
        if not isinstance(driver, AlarmSource):
            log.warning("connection.no_alarms %s: its driver knows no alarms in the device", self._definition.id)
            return
        tell, name = self._alarmed, self._definition.id
        tell(name, None)
        await driver.listen(lambda told: tell(name, told))

    async def _attempt(self) -> None:
        self._attempts += 1
        self._enter(LinkState.CONNECTING, self._reason)
        driver = self._make(self._definition)
        try:
            await driver.open()
            if self._forward is not None and isinstance(driver, Forwarding):
                driver.forward_to(self._forward)
            refused = await self._subscribe(driver, self._specs)
            self._enter(LinkState.DEGRADED if refused else LinkState.RUNNING, self._refusal(refused))
            self._driver = driver
            await self._listen(driver)
            await self._take(driver, [spec for spec, _ in refused])
        finally:
            self._driver = None
            await driver.close()

    async def _subscribe(self, driver: Driver, specs: Sequence[TagSpec]) -> list[tuple[TagSpec, str]]:
        results = {result.handle: result for result in await driver.subscribe(specs)}
        refused = [(spec, results[spec.handle]) for spec in specs if results[spec.handle].status >= status.BAD]
        if refused:
            now = clock.now_ns()
            self._pass_on(
                block_of([spec.handle for spec, _ in refused], now, np.nan, [result.status for _, result in refused])
            )
        return [(spec, f"{spec.address}: {result.reason}") for spec, result in refused]

    async def _take(self, driver: Driver, refused: list[TagSpec]) -> None:
        batches = driver.batches()
        deadline = clock.monotonic_ns() + int(RETRY_REFUSED_S * clock.NS_PER_S)
        while True:
            wait_s = max(0.0, (deadline - clock.monotonic_ns()) / clock.NS_PER_S) if refused else None
            try:
                async with asyncio.timeout(wait_s):
                    self._pass_on(await batches.get())
                self._back_off.reset()
            except TimeoutError:
                still = await self._subscribe(driver, refused)
                refused = [spec for spec, _ in still]
                self._enter(LinkState.DEGRADED if refused else LinkState.RUNNING, self._refusal(still))
                deadline = clock.monotonic_ns() + int(RETRY_REFUSED_S * clock.NS_PER_S)

    @staticmethod
    def _refusal(refused: Sequence[tuple[TagSpec, str]]) -> str:
        if not refused:
            return ""
        return f"tags not delivered: {len(refused)}, first {refused[0][1]}"

    def _pass_on(self, block: Block) -> None:
        self._samples += len(block)
        self._is_good[block.handle] = status.usable_mask(block.status)
        self._deliver(block)

    def _lose(self, code: int) -> None:
        self._is_good[:] = False
        if len(self._handles):
            self._deliver(block_of(self._handles, clock.now_ns(), np.nan, code))

    def _enter(self, state: LinkState, reason: str) -> None:
        if state is LinkState.RUNNING:
            reason = ""
        if (state, reason) == (self._state, self._reason):
            return
        if reason != self._reason or state in {LinkState.RUNNING, LinkState.DEGRADED}:
            log.info(
                "connection.%s %s %s",
                state,
                self._definition.id,
                reason,
            )
        if state is not self._state:
            self._since = clock.now_ns()
        self._state, self._reason = state, reason
        if self._changed is not None:
            self._changed()


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, DriverError) else fault_text(error)
