"""What lies under the pointer of the editor: elements, handles, sides of symbols."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.model.picture import Element, Pipe, Readout, Side, Symbol
from app.model.picture_port import Point, port
from app.picture.arranging import around
from app.picture.drawing import Drawing
from app.picture.extent import Box, body, is_plain, readout_box
from app.picture.subject import Subject

HANDLES: tuple[tuple[float, float], ...] = (
    (0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0), (0.0, 1.0), (0.0, 0.5),
)  # fmt: skip
"""Where the handles of a symbol stand, as shares of its width and height."""


GROUP = -1
"""Instead of the number of an element: all that is selected."""


@dataclass(frozen=True, slots=True)
class Grip:
    """What can be dragged of an element, or of all that are selected (GROUP): a handle, or a point of a pipe.

    `place`: which of HANDLES, or of the points.
    """

    number: int
    place: int


def room_of(element: Element, subject: Subject) -> Box:
    """Return the room of an element, picture units."""
    match element:
        case Symbol():
            return body(element) if not is_plain(element) else _whole(element)
        case Readout():
            return readout_box(element, subject)
        case Pipe():
            xs, ys = [x for x, _ in element.points], [y for _, y in element.points]
            return Box(min(xs), min(ys), max(xs), max(ys))


def element_at(drawing: Drawing, numbers: Collection[int], subject: Subject, place: Point, reach: float) -> int | None:
    """Return the uppermost element there: values before symbols, symbols before pipes, frames by their edge alone."""
    found: list[tuple[int, int]] = []
    for item in drawing.chosen(numbers):
        rank = _rank(item.element, subject, place, reach)
        if rank:
            found.append((rank, item.number))
    best = max(found, default=None, key=lambda each: each[0])
    if best is None:
        return None
    return [number for rank, number in found if rank == best[0]][-1]


def elements_in(drawing: Drawing, numbers: Collection[int], subject: Subject, box: Box) -> frozenset[int]:
    """Return the elements that lie wholly within a box."""
    return frozenset(item.number for item in drawing.chosen(numbers) if box.around(room_of(item.element, subject)))


def grips(drawing: Drawing, selection: Collection[int]) -> Iterator[tuple[Grip, Point]]:
    """Yield what can be dragged of what is selected, with its place."""
    chosen = drawing.chosen(selection)
    if len(chosen) > 1 and any(isinstance(item.element, Symbol) for item in chosen):
        yield from _handles(GROUP, around([item.element for item in chosen]))
    if len(chosen) != 1:
        return
    element, number = chosen[0].element, chosen[0].number
    if isinstance(element, Symbol):
        yield from _handles(number, _whole(element))
    elif isinstance(element, Pipe):
        for place, point in enumerate(element.points):
            yield Grip(number, place), point


def _handles(number: int, box: Box) -> Iterator[tuple[Grip, Point]]:
    for place, (x, y) in enumerate(HANDLES):
        at = (box.left + x * (box.right - box.left), box.top + y * (box.bottom - box.top))
        yield Grip(number, place), at


def port_at(drawing: Drawing, numbers: Collection[int], place: Point, reach: float) -> tuple[int, Side] | None:
    """Return the symbol and side whose port is near, or the nearest side of the symbol that lies there."""
    best: tuple[float, int, Side] | None = None
    for item in drawing.chosen(numbers):
        symbol = item.element
        if not isinstance(symbol, Symbol) or is_plain(symbol):
            continue
        is_within = body(symbol).holds(*place)
        for side in Side:
            gap = math.dist(place, port(symbol, side))
            if (gap <= reach or is_within) and (best is None or gap < best[0]):
                best = (gap, item.number, side)
    return None if best is None else best[1:]


def resized(symbol: Symbol, place: int, to: Point) -> Box:
    """Return the box of a symbol of which a handle was dragged."""
    return stretched(_whole(symbol), place, to)


def stretched(box: Box, place: int, to: Point) -> Box:
    """Return a box of which a handle was dragged."""
    x, y = HANDLES[place]
    return Box(
        to[0] if x == 0.0 else box.left,
        to[1] if y == 0.0 else box.top,
        to[0] if x == 1.0 else box.right,
        to[1] if y == 1.0 else box.bottom,
    )


def _whole(symbol: Symbol) -> Box:
    width, height = symbol.size
    return Box(symbol.at[0] - width / 2, symbol.at[1] - height / 2, symbol.at[0] + width / 2, symbol.at[1] + height / 2)


def _rank(element: Element, subject: Subject, place: Point, reach: float) -> int:
    """Return how near to the eye an element is that lies there, 0 where it does not."""
    match element:
        case Readout():
            return 4 if room_of(element, subject).grown(reach / 2).holds(*place) else 0
        case Symbol(kind="frame"):
            box = _whole(element)
            return 1 if box.grown(reach).holds(*place) and not box.grown(-reach).holds(*place) else 0
        case Symbol():
            return 3 if room_of(element, subject).grown(reach / 2).holds(*place) else 0
        case Pipe():
            near = (_distance(place, start, end) <= reach for start, end in pairwise(element.points))
            return 2 if any(near) else 0


def _distance(place: Point, start: Point, end: Point) -> float:
    run, rise = end[0] - start[0], end[1] - start[1]
    length = run * run + rise * rise
    share = ((place[0] - start[0]) * run + (place[1] - start[1]) * rise) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(place[0] - start[0] - share * run, place[1] - start[1] - share * rise)
