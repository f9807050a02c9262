"""The way of a confirmed call to the device: sent once, its answer kept, and never sent again where none came."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from app.control.call_operation import CallOperation
from app.control.device import Device
from app.control.execution import PATIENCE_S, Course, Execution
from app.control.transition import ControlEvent
from app.model import status
from app.model.control import Reason, ReasonCode
from drivers.driver import DriverError
from drivers.method_caller import CallResult

log = logging.getLogger(__name__)


class CallExecution(Execution):
    """Carries out one call."""

    def __init__(self, operation: CallOperation, device: Device, course: Course) -> None:
        """Prepare."""
        super().__init__(operation, course)
        self._operation, self._device = operation, device

    async def _send(self) -> None:
        operation, method = self._operation, self._operation.method
        result = CallResult(status.BAD_TIMEOUT, is_answered=False)
        try:
            async with asyncio.timeout(method.expiry_s + method.timeout_s + PATIENCE_S):
                result = await self._device.call(method, operation.record.arguments, self.expires)
        except (DriverError, TimeoutError) as error:
            log.warning("control.unanswered method=%s reason=%s", method.name, error)
        if not result.is_sent and result.status == status.BAD_TIMEOUT:
            self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_SENT))
            return
        operation.record = replace(operation.record, outputs=result.outputs, code=result.status)
        if not result.is_answered:
            self._apply(ControlEvent.DOUBT, Reason(ReasonCode.CALL_NOT_ANSWERED))
        elif not result.is_done:
            reason = result.reason or status.name(result.status)
            self._apply(ControlEvent.FAIL, Reason(ReasonCode.CALL_REFUSED, {"reason": reason}))
        else:
            self._apply(ControlEvent.COMPLETE)
