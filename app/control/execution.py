"""The way of a confirmed command to the device: audited before and after, checked once more, sent once."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from app.control.operation import Operation
from app.control.trail import Step
from app.control.transition import ControlEvent
from app.model import clock
from app.model.audit import AuditRecord
from app.model.content import NOTHING, Content
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""After its expiry a driver that has not given any result is not waited for any longer."""


@dataclass(frozen=True, slots=True)
class Course:
    """What an execution needs of the desk: the trail, who hears changes, and the checks made just before it is sent."""

    audit: Callable[[AuditRecord], asyncio.Future[None]]
    tell: Callable[[ControlRecord], None]
    refusal: Callable[[], Reason | None]


class Execution(ABC):
    """Carries out one command that was confirmed."""

    def __init__(self, operation: Operation, course: Course) -> None:
        """Prepare."""
        self.expires = clock.monotonic_ns() + int(operation.conditions.expiry_s * clock.NS_PER_S)
        self._command, self._course = operation, course

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
            result = self._command.audit(Step.RESULT)
            self._course.audit(result)
            what = result.tag or result.subject
            log.info("control.%s what=%s user=%s reason=%s", result.outcome, what, result.user, result.reason)

    async def _is_audited(self) -> bool:
        """Put the intent on disk; nothing is sent before that."""
        stored = self._course.audit(self._command.audit(Step.INTENT))
        await asyncio.wait({stored}, timeout=self._rest_s())  # it is not cancelled: the line may still come
        if stored.done() and stored.exception() is None:
            return True
        self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_AUDITED))
        return False

    def _may_be_sent(self) -> bool:
        """Check once more: the trail may have taken a while."""
        reason = self._course.refusal()
        if reason is not None:
            self._apply(ControlEvent.REFUSE, reason)
        elif self._rest_s() <= 0:
            self._apply(ControlEvent.EXPIRE, Reason(ReasonCode.NOT_SENT))
        return self._command.state is ControlState.CONFIRMED

    @abstractmethod
    async def _send(self) -> None:
        """Send it once, and bring its state to an end."""

    def _break_off(self) -> None:
        """End early: before it was sent it has expired, after that nobody knows."""
        reason = Reason(ReasonCode.COLLECTOR_ENDED)
        if self._command.state is ControlState.CONFIRMED:
            self._apply(ControlEvent.EXPIRE, reason)
        elif not self._command.state.is_final:
            self._apply(ControlEvent.DOUBT, reason)

    def _apply(self, event: ControlEvent, reason: Reason | None = None, *, read: Content = NOTHING) -> None:
        self._course.tell(self._command.apply(event, reason, read=read))

    def _rest_s(self) -> float:
        return max(0.0, (self.expires - clock.monotonic_ns()) / clock.NS_PER_S)
