"""The way of a confirmed write to the device and back: audited before and after, sent once, read back."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Protocol

from app.control.operation import WriteOperation
from app.control.transition import ControlEvent
from app.model import clock, status
from app.model.audit import AuditAction, AuditRecord
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from drivers.driver import DriverError, WriteResult

log = logging.getLogger(__name__)

PAUSE_S = 0.1
"""Between two looks at what the device holds."""
PATIENCE_S = 10.0
"""After its expiry a driver that has not given any result is not waited for any longer."""


class Device(Protocol):
    """The way to the devices of a plant."""

    async def write(self, tag: TagDefinition, value: float, expires: int) -> WriteResult:
        """Write once, not after `expires` (monotonic ns); raise DriverError where the link broke."""
        ...

    async def read(self, tag: TagDefinition) -> DataValue:
        """Ask the device for its present value; raise DriverError."""
        ...


class Execution:
    """Carries out one write that was confirmed."""

    def __init__(
        self,
        operation: WriteOperation,
        device: Device,
        audit: Callable[[AuditRecord], asyncio.Future[None]],
        tell: Callable[[ControlRecord], None],
        *,
        refusal: Callable[[], Reason | None],
    ) -> None:
        """Prepare; `refusal`: the checks that are made once more just before it is sent."""
        self._operation, self._device, self._audit, self._tell = operation, device, audit, tell
        self._refusal = refusal
        self._expires = clock.monotonic_ns() + int(operation.rule.expiry_s * clock.NS_PER_S)

    async def run(self) -> None:
        """Carry it out; at the end its state is final and its result in the trail, even where this is cancelled."""
        try:
            if await self._is_audited() and self._may_be_sent():
                self._apply(ControlEvent.SEND)
                await self._send()
        except asyncio.CancelledError:
            self._break_off()
            raise
        finally:
            result = self._operation.audit(AuditAction.WRITE_RESULT)
            self._audit(result)
            log.info("control.%s tag=%s user=%s reason=%s", result.outcome, result.tag, result.user, result.reason)

    async def _is_audited(self) -> bool:
        """Put the intent on disk; nothing is sent before that."""
        stored = self._audit(self._operation.audit(AuditAction.WRITE_INTENT))
        await asyncio.wait({stored}, timeout=self._rest_s())  # it is not cancelled: the line may still come
        if stored.done() and stored.exception() is None:
            return True
        self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_AUDITED))
        return False

    def _may_be_sent(self) -> bool:
        """Check once more: the trail may have taken a while."""
        reason = self._refusal()
        if reason is not None:
            self._apply(ControlEvent.REFUSE, reason)
        elif self._rest_s() <= 0:
            self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_SENT))
        return self._operation.state is ControlState.CONFIRMED

    async def _send(self) -> None:
        record, tag = self._operation.record, self._operation.tag
        result = WriteResult(tag.address, 0, is_answered=False)
        try:
            async with asyncio.timeout(self._operation.rule.expiry_s + PATIENCE_S):
                result = await self._device.write(tag, record.new, self._expires)
        except (DriverError, TimeoutError) as error:
            log.warning("control.unanswered tag=%s reason=%s", tag.name, error)
        if not result.is_sent and result.status == status.BAD_TIMEOUT:
            self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_SENT))
        elif not result.is_answered:
            self._apply(ControlEvent.LOSE_SIGHT)
            self._judge(await self._read_back(), is_answered=False)
        elif not result.is_written:
            self._apply(ControlEvent.FAIL, Reason(ReasonCode.DEVICE_REFUSED, {"reason": result.reason}))
        else:
            self._apply(ControlEvent.ACCEPT)
            self._judge(await self._read_back(), is_answered=True)

    async def _read_back(self) -> float:
        """Return what the device holds: the new value as soon as it does, else the last one in time, NaN for none."""
        operation, last = self._operation, math.nan
        deadline = clock.monotonic_ns() + int(operation.rule.read_back_s * clock.NS_PER_S)
        while (rest_s := (deadline - clock.monotonic_ns()) / clock.NS_PER_S) > 0:
            try:
                async with asyncio.timeout(rest_s):
                    sample = await self._device.read(operation.tag)
                    last = sample.value if sample.is_good else last
                    if operation.rule.is_as_written(operation.record.new, last):
                        return last
                    await asyncio.sleep(PAUSE_S)
            except (DriverError, TimeoutError) as error:
                log.info("control.not_read tag=%s reason=%s", operation.tag.name, error)
                await asyncio.sleep(min(PAUSE_S, rest_s))
        return last

    def _judge(self, read: float, *, is_answered: bool) -> None:
        operation = self._operation
        shown = {"value": f"{read:.10g}"}
        if operation.rule.is_as_written(operation.record.new, read):
            self._apply(ControlEvent.VERIFY, None if is_answered else Reason(ReasonCode.ANSWER_LATE), read=read)
        elif math.isnan(read):
            code = ReasonCode.NOT_READ if is_answered else ReasonCode.NOT_ANSWERED
            self._apply(ControlEvent.DOUBT, Reason(code))
        elif is_answered:
            self._apply(ControlEvent.FAIL, Reason(ReasonCode.READS_OTHER, shown), read=read)
        else:
            self._apply(ControlEvent.DOUBT, Reason(ReasonCode.NOT_TAKEN, shown), read=read)

    def _break_off(self) -> None:
        """End early: before it was sent it has expired, after that nobody knows."""
        reason = Reason(ReasonCode.COLLECTOR_ENDED)
        if self._operation.state is ControlState.CONFIRMED:
            self._apply(ControlEvent.EXPIRE, reason)
        elif not self._operation.state.is_final:
            self._apply(ControlEvent.DOUBT, reason)

    def _apply(self, event: ControlEvent, reason: Reason | None = None, *, read: float = math.nan) -> None:
        self._tell(self._operation.apply(event, reason, read=read))

    def _rest_s(self) -> float:
        return max(0.0, (self._expires - clock.monotonic_ns()) / clock.NS_PER_S)
