"""The reads of one scan: tags merged into as few requests as gaps and block sizes allow, no value ever split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.model import status
from drivers.driver import TagSpec
from drivers.modbus.address import Address, Table
from drivers.modbus.decode import DecodePlan, Field
from drivers.modbus.settings import ModbusSettings


@dataclass(frozen=True, slots=True)
class Point:
    """A tag and where it stands; `unit` is settled."""

    tag: TagSpec
    address: Address
    unit: int

    @property
    def end(self) -> int:
        """Return the offset behind its last register or bit."""
        return self.address.offset + self.address.data_type.words


@dataclass(slots=True)
class Request:
    """One read of adjacent registers or bits, for all points within them.

    What the device taught about it is kept here: `parts` where it refused the whole, and, for a single point,
    `refusal` until `asked_again` (monotonic ns).
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
    parts: tuple[Request, ...] = ()
    refusal: int = status.GOOD
    asked_again: int = field(default=0)


def plan_requests(points: Iterable[Point], settings: ModbusSettings) -> list[Request]:
    """Return the requests that read `points`, at least one per unit and table."""
    ordered = sorted(points, key=lambda point: (point.unit, point.address.table, point.address.offset, point.end))
    requests: list[Request] = []
    group: list[Point] = []
    end = 0
    for point in ordered:
        if group and not _fits(group[0], end, point, settings):
            requests.append(_request(group, settings))
            group = []
        end = max(end, point.end) if group else point.end
        group.append(point)
    return [*requests, _request(group, settings)] if group else requests


def halves(request: Request, settings: ModbusSettings) -> tuple[Request, Request]:
    """Return two requests, each for half the points of one that has at least two."""
    middle = len(request.points) // 2
    return _request(request.points[:middle], settings), _request(request.points[middle:], settings)


def _fits(first: Point, end: int, point: Point, settings: ModbusSettings) -> bool:
    is_bits = first.address.table.is_bits
    size = settings.max_block_bits if is_bits else settings.max_block
    gap = settings.max_gap_bits if is_bits else settings.max_gap
    return (
        (point.unit, point.address.table) == (first.unit, first.address.table)
        and point.address.offset - end <= gap
        and max(end, point.end) - first.address.offset <= size
    )


def _request(points: Sequence[Point], settings: ModbusSettings) -> Request:
    first = points[0]
    start = first.address.offset
    fields = [
        Field(point.address, point.address.order or settings.order, point.address.offset - start) for point in points
    ]
    return Request(
        unit=first.unit,
        table=first.address.table,
        start=start,
        count=max(point.end for point in points) - start,
        points=tuple(points),
        plan=DecodePlan(fields),
        handles=np.array([point.tag.handle for point in points], np.uint32),
        gains=np.array([point.tag.gain for point in points]),
        offsets=np.array([point.tag.offset for point in points]),
    )
