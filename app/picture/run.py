"""How a pipe runs: level and upright between its ends, and still so after what it is attached to has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.model.picture import Pipe, Side, Symbol
from app.model.picture_port import OUTWARD, Point, end_of, end_point

_NEAR = 0.01
_STUB = 30.0
"""So far, picture units, a pipe runs straight out of a side before it turns back."""


def route(start: Point, end: Point, out: Side | None, into: Side | None) -> tuple[Point, ...]:
    """Return the points of a pipe from `start` to `end`; `out`, `into`: sides to which it is attached, else None."""
    first, last = _stub(start, out, end), _stub(end, into, start)
    is_level = (out or _towards(start, end)) in {Side.LEFT, Side.RIGHT}
    ends_level = (into or _towards(end, start)) in {Side.LEFT, Side.RIGHT}
    if is_level and ends_level:
        middle = (first[0] + last[0]) / 2
        faces = (last[0] - first[0]) * OUTWARD[out or _towards(start, end)][0] >= 0
        bends = [(middle, start[1]), (middle, end[1])] if faces else [first, (first[0], last[1]), last]
    elif not is_level and not ends_level:
        middle = (first[1] + last[1]) / 2
        faces = (last[1] - first[1]) * OUTWARD[out or _towards(start, end)][1] >= 0
        bends = [(start[0], middle), (end[0], middle)] if faces else [first, (last[0], first[1]), last]
    elif is_level:
        bends = [(end[0], start[1])]
    else:
        bends = [(start[0], end[1])]
    return straightened((start, *bends, end))


def followed(pipe: Pipe, symbols: Sequence[Symbol]) -> Pipe:
    """Return a pipe led to where its symbols are now: bends next to a moved end go along, so that it stays level."""
    named = {symbol.id: symbol for symbol in symbols if symbol.id}
    first = end_point(pipe.start, named) or pipe.points[0]
    last = end_point(pipe.end, named) or pipe.points[-1]
    if _same(first, pipe.points[0]) and _same(last, pipe.points[-1]):
        return replace(pipe, points=(first, *pipe.points[1:-1], last))
    shift = (first[0] - pipe.points[0][0], first[1] - pipe.points[0][1])
    if _same(shift, (last[0] - pipe.points[-1][0], last[1] - pipe.points[-1][1])):
        return replace(pipe, points=(first, *((x + shift[0], y + shift[1]) for x, y in pipe.points[1:-1]), last))
    if len(pipe.points) == 2:
        sides = [found[1] if (found := end_of(end)) else None for end in (pipe.start, pipe.end)]
        return replace(pipe, points=route(first, last, sides[0], sides[1]))
    points = list(pipe.points)
    points[1] = _along(pipe.points[0], pipe.points[1], first)
    points[-2] = _along(pipe.points[-1], points[-2], last)
    points[0], points[-1] = first, last
    return replace(pipe, points=straightened(points))


def straightened(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points without those at which a pipe does not turn; its ends stay."""
    kept = [points[0]]
    for at, point in enumerate(points[1:-1], 1):
        before, after = kept[-1], points[at + 1]
        is_level = abs(before[1] - point[1]) < _NEAR and abs(point[1] - after[1]) < _NEAR
        is_upright = abs(before[0] - point[0]) < _NEAR and abs(point[0] - after[0]) < _NEAR
        if not (_same(before, point) or is_level or is_upright):
            kept.append(point)
    return (*kept, points[-1])


def _stub(point: Point, side: Side | None, other: Point) -> Point:
    """Return where a pipe may turn first, leaving a side that looks away from the other end."""
    if side is None:
        return point
    out = OUTWARD[side]
    looks_away = (other[0] - point[0]) * out[0] + (other[1] - point[1]) * out[1] < 0
    return (point[0] + out[0] * _STUB, point[1] + out[1] * _STUB) if looks_away else point


def _towards(point: Point, other: Point) -> Side:
    """Return in which direction a free end is left: that of the longer way."""
    across, down = other[0] - point[0], other[1] - point[1]
    if abs(across) >= abs(down):
        return Side.RIGHT if across >= 0 else Side.LEFT
    return Side.BOTTOM if down >= 0 else Side.TOP


def _along(end: Point, bend: Point, moved: Point) -> Point:
    """Return the bend next to an end that has moved: the stretch between them stays level, or upright."""
    if abs(end[1] - bend[1]) < _NEAR:
        return bend[0], moved[1]
    if abs(end[0] - bend[0]) < _NEAR:
        return moved[0], bend[1]
    return bend


def _same(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < _NEAR and abs(one[1] - other[1]) < _NEAR
