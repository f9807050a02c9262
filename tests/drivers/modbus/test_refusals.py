"""Addresses that a device refuses: traced in few requests, remembered, tried again; blocks too large for it."""

from __future__ import annotations

import math
import struct
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.modbus.address import Table
from drivers.modbus.client import ModbusDriver
from drivers.modbus.keeping import FOLDER, TraitsFile
from drivers.modbus.request import plan_requests
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.traits import _KNOWN, Traits
from tests.drivers.modbus.scripted_device import exception, registers, scripted_device
from tests.drivers.modbus.test_request import points_at, spans

Span = tuple[int, int]


class Device:
    """A device that refuses what touches a missing register or is longer than `longest`; `asked` are the spans."""

    def __init__(self, missing: Collection[int] = (), *, longest: int = 125, code: int = 2) -> None:
        self.missing = set(missing)
        self.asked: list[Span] = []
        self._longest = longest
        self._code = code

    def answer(self, request: bytes) -> bytes:
        start, count = struct.unpack_from(">HH", request, 8)
        self.asked.append((start, count))
        if count > self._longest:
            return exception(request, 3)
        words = range(start, start + count)
        return exception(request, self._code) if self.missing & set(words) else registers(request, *words)


@asynccontextmanager
async def _served(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[int]:
    async with scripted_device(answer) as port:
        yield port
        _KNOWN.pop(f"modbus://127.0.0.1:{port}", None)


@asynccontextmanager
async def _scanning(
    port: int, tags: list[TagSpec], *, folder: str = "", **options: object
) -> AsyncIterator[ModbusDriver]:
    given = {"timeout_ms": 100, **options}
    definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", given, folder=folder)
    driver = ModbusDriver.from_definition(definition)
    await driver.open()
    try:
        await driver.subscribe(tags)
        yield driver
    finally:
        await driver.close()


async def _take(driver: ModbusDriver, samples: int) -> Block:
    blocks: list[Block] = []
    while sum(map(len, blocks)) < samples:
        blocks.append(await driver.batches().get())
    return concatenate(blocks)


def _tags(offsets: range, scan_ms: int = 20) -> list[TagSpec]:
    return [TagSpec(offset, f"HR{offset}", scan_ms) for offset in offsets]


@pytest.mark.parametrize("code", [2, 3])
async def test_that_a_hole_is_found_within_one_scan_and_few_requests(code: int) -> None:
    device = Device({77}, code=code)
    async with _served(device.answer) as port, _scanning(port, _tags(range(125), 60_000)) as driver:
        block = await _take(driver, 125)
    assert block.handle[~status.good_mask(block.status)].tolist() == [77]
    assert len(device.asked) - 1 <= 2 * math.ceil(math.log2(125))


async def test_that_many_holes_in_a_large_map_leave_all_good_tags_good_in_the_first_scan() -> None:
    missing = {3, 250, 251, 777, 1_300, 1_999}
    device = Device(missing)
    async with _served(device.answer) as port, _scanning(port, _tags(range(2_000), 60_000)) as driver:
        block = await _take(driver, 2_000)
    assert set(block.handle[~status.good_mask(block.status)].tolist()) == missing
    assert len(device.asked) - 16 <= len(missing) * 2 * math.ceil(math.log2(125))


async def test_that_what_a_device_taught_outlives_the_connection_and_blocks_are_whole_around_holes() -> None:
    device = Device({77})
    async with _served(device.answer) as port:
        async with _scanning(port, _tags(range(125), 60_000)) as driver:
            await _take(driver, 125)
        device.asked.clear()
        async with _scanning(port, _tags(range(125), 60_000)) as driver:
            block = await _take(driver, 125)
            # An operator who reads it asks the device itself.
            (read,) = (await driver.read([TagSpec(0, "HR77")])).status.tolist()
    assert block.status[block.handle == 77].tolist() == [status.BAD_NODE_ID_UNKNOWN]
    assert device.asked == [(0, 77), (78, 47), (77, 1)]
    assert read == status.BAD_NODE_ID_UNKNOWN


async def test_that_after_a_start_holes_are_not_traced_again_but_asked_for_at_once(tmp_path: Path) -> None:
    missing = {3, 40, 77, 90}
    device = Device(missing)
    async with _served(device.answer) as port:
        url = f"modbus://127.0.0.1:{port}"
        async with _scanning(port, _tags(range(125), 60_000), folder=str(tmp_path)) as driver:
            await _take(driver, 125)
        traced = len(device.asked)
        device.asked.clear()
        _KNOWN.pop(url, None)  # as another process
        async with _scanning(port, _tags(range(125), 60_000), folder=str(tmp_path)) as driver:
            block = await _take(driver, 125)
        assert set(block.handle[~status.good_mask(block.status)].tolist()) == missing
        assert device.asked == [(0, 3), (3, 1), (4, 36), (40, 1), (41, 36), (77, 1), (78, 12), (90, 1), (91, 34)]
        assert len(device.asked) < traced / 3
        device.missing.clear()  # repaired while the station was off
        device.asked.clear()
        _KNOWN.pop(url, None)
        async with _scanning(port, _tags(range(125)), folder=str(tmp_path)) as driver:
            assert status.good_mask((await _take(driver, 125)).status).all()
            await _take(driver, 250)
        assert device.asked[-1] == (0, 125)
        device.asked.clear()
        _KNOWN.pop(url, None)
        async with _scanning(port, _tags(range(125), 60_000), folder=str(tmp_path)) as driver:
            await _take(driver, 125)
        assert device.asked == [(0, 125)]


@pytest.mark.parametrize("content", [b"", b"{", b'{"url": 3}', b"\xff\x00", b'{"url": "modbus://other", "holes": []}'])
async def test_that_a_damaged_file_of_holes_costs_only_tracing_them(tmp_path: Path, content: bytes) -> None:
    device = Device({77})
    async with _served(device.answer) as port:
        (tmp_path / FOLDER).mkdir()
        file = tmp_path / FOLDER / f"modbus-127.0.0.1-{port}.json"
        file.write_bytes(content)
        async with _scanning(port, _tags(range(125), 60_000), folder=str(tmp_path)) as driver:
            block = await _take(driver, 125)
        assert block.handle[~status.good_mask(block.status)].tolist() == [77]
        assert b'"offset": 77' in file.read_bytes()


def test_that_a_cut_is_kept_for_as_long_as_it_would_have_held(tmp_path: Path) -> None:
    place = 1, Table.HOLDING_REGISTERS
    with clock.frozen(clock.now_ns()) as advance:
        taught, file = Traits(), TraitsFile(str(tmp_path), "modbus://plc:502")
        taught.cut(place, 10, clock.monotonic_ns() + 100 * clock.NS_PER_S)
        taught.cut(place, 20, clock.monotonic_ns() + 10 * clock.NS_PER_S)
        file.save(file.news(taught))
        assert file.news(taught) == b""
        advance(50 * clock.NS_PER_S)
        again = Traits()
        file.load(again, 3_600)
        assert again.cuts == {place: {10: clock.monotonic_ns() + 50 * clock.NS_PER_S}}
        shorter = Traits()
        file.load(shorter, 30)
        assert shorter.cuts == {place: {10: clock.monotonic_ns() + 30 * clock.NS_PER_S}}


async def test_that_a_hole_that_is_filled_is_read_with_its_neighbours_again() -> None:
    device = Device({5})
    async with _served(device.answer) as port, _scanning(port, _tags(range(10)), hole_s=1) as driver:
        await _take(driver, 20)
        device.missing.clear()
        block = await _take(driver, 10)
        while not status.good_mask(block.status).all():
            block = await _take(driver, 10)
        device.asked.clear()
        await _take(driver, 30)
    assert (0, 10) in device.asked


async def test_that_a_hole_in_a_gap_parts_its_neighbours_and_costs_no_tag() -> None:
    device = Device({5})
    tags = [TagSpec(offset, f"HR{offset}", 20) for offset in (0, 1, 9, 10)]
    async with _served(device.answer) as port, _scanning(port, tags) as driver:
        block = await _take(driver, 12)
    assert status.good_mask(block.status).all()
    assert device.asked[:7] == [(0, 11), (0, 2), (9, 2), (0, 2), (9, 2), (0, 2), (9, 2)]


async def test_that_a_device_that_refuses_long_blocks_is_asked_for_short_ones() -> None:
    device = Device(longest=40)
    async with _served(device.answer) as port, _scanning(port, _tags(range(120))) as driver:
        block = await _take(driver, 120)
        await _take(driver, 120)
        device.asked.clear()
        await _take(driver, 360)
    assert status.good_mask(block.status).all()
    assert max(count for _, count in device.asked) <= 40
    assert len(device.asked) <= 4 * 5


async def test_that_a_block_too_large_to_be_answered_is_halved_once() -> None:
    device = Device()

    def answer(request: bytes) -> bytes | None:
        sent = device.answer(request)
        return None if device.asked[-1][1] > 70 else sent

    async with _served(answer) as port, _scanning(port, _tags(range(125), 300)) as driver:
        block = await _take(driver, 125)
        assert not driver._bus.units.left_alone
        device.asked.clear()
        await _take(driver, 125)
    assert status.good_mask(block.status).all()
    assert device.asked[:3] == [(0, 62), (62, 62), (124, 1)]


async def test_that_a_device_that_is_busy_is_asked_again() -> None:
    asked = 0

    def answer(request: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return exception(request, 6) if asked < 3 else registers(request, 8)

    async with _served(answer) as port, _scanning(port, [TagSpec(0, "HR0", 60_000)]) as driver:
        assert (await _take(driver, 1)).value.tolist() == [8.0]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["U16", "F32", "F64"])), min_size=1, max_size=40),
    st.sets(st.integers(0, 64)),
    st.sets(st.integers(0, 64)),
    st.integers(4, 30),
)
def test_that_no_value_is_split_whatever_a_device_has_taught(
    places: list[tuple[int, str]], holes: set[int], cuts: set[int], limit: int
) -> None:
    points = points_at(*(f"HR{offset}:{name}" for offset, name in places))
    traits = Traits()
    place = (points[0].unit, points[0].address.table)
    traits.limit(place, limit)
    for offset in cuts:
        traits.cut(place, offset, clock.NS_PER_S)
    for point in points:
        if point.address.offset in holes:
            traits.refuse(place, point.span, status.BAD, 0)
    requests = plan_requests(points, ModbusSettings("plc"), traits)
    for request in requests:
        assert request.count <= limit
        assert all(request.start <= p.address.offset and p.end <= request.start + request.count for p in request.points)
        assert request.is_single or not any(traits.hole(place, point.span) for point in request.points)
    assert sorted(handle for request in requests for handle in request.handles.tolist()) == list(range(len(points)))


def test_that_cuts_are_forgotten_when_they_are_to_be_tried_again() -> None:
    points = points_at("HR0", "HR1")
    traits = Traits()
    place = (1, points[0].address.table)
    traits.cut(place, 1, 100)
    assert spans(plan_requests(points, ModbusSettings("plc"), traits)) == [(1, "HR", 0, 1), (1, "HR", 1, 1)]
    before = traits.version
    traits.expire(99)
    assert traits.version == before
    traits.expire(100)
    assert traits.version > before
    assert spans(plan_requests(points, ModbusSettings("plc"), traits)) == [(1, "HR", 0, 2)]
