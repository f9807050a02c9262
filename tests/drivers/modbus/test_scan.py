"""Scans of many devices do not all fall into the same instant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from app.model import clock
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from drivers.modbus.request import Request
from drivers.modbus.scan import Scan
from drivers.modbus.settings import parse_settings
from drivers.modbus.traits import Traits

PERIOD_MS = 1_000


class _Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 5_000_000_123

    async def sleep(self, seconds: float) -> None:
        self.now += round(seconds * clock.NS_PER_S)


class _Counting:
    """In place of a reader: notes when it is asked, and ends the scan with the third time."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.asked: list[int] = []

    async def read(self, requests: Iterable[Request], priority: int, deliver: Callable[[Block], None]) -> None:
        self.asked.append(self._now())
        if len(self.asked) == 3:
            raise asyncio.CancelledError


def _asked(url: str, unit: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    time = _Clock()
    monkeypatch.setattr(clock, "monotonic_ns", lambda: time.now)
    sleep: Callable[[float], Awaitable[None]] = time.sleep
    monkeypatch.setattr(asyncio, "sleep", sleep)
    settings = parse_settings(ConnectionDefinition("plc", "modbus", url))
    reader = _Counting(lambda: time.now)
    scan = Scan(PERIOD_MS, settings, Traits(), unit=unit)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scan.run(reader, lambda _: None))  # type: ignore[arg-type]
    return reader.asked


def test_that_devices_are_read_at_once_and_then_each_at_its_own_place_in_the_period(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin, period = 5_000_000_123, PERIOD_MS * clock.NS_PER_MS
    asked = [_asked(f"modbus://10.0.0.{n}:502", unit=1, monkeypatch=monkeypatch) for n in range(20)]
    assert {first for first, _, _ in asked} == {begin}
    assert all(0 < second - first <= period and third - second == period for first, second, third in asked)
    places = sorted(second % period for _, second, _ in asked)
    assert len({place // (period // 10) for place in places}) >= 7, "twenty devices lie in few parts of the period"


def test_that_units_of_one_gateway_have_places_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {_asked("modbus://10.0.0.1:502", unit, monkeypatch)[1] for unit in range(1, 9)}
    assert len(seconds) == 8
