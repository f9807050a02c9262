"""The Modbus driver: tags of one device, or of the units behind one gateway, polled in scan classes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self

import numpy as np

from app.model import clock, status
from app.model.block import Block, block_of, concatenate
from app.model.connection import ConnectionDefinition
from drivers.array_source import ArrayValue
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
from drivers.modbus.address import DataType, parse_address
from drivers.modbus.array import read_array
from drivers.modbus.browse import browse_device
from drivers.modbus.bus import Bus
from drivers.modbus.buses import join, leave
from drivers.modbus.encode import text_bytes
from drivers.modbus.interpretation import decodings_at
from drivers.modbus.introduction import introduce_device
from drivers.modbus.keeping import TraitsFile
from drivers.modbus.probe import probe_device
from drivers.modbus.reader import Reader
from drivers.modbus.request import Point, plan_requests
from drivers.modbus.scan import Scan
from drivers.modbus.settings import SCHEMES, ModbusSettings, parse_settings
from drivers.modbus.traits import traits_of
from drivers.modbus.turns import OPERATOR
from drivers.modbus.write import write_item
from drivers.probe import Decoding
from drivers.text_room import TooLongText

log = logging.getLogger(__name__)

_KEEP_EVERY_S = 5.0


class ModbusDriver:
    """One connection to a Modbus TCP device; see `drivers.driver.Driver` for the contract."""

    schemes: ClassVar[tuple[str, ...]] = SCHEMES

    def __init__(self, settings: ModbusSettings) -> None:
        """Prepare a connection that is not open yet."""
        self._settings = settings
        self._queue = BlockQueue()
        self._bus = Bus(settings)
        self._reader = Reader(self._bus)
        self._scans: dict[tuple[int, int], tuple[Scan, asyncio.Task[None]]] = {}
        self._file = TraitsFile(settings.folder, settings.url)
        self._keeping: asyncio.Task[None] | None = None
        self._delivered = 0
        self._is_open = False

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        """Return an unopened driver; raise BadAddress for a URL or an option that is not understood."""
        return cls(parse_settings(definition))

    probe = staticmethod(probe_device)
    introduce = staticmethod(introduce_device)

    @staticmethod
    def check_address(address: str) -> None:
        """Raise BadAddress for what is no Modbus address."""
        parse_address(address)

    def check_text(self, address: str, text: str) -> None:
        """Raise TooLongText for a text that the registers of `address` cannot hold, BadAddress for no address."""
        place = parse_address(address, self._settings.base)
        if place.data_type is not DataType.STR:
            return
        try:
            text_bytes(text, place.length, self._settings.encoding)
        except (OverflowError, ValueError) as reason:
            raise TooLongText(str(reason), place.length) from reason

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        self._file.load(traits_of(self._settings.url), self._settings.hole_s)
        self._bus = await join(self._settings, self._lost)
        self._reader = Reader(self._bus)
        self._is_open = True
        log.info("modbus.opened", extra={"url": self._settings.url})

    async def close(self) -> None:
        """Stop scanning and drop the connection."""
        tasks = [task for _, task in self._scans.values()]
        if self._keeping is not None:
            tasks.append(self._keeping)
            self._file.save(self._file.news(self._bus.traits))
        self._scans.clear()
        for task in tasks:
            task.cancel()
        self._leave()
        self._queue.fail(ConnectionLost(f"{self._settings.url}: closed"))
        await asyncio.gather(*tasks, return_exceptions=True)

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        """Return units, their tables, and the registers that can be read; slow on devices with large gaps."""
        return await browse_device(self._bus, self._settings, reference=reference, cursor=cursor)

    async def decodings(self, address: str, count: int, *, reads: int, pause_s: float) -> list[Decoding]:
        """Return what `count` registers from `address` on may mean; raise BadAddress, ConnectionLost, NoAnswer."""
        self._require_open()
        return await decodings_at(self._bus, self._settings, address, count, reads=reads, pause_s=pause_s)

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        """Scan `tags`; an address outside the grammar is refused, one the device does not have delivers bad samples."""
        self._require_open()
        results = []
        points: dict[tuple[int, int], list[Point]] = {}
        for tag in tags:
            try:
                point = self._point(tag)
                points.setdefault((tag.scan_ms, point.unit), []).append(point)
                results.append(SubscribeResult(tag.handle, status.GOOD))
            except BadAddress as error:
                results.append(SubscribeResult(tag.handle, status.BAD_NODE_ID_INVALID, str(error)))
        await self.unsubscribe([tag.handle for tag in tags])
        for key, members in points.items():
            self._scan(*key).add(members)
        self._count_units()
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_traits(), name="modbus-traits")
        return results

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        """Scan these tags no more."""
        for scan, _ in self._scans.values():
            scan.remove(handles)
        self._count_units()

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Read once, one sample per tag in their order; raise ConnectionLost."""
        self._require_open()
        refused, points = [], []
        for row, tag in enumerate(tags):
            try:
                points.append(self._point(replace(tag, handle=row)))
            except BadAddress:
                refused.append(row)
        blocks: list[Block] = []
        requests = plan_requests(points, self._settings, self._bus.traits)
        await self._reader.read(requests, OPERATOR, blocks.append)
        if refused:
            blocks.append(block_of(refused, clock.now_ns(), np.nan, status.BAD_NODE_ID_INVALID))
        block = concatenate(blocks)
        block = block.select(np.argsort(block.handle))
        return replace(block, handle=np.array([tag.handle for tag in tags], np.uint32))

    async def read_array(self, address: str) -> ArrayValue:
        """Read consecutive registers as an array, such as "HR1000:I16[4096]"; see `drivers.array_source`."""
        self._require_open()
        return await read_array(address, self.read, base=self._settings.base)

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once, in order; raise ConnectionLost."""
        self._require_open()
        return [await write_item(self._bus, item, self._settings) for item in items]

    def batches(self) -> BlockQueue:
        """Return the queue of delivered Blocks."""
        return self._queue

    def diagnose(self) -> Diagnostics:
        """Return the counters so far."""
        return Diagnostics(
            requests=self._reader.requests,
            failures=self._reader.failures,
            samples=self._delivered,
            coalesced=self._queue.coalesced,
            is_cyclic=True,
            round_trip_ms=self._reader.round_trip_ms,
            notes=self._notes(),
        )

    def _require_open(self) -> None:
        if not self._is_open:
            raise ConnectionLost(f"{self._settings.url}: not connected")

    def _point(self, tag: TagSpec) -> Point:
        address = parse_address(tag.address, self._settings.base)
        return Point(tag, address, self._settings.unit if address.unit is None else address.unit)

    def _scan(self, period_ms: int, unit: int) -> Scan:
        key = period_ms, unit
        if key not in self._scans:
            scan = Scan(period_ms, self._settings, self._bus.traits, unit=unit)
            # One task per unit: a silent one then holds up no sample of another.
            task = asyncio.create_task(self._run(scan), name=f"modbus-scan-{period_ms}-{unit}")
            self._scans[key] = (scan, task)
        return self._scans[key][0]

    async def _run(self, scan: Scan) -> None:
        try:
            await scan.run(self._reader, self._deliver)
        except DriverError as error:
            self._fail(error)
        except Exception as error:
            log.exception("modbus.scan.failed", extra={"url": self._settings.url})
            self._fail(ConnectionLost(f"{self._settings.url}: {type(error).__name__}: {error}"))

    async def _keep_traits(self) -> None:
        """Keep what the device teaches, beside the work: a kill shall cost at most the last seconds of it."""
        while True:
            await asyncio.sleep(_KEEP_EVERY_S)
            await asyncio.to_thread(self._file.save, self._file.news(self._bus.traits))

    def _count_units(self) -> None:
        self._bus.units.poll(self, frozenset(unit for (_, unit), (scan, _) in self._scans.items() if scan.points))

    def _notes(self) -> tuple[str, ...]:
        skipped = sum(scan.skipped for scan, _ in self._scans.values())
        left = self._bus.units.left_alone
        refused = sum(map(len, self._bus.traits.holes.values()))
        notes = {
            f"{skipped} scans left out: the device is too slow": skipped,
            f"{self._bus.late} answers came too late": self._bus.late,
            f"units that do not answer are left alone: {', '.join(map(str, left))}": left,
            f"{refused} addresses that the device refuses are asked for each {self._settings.hole_s} s": refused,
            f"{self._bus.window} requests at once": self._bus.window > 1,
        }
        return tuple(note for note, is_worth_saying in notes.items() if is_worth_saying)

    def _leave(self) -> None:
        self._is_open = False
        self._bus.units.poll(self, frozenset())
        leave(self._bus, self._lost)

    def _deliver(self, block: Block) -> None:
        self._delivered += len(block)
        self._queue.put(block)

    def _lost(self, reason: str) -> None:
        self._fail(ConnectionLost(reason))

    def _fail(self, error: DriverError) -> None:
        log.info("modbus.lost", extra={"url": self._settings.url, "reason": str(error)})
        self._queue.fail(error)
        for _, task in self._scans.values():
            if task is not asyncio.current_task():
                task.cancel()
        self._leave()
