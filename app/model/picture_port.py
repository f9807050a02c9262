"""Where pipes are attached to symbols: the middle of each side of what is drawn, whatever its turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.model.picture import Pipe, Side, Symbol

Point = tuple[float, float]

ROUND = frozenset({"compressor", "pump", "meter", "fan", "motor", "indicator"})
"""Kinds that are circles, as wide as the shorter one of their sides."""

OUTWARD: Mapping[Side, Point] = {
    Side.LEFT: (-1.0, 0.0),
    Side.RIGHT: (1.0, 0.0),
    Side.TOP: (0.0, -1.0),
    Side.BOTTOM: (0.0, 1.0),
}


def port(symbol: Symbol, side: Side) -> Point:
    """Return the place where a pipe meets that side of a symbol, in picture units."""
    width, height = symbol.size
    if symbol.kind in ROUND:
        width = height = min(symbol.size)
    elif symbol.kind == "tower":
        width *= 0.92  # it is narrower above; in its middle by so much
    along = OUTWARD[side]
    return symbol.at[0] + along[0] * width / 2, symbol.at[1] + along[1] * height / 2


def end_name(symbol: str, side: Side) -> str:
    """Return how a pipe names the side of a symbol that it is attached to."""
    return f"{symbol}.{side}"


def end_of(name: str) -> tuple[str, Side] | None:
    """Return the symbol and side that the end of a pipe names, None where it names none."""
    symbol, dot, side = name.rpartition(".")
    return (symbol, Side(side)) if dot and symbol and side in set(Side) else None


def end_point(name: str, symbols: Mapping[str, Symbol]) -> Point | None:
    """Return where an attached end lies, None where there is no such symbol; `symbols`: those of a picture by id."""
    found = end_of(name)
    if found is None or found[0] not in symbols:
        return None
    return port(symbols[found[0]], found[1])


def attached(pipe: Pipe, symbols: Sequence[Symbol]) -> Pipe:
    """Return a pipe whose attached ends lie at their symbols, whatever its first and last point were."""
    if not (pipe.start or pipe.end):
        return pipe
    named = {symbol.id: symbol for symbol in symbols if symbol.id}
    points = list(pipe.points)
    first, last = end_point(pipe.start, named), end_point(pipe.end, named)
    if first is not None and points:
        points[0] = first
    if last is not None and points:
        points[-1] = last
    return replace(pipe, points=tuple(points))
