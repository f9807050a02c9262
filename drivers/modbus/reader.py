"""Reads requests off a device and turns whatever comes, or does not come, into one sample per tag.

All requests of a scan wait for the bus at once, so that they can be on their way together. One that the device refuses
as a whole is cut in two until the address that is not there stands alone, and what that taught is kept in the traits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

import numpy as np

from app.model import clock, status
from app.model.block import Block, ValueArray, block_of
from app.model.status import StatusArray
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.pdu import read_request, words_of
from drivers.modbus.request import Request, halves
from drivers.modbus.trial import Trial
from drivers.modbus.turns import OPERATOR, Ask
from drivers.modbus.units import Turnout
from drivers.typed_value import with_types

log = logging.getLogger(__name__)

Deliver = Callable[[Block], None]

_STATUS_OF_EXCEPTION = {
    1: status.BAD_NOT_SUPPORTED,
    2: status.BAD_NODE_ID_UNKNOWN,
    3: status.BAD_OUT_OF_RANGE,
    4: status.BAD_DEVICE_FAILURE,
    5: status.BAD_RESOURCE_UNAVAILABLE,
    6: status.BAD_RESOURCE_UNAVAILABLE,
    8: status.BAD_DEVICE_FAILURE,
    10: status.BAD_NO_COMMUNICATION,
    11: status.BAD_NO_COMMUNICATION,
}
_REFUSALS = {2, 3}
_BAD_LENGTH = 3
_BUSY = {5, 6}
_BUSY_S = 0.05
_MEANINGS = {
    1: "the device does not know this function",
    2: "the device has no such address",
    3: "the device refuses this value or length",
    4: "the device has failed",
    5: "the device needs more time",
    6: "the device is busy",
    8: "the device's memory has failed",
    10: "the gateway has no path to this unit",
    11: "the unit behind the gateway does not answer",
}


def status_of(code: int) -> int:
    """Return the StatusCode of a Modbus exception."""
    return _STATUS_OF_EXCEPTION.get(code, status.BAD)


def meaning_of(code: int) -> str:
    """Return in words what a Modbus exception says."""
    return f"{_MEANINGS.get(code, 'an exception')} (Modbus exception {code})"


class Reader:
    """Reads through one bus; counts what a maintainer wants to know."""

    def __init__(self, bus: Bus) -> None:
        """Read with the retries and block sizes of the bus's settings."""
        self.requests = 0
        self.failures = 0
        self.round_trip_ms = float("nan")
        self._bus = bus
        self._settings = bus.settings
        self._traits = bus.traits

    async def read(self, requests: Iterable[Request], priority: int, deliver: Deliver) -> None:
        """Deliver one sample for each point of `requests`; raise ConnectionLost.

        `priority`: OPERATOR, or the period of a scan, ms. A scan passes over known holes and units that are left alone.
        """
        self._traits.expire(clock.monotonic_ns())
        begun = [(request, self._begin(request, priority)) for request in requests]
        try:
            for request, ask in begun:
                if isinstance(ask, Ask):
                    await self._finish(request, ask, deliver)
                elif ask is Turnout.TRY:
                    await self._try(request, priority, deliver)
                else:
                    deliver(_bad(request, self._why_left(request)))
        finally:
            for _, ask in begun:
                if isinstance(ask, Ask) and not ask.answer.done():
                    ask.answer.cancel()

    def _begin(self, request: Request, priority: int) -> Ask | Turnout:
        if priority > OPERATOR:
            if request.is_single and self._traits.holes:
                hole = self._traits.hole(request.place, request.span)
                if hole is not None and hole.asked_again > clock.monotonic_ns():
                    return Turnout.LEAVE
            turnout = self._bus.units.turnout(request.unit)
            if turnout is not Turnout.ASK:
                return turnout
        return self._ask(request, priority)

    def _ask(self, request: Request, priority: int) -> Ask:
        self.requests += 1
        return self._bus.ask(request.unit, request.pdu, priority)

    def _why_left(self, request: Request) -> int:
        hole = self._traits.hole(request.place, request.span) if request.is_single else None
        return self._bus.units.status_of(request.unit) or (hole.status if hole else status.BAD_OUT_OF_SERVICE)

    async def _try(self, request: Request, priority: int, deliver: Deliver) -> None:
        """Ask a unit that was left alone for one value, and for all once it answers."""
        point = request.points[0]
        self.requests += 1
        ask = self._bus.ask(request.unit, read_request(request.table, *point.span), priority)
        try:
            await ask.answer
        except (NoAnswer, ExceptionAnswer, BadAnswer):
            self.failures += 1
        if self._bus.units.status_of(request.unit):
            deliver(_bad(request, self._why_left(request)))
        else:
            await self._finish(request, self._ask(request, priority), deliver)

    async def _finish(self, request: Request, ask: Ask, deliver: Deliver) -> bool:
        """Deliver what comes of a request; return whether the device gave all of it."""
        try:
            answer = await self._patiently(request, ask)
        except NoAnswer:
            deliver(_bad(request, status.BAD_COMMUNICATION_ERROR))
        except BadAnswer as error:
            self.failures += 1
            log.debug("modbus.answer.bad", extra={"url": self._settings.url, "reason": str(error)})
            deliver(_bad(request, status.BAD_DECODING_ERROR))
        except ExceptionAnswer as refusal:
            self.failures += 1
            return await self._refused(request, refusal.code, ask.priority, deliver)
        else:
            return await self._taken(request, *answer, deliver)
        return False

    async def _patiently(self, request: Request, ask: Ask) -> tuple[Request, Ask, bytes]:
        """Ask again where nothing came, or where the device is busy; raise what came of the last attempt.

        The last attempt asks for less where the request is a large one: the answer is to which request it is.
        """
        units = self._bus.units
        for attempts_left in range(0 if units.status_of(request.unit) else self._settings.retries, -1, -1):
            try:
                return request, ask, await ask.answer
            except NoAnswer:
                self.failures += 1
                if not attempts_left or units.status_of(request.unit):
                    raise
                if attempts_left == 1 and self._may_be_too_large(request):
                    request = halves(request, self._settings)[0]
            except ExceptionAnswer as refusal:
                if refusal.code not in _BUSY or not attempts_left:
                    raise
                self.failures += 1
                await asyncio.sleep(_BUSY_S)
            ask = self._ask(request, ask.priority)
        raise AssertionError

    def _may_be_too_large(self, request: Request) -> bool:
        return (
            not request.is_single
            and request.place not in self._traits.limits
            and request.count > self._largest(request) // 2
        )

    def _largest(self, request: Request) -> int:
        return self._settings.max_block_bits if request.table.is_bits else self._settings.max_block

    async def _taken(self, asked: Request, request: Request, ask: Ask, answer: bytes, deliver: Deliver) -> bool:
        """Deliver an answer; where it is that to the first half of what was asked, read the rest too."""
        deliver(_good(request, answer, ask))
        self.round_trip_ms = (ask.received - ask.sent) / clock.NS_PER_MS
        if request.is_single and self._traits.holes:
            self._traits.accept(request.place, request.span)
        self._bus.try_window(Trial(request.unit, request.table, request.start, request.count))
        if len(request.points) == len(asked.points):
            return True
        log.info("modbus.block.halved", extra={"url": self._settings.url, "unit": asked.unit, "count": asked.count})
        self._traits.limit(asked.place, max(1, self._largest(asked) // 2))
        rest = halves(asked, self._settings)[1]
        return await self._finish(rest, self._ask(rest, ask.priority), deliver)

    async def _refused(self, request: Request, code: int, priority: int, deliver: Deliver) -> bool:
        """Deliver what an exception means; a refusal of many addresses is traced to those that are not there."""
        if code not in _REFUSALS:
            deliver(_bad(request, status_of(code)))
            return False
        again = clock.monotonic_ns() + self._settings.hole_s * clock.NS_PER_S
        if request.is_single:
            self._traits.refuse(request.place, request.span, status_of(code), again)
            deliver(_bad(request, status_of(code)))
            return False
        first, second = halves(request, self._settings)
        asks = self._ask(first, priority), self._ask(second, priority)
        is_first_whole = await self._finish(first, asks[0], deliver)
        is_second_whole = await self._finish(second, asks[1], deliver)
        if is_first_whole and is_second_whole:
            self._part(first, second, code, again)
            return True
        return False

    def _part(self, first: Request, second: Request, code: int, again: int) -> None:
        """Remember that two requests are answered apart, but not as one."""
        if code == _BAD_LENGTH and first.start + first.count >= second.start:
            self._traits.limit(first.place, max(first.count, second.count))
        else:
            self._traits.cut(first.place, second.start, again)


def _good(request: Request, answer: bytes, ask: Ask) -> Block:
    words = words_of(answer, request.count)
    values = request.plan.decode(words) * request.gains + request.offsets
    size = len(values)
    received = clock.now_ns() - (clock.monotonic_ns() - ask.received)
    block = Block(
        request.handles,
        np.full(size, received - (ask.received - ask.sent) // 2, np.int64),
        values,
        _statuses(request, values),
        np.full(size, received, np.int64),
    )
    if not request.is_exact:
        return block
    return with_types(block, [point.tag for point in request.points], request.plan.raw(words), block.status)


def _statuses(request: Request, values: ValueArray) -> StatusArray:
    """Return Good for each value, BadNoData for those that the device marks as none."""
    found = np.zeros(len(values), np.uint32)
    if len(rows := request.plan.may_be_none):
        found[rows[np.isnan(values[rows])]] = status.BAD_NO_DATA
    return found


def _bad(request: Request, code: int) -> Block:
    return block_of(request.handles, clock.now_ns(), np.nan, code)
