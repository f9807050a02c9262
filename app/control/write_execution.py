"""The way of a confirmed write to the device and back: sent once, read back."""

from __future__ import annotations

import asyncio
import logging

from app.control.device import Device
from app.control.execution import PATIENCE_S, Course, Execution
from app.control.transition import ControlEvent
from app.control.write_operation import WriteOperation
from app.model import clock, status
from app.model.content import NOTHING, Content, content_of, content_text, is_nothing
from app.model.control import Reason, ReasonCode
from drivers.driver import DriverError, WriteResult

log = logging.getLogger(__name__)

PAUSE_S = 0.1
"""Between two looks at what the device holds."""


class WriteExecution(Execution):
    """Carries out one write."""

    def __init__(self, operation: WriteOperation, device: Device, course: Course) -> None:
        """Prepare."""
        super().__init__(operation, course)
        self._operation, self._device = operation, device

    async def _send(self) -> None:
        record, tag = self._operation.record, self._operation.tag
        result = WriteResult(tag.address, 0, is_answered=False)
        try:
            async with asyncio.timeout(self._operation.rule.expiry_s + PATIENCE_S):
                result = await self._device.write(tag, record.new, self.expires)
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

    async def _read_back(self) -> Content:
        """Return what the device holds: the new value as soon as it does, else the last one in time, else NOTHING."""
        operation = self._operation
        last: Content = NOTHING
        deadline = clock.monotonic_ns() + int(operation.rule.read_back_s * clock.NS_PER_S)
        while (rest_s := (deadline - clock.monotonic_ns()) / clock.NS_PER_S) > 0:
            try:
                async with asyncio.timeout(rest_s):
                    sample = await self._device.read(operation.tag)
                    last = content_of(sample, operation.tag.data_type) if sample.is_good else last
                    if operation.rule.is_as_written(operation.record.new, last):
                        return last
                    await asyncio.sleep(PAUSE_S)
            except (DriverError, TimeoutError) as error:
                log.info("control.not_read tag=%s reason=%s", operation.tag.name, error)
                await asyncio.sleep(min(PAUSE_S, rest_s))
        return last

    def _judge(self, read: Content, *, is_answered: bool) -> None:
        operation = self._operation
        shown = {"value": content_text(read)}
        if operation.rule.is_as_written(operation.record.new, read):
            self._apply(ControlEvent.VERIFY, None if is_answered else Reason(ReasonCode.ANSWER_LATE), read=read)
        elif is_nothing(read):
            code = ReasonCode.NOT_READ if is_answered else ReasonCode.NOT_ANSWERED
            self._apply(ControlEvent.DOUBT, Reason(code))
        elif is_answered:
            self._apply(ControlEvent.FAIL, Reason(ReasonCode.READS_OTHER, shown), read=read)
        else:
            self._apply(ControlEvent.DOUBT, Reason(ReasonCode.NOT_TAKEN, shown), read=read)
