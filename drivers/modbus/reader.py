"""Reads requests off a device and turns whatever comes, or does not come, into one sample per tag.

A request that the device refuses as a whole is cut in two until the register that is not there stands alone; units
that do not answer are left alone for a while, so that they do not hold up their neighbours behind a gateway.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable

import numpy as np

from app.model import clock, status
from app.model.block import Block, block_of
from drivers.driver import ConnectionLost
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.pdu import WordArray
from drivers.modbus.request import Request, halves
from drivers.modbus.settings import ModbusSettings

log = logging.getLogger(__name__)

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

    def __init__(self, bus: Bus, settings: ModbusSettings) -> None:
        """Read with the time-outs, retries and block sizes of `settings`."""
        self.requests = 0
        self.failures = 0
        self.round_trip_ms = float("nan")
        self._bus = bus
        self._settings = settings
        self._silent: dict[int, int] = {}

    async def read(self, request: Request, units: Collection[int]) -> list[Block]:
        """Return the samples of a request's points; raise ConnectionLost.

        `units`: those that are being polled; when none of them answers any more, the connection counts as lost.
        """
        if request.parts:
            return await self._read_all(request.parts, units)
        if known := self._left_alone(request):
            return [_bad(request, known)]
        try:
            return [await self._ask(request)]
        except ExceptionAnswer as refusal:
            self._silent.pop(request.unit, None)
            return await self._refused(request, refusal.code, units)
        except BadAnswer as error:
            self.failures += 1
            log.debug("modbus.answer.bad", extra={"url": self._settings.url, "reason": str(error)})
            return [_bad(request, status.BAD_DECODING_ERROR)]
        except NoAnswer as error:
            self._silence(request.unit, units, error)
            return [_bad(request, status.BAD_COMMUNICATION_ERROR)]

    def _left_alone(self, request: Request) -> int:
        """Return the StatusCode of what is not asked for at present, else 0."""
        now = clock.monotonic_ns()
        if request.asked_again > now:
            return request.refusal
        return status.BAD_OUT_OF_SERVICE if self._silent.get(request.unit, 0) > now else 0

    async def _read_all(self, requests: Iterable[Request], units: Collection[int]) -> list[Block]:
        return [block for request in requests for block in await self.read(request, units)]

    async def _ask(self, request: Request) -> Block:
        attempts = 1 if request.unit in self._silent else 1 + self._settings.retries
        for attempt in range(1, attempts + 1):
            asked, began = clock.now_ns(), clock.monotonic_ns()
            self.requests += 1
            try:
                words = await self._bus.read(request.unit, request.table, request.start, request.count)
            except NoAnswer:
                self.failures += 1
                if attempt == attempts:
                    raise
                continue
            self._silent.pop(request.unit, None)
            took = clock.monotonic_ns() - began
            self.round_trip_ms = took / clock.NS_PER_MS
            return _good(request, words, asked=asked, took=took)
        raise AssertionError

    async def _refused(self, request: Request, code: int, units: Collection[int]) -> list[Block]:
        self.failures += 1
        if code in _REFUSALS and len(request.points) > 1:
            request.parts = halves(request, self._settings)
            return await self._read_all(request.parts, units)
        if code in _REFUSALS:
            request.refusal = status_of(code)
            request.asked_again = clock.monotonic_ns() + self._settings.demote_s * clock.NS_PER_S
        return [_bad(request, status_of(code))]

    def _silence(self, unit: int, units: Collection[int], error: NoAnswer) -> None:
        if unit not in self._silent:
            log.warning("modbus.unit.silent", extra={"url": self._settings.url, "unit": unit})
        self._silent[unit] = clock.monotonic_ns() + self._settings.demote_s * clock.NS_PER_S
        if units and self._silent.keys() >= set(units):
            raise ConnectionLost(
                f"{self._settings.url}: {error}: is the unit id right, and the device still running? (timeout_ms)"
            ) from error


def _good(request: Request, words: WordArray, *, asked: int, took: int) -> Block:
    values = request.plan.decode(words) * request.gains + request.offsets
    size = len(values)
    return Block(
        request.handles,
        np.full(size, asked + took // 2, np.int64),
        values,
        np.zeros(size, np.uint32),
        np.full(size, asked + took, np.int64),
    )


def _bad(request: Request, code: int) -> Block:
    return block_of(request.handles, clock.now_ns(), np.nan, code)
