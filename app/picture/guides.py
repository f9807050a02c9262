"""Lines to which what is moved is drawn: edges and middles of what stands still already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.model.picture import Element, Readout
from app.model.picture_port import Point
from app.picture.arranging import box_of
from app.picture.extent import Box

NEAR = 6.0
"""So near, px of the screen, an edge must come to that of another element to be drawn to it."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """By how much, picture units, a box is drawn `across` and `down` (None: by no edge); `lines`: what it stands on."""

    across: float | None = None
    down: float | None = None
    lines: tuple[tuple[Point, Point], ...] = ()


def guiding(element: Element) -> Box:
    """Return the box whose edges and middles draw: of a value only its middle, since its length changes."""
    if isinstance(element, Readout):
        return Box(*element.at, *element.at)
    return box_of(element)


def aligned(box: Box, others: Iterable[Box], reach: float) -> Alignment:
    """Return how a box is drawn to the nearest others: middles to middles, edges to edges, no farther than `reach`."""
    found = list(others)
    across = _nearest((box.left, box.right), [(other.left, other.right, other) for other in found], reach)
    down = _nearest((box.top, box.bottom), [(other.top, other.bottom, other) for other in found], reach)
    shift = (across[0] if across is not None else 0.0, down[0] if down is not None else 0.0)
    stands = Box(box.left + shift[0], box.top + shift[1], box.right + shift[0], box.bottom + shift[1])
    lines: list[tuple[Point, Point]] = []
    if across is not None:
        _, x, other = across
        lines.append(((x, min(stands.top, other.top)), (x, max(stands.bottom, other.bottom))))
    if down is not None:
        _, y, other = down
        lines.append(((min(stands.left, other.left), y), (max(stands.right, other.right), y)))
    return Alignment(None if across is None else across[0], None if down is None else down[0], tuple(lines))


def _nearest(
    own: tuple[float, float], others: Iterable[tuple[float, float, Box]], reach: float
) -> tuple[float, float, Box] | None:
    """Return the least move that brings a middle or an end of `own` to one of the others, where that is, and whose."""
    moves: list[tuple[float, float, Box]] = []
    for low, high, box in others:
        moves.append(((low + high - own[0] - own[1]) / 2, (low + high) / 2, box))
        if low < high and own[0] < own[1]:
            moves += [(at - mine, at, box) for at in (low, high) for mine in own]
    near = [move for move in moves if abs(move[0]) <= reach]
    return min(near, default=None, key=lambda move: abs(move[0]))
