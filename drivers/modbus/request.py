"""The reads of one scan: tags merged into as few requests as gaps and block sizes allow, no value ever split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.exact import DataType as Wanted
from drivers.driver import TagSpec
from drivers.modbus.address import Address, DataType, Table
from drivers.modbus.decode import DecodePlan, Field
from drivers.modbus.pdu import read_request
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.traits import Place, Span, Traits


@dataclass(frozen=True, slots=True)
class Point:
    """A tag and where it stands; `unit` is settled."""

    tag: TagSpec
    address: Address
    unit: int

    @property
    def end(self) -> int:
        """Return the offset behind its last register or bit."""
        return self.address.offset + self.address.words

    @property
    def span(self) -> Span:
        """Return its first offset and how many registers or bits it takes."""
        return self.address.offset, self.address.words


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One read of adjacent registers or bits, for all points within them; `is_single` where all are the same ones.

    `is_exact`: whether a tag wants what a float64 cannot hold.
    """

    unit: int
    table: Table
    start: int
    count: int
    points: tuple[Point, ...]
    plan: DecodePlan
    handles: NDArray[np.uint32]
    gains: NDArray[np.float64]
    offsets: NDArray[np.float64]
    is_exact: bool
    pdu: bytes
    is_single: bool

    @property
    def place(self) -> Place:
        """Return the unit and the table."""
        return self.unit, self.table

    @property
    def span(self) -> Span:
        """Return the first offset and how many are read."""
        return self.start, self.count


def plan_requests(points: Iterable[Point], settings: ModbusSettings, traits: Traits) -> list[Request]:
    """Return the requests that read `points`, at least one per unit and table; known holes stand alone."""
    ordered = sorted(points, key=lambda point: (point.unit, point.address.table, point.address.offset, point.end))
    requests: list[Request] = []
    group: list[Point] = []
    end = 0
    for point in ordered:
        if group and not _fits(group[0], end, point, settings, traits):
            requests.append(_request(group, settings))
            group = []
        end = max(end, point.end) if group else point.end
        group.append(point)
    return [*requests, _request(group, settings)] if group else requests


def halves(request: Request, settings: ModbusSettings) -> tuple[Request, Request]:
    """Return two requests, each for about half the points of one that is not single."""
    points = request.points
    # Points of the same registers stay together: they are answered or refused together.
    borders = [row for row in range(1, len(points)) if points[row].span != points[row - 1].span]
    middle = min(borders, key=lambda row: abs(row - len(points) / 2))
    return _request(points[:middle], settings), _request(points[middle:], settings)


def _fits(first: Point, end: int, point: Point, settings: ModbusSettings, traits: Traits) -> bool:
    place = first.unit, first.address.table
    if (point.unit, point.address.table) != place:
        return False
    is_bits = first.address.table.is_bits
    size = traits.limits.get(place, settings.max_block_bits if is_bits else settings.max_block)
    gap = settings.max_gap_bits if is_bits else settings.max_gap
    if point.address.offset - end > gap or max(end, point.end) - first.address.offset > size:
        return False
    if traits.is_parted(place, first.address.offset, point.address.offset):
        return False
    has_hole = traits.hole(place, first.span) or traits.hole(place, point.span)
    return first.span == point.span or not has_hole


def _request(points: Sequence[Point], settings: ModbusSettings) -> Request:
    first = points[0]
    start = first.address.offset
    fields = [
        Field(point.address, point.address.order or settings.order, point.address.offset - start) for point in points
    ]
    count = max(point.end for point in points) - start
    return Request(
        unit=first.unit,
        table=first.address.table,
        start=start,
        count=count,
        points=tuple(points),
        plan=DecodePlan(fields, encoding=settings.encoding),
        handles=np.array([point.tag.handle for point in points], np.uint32),
        gains=np.array([point.tag.gain for point in points]),
        offsets=np.array([point.tag.offset for point in points]),
        pdu=read_request(first.address.table, start, count),
        is_single=all(point.span == first.span for point in points),
        is_exact=any(
            point.tag.data_type is not Wanted.FLOAT64 or point.address.data_type is DataType.STR for point in points
        ),
    )
