"""Moving, aligning, distributing, sizing and turning the elements of a process picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from app.model.picture import Element, Pipe, Readout, Symbol
from app.model.picture_symbol import SYMBOL_KINDS
from app.picture.drawing import Drawing
from app.picture.extent import Box

GRID = 10.0
"""Distance of the lines that elements snap to, picture units."""
LEAST_SIZE = 10.0
_READOUT = (80.0, 24.0)


class Edge(StrEnum):
    """What several elements are aligned by."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


def snapped(value: float, grid: float = GRID) -> float:
    """Return the nearest line of the grid; with a grid of 0 the value in tenths."""
    return round(value / grid) * grid if grid else round(value, 1)


def box_of(element: Element) -> Box:
    """Return the room of an element for aligning: of a pipe that around its points."""
    match element:
        case Symbol():
            width, height = element.size
        case Readout():
            width, height = _READOUT
        case Pipe():
            xs, ys = [x for x, _ in element.points], [y for _, y in element.points]
            return Box(min(xs), min(ys), max(xs), max(ys))
    return Box(
        element.at[0] - width / 2, element.at[1] - height / 2, element.at[0] + width / 2, element.at[1] + height / 2
    )


def moved(element: Element, by: tuple[float, float]) -> Element:
    """Return an element elsewhere; what a pipe is attached to holds its ends."""
    if isinstance(element, Pipe):
        return replace(element, points=tuple((x + by[0], y + by[1]) for x, y in element.points))
    return replace(element, at=(element.at[0] + by[0], element.at[1] + by[1]))


def move(drawing: Drawing, numbers: Collection[int], by: tuple[float, float]) -> Drawing:
    """Return the drawing with some elements moved; pipes that are attached to them follow."""
    if by == (0.0, 0.0):
        return drawing
    chosen = drawing.chosen(numbers)
    free = [
        item for item in chosen if not (isinstance(item.element, Pipe) and (item.element.start or item.element.end))
    ]
    return drawing.changed({item.number: moved(item.element, by) for item in free})


def align(drawing: Drawing, numbers: Collection[int], edge: Edge) -> Drawing:
    """Return the drawing with symbols and values aligned by the outermost of them, or by the middle of all."""
    boxes = {item.number: box_of(item.element) for item in drawing.chosen(numbers) if _is_placed(item.element)}
    if len(boxes) < 2:
        return drawing
    left, right = min(box.left for box in boxes.values()), max(box.right for box in boxes.values())
    top, bottom = min(box.top for box in boxes.values()), max(box.bottom for box in boxes.values())
    shifts = {}
    for number, box in boxes.items():
        shifts[number] = {
            Edge.LEFT: (left - box.left, 0.0),
            Edge.RIGHT: (right - box.right, 0.0),
            Edge.CENTER: ((left + right - box.left - box.right) / 2, 0.0),
            Edge.TOP: (0.0, top - box.top),
            Edge.BOTTOM: (0.0, bottom - box.bottom),
            Edge.MIDDLE: (0.0, (top + bottom - box.top - box.bottom) / 2),
        }[edge]
    return drawing.changed({number: moved(drawing.element(number), shift) for number, shift in shifts.items()})


def distribute(drawing: Drawing, numbers: Collection[int], *, across: bool) -> Drawing:
    """Return the drawing with equal gaps between three or more elements; the outermost ones stay.

    `across`: from left to right, else from top to bottom.
    """
    boxes = [(item.number, box_of(item.element)) for item in drawing.chosen(numbers) if _is_placed(item.element)]
    if len(boxes) < 3:
        return drawing
    spans = [(number, *((box.left, box.right) if across else (box.top, box.bottom))) for number, box in boxes]
    spans.sort(key=lambda span: span[1] + span[2])
    room = spans[-1][2] - spans[0][1]
    gap = (room - sum(high - low for _, low, high in spans)) / (len(spans) - 1)
    at, elements = spans[0][1], {}
    for number, low, high in spans:
        by = (at - low, 0.0) if across else (0.0, at - low)
        elements[number] = moved(drawing.element(number), by)
        at += high - low + gap
    return drawing.changed(elements)


def resize(symbol: Symbol, box: Box) -> Symbol:
    """Return a symbol that fills a box, no smaller than can be seen."""
    width, height = max(box.right - box.left, LEAST_SIZE), max(box.bottom - box.top, LEAST_SIZE)
    return replace(symbol, at=((box.left + box.right) / 2, (box.top + box.bottom) / 2), size=(width, height))


def around(elements: Collection[Element]) -> Box:
    """Return the box around the boxes of elements."""
    boxes = [box_of(element) for element in elements]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def scale(drawing: Drawing, numbers: Collection[int], box: Box) -> Drawing:
    """Return the drawing with some elements, taken as one, made to fill a box: symbols grow, values only move."""
    chosen = drawing.chosen(numbers)
    old = around([item.element for item in chosen])
    across = max(box.right - box.left, LEAST_SIZE) / max(old.right - old.left, 1.0)
    down = max(box.bottom - box.top, LEAST_SIZE) / max(old.bottom - old.top, 1.0)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x, y = box.left + (point[0] - old.left) * across, box.top + (point[1] - old.top) * down
        return round(x, 1), round(y, 1)

    elements: dict[int, Element] = {}
    for item in chosen:
        match item.element:
            case Symbol() as symbol:
                width, height = symbol.size[0] * across, symbol.size[1] * down
                size = (round(max(width, LEAST_SIZE), 1), round(max(height, LEAST_SIZE), 1))
                elements[item.number] = replace(symbol, at=at(symbol.at), size=size)
            case Readout() as readout:
                elements[item.number] = replace(readout, at=at(readout.at))
            case Pipe() as pipe:
                elements[item.number] = replace(pipe, points=tuple(at(point) for point in pipe.points))
    return drawing.changed(elements)


def same_size(drawing: Drawing, numbers: Collection[int], *, across: bool) -> Drawing:
    """Return the drawing with symbols as wide (`across`), else as high, as the largest of them."""
    chosen = [(item.number, item.element) for item in drawing.chosen(numbers) if isinstance(item.element, Symbol)]
    if len(chosen) < 2:
        return drawing
    most = max(symbol.size[0 if across else 1] for _, symbol in chosen)
    sizes = {number: (most, symbol.size[1]) if across else (symbol.size[0], most) for number, symbol in chosen}
    return drawing.changed({number: replace(symbol, size=sizes[number]) for number, symbol in chosen})


def turn(drawing: Drawing, numbers: Collection[int]) -> Drawing:
    """Return the drawing with symbols turned by a quarter; those that stand upright stay as they are."""
    elements: dict[int, Element] = {}
    for item in drawing.chosen(numbers):
        symbol = item.element
        kind = SYMBOL_KINDS.get(symbol.kind) if isinstance(symbol, Symbol) else None
        if isinstance(symbol, Symbol) and (kind is None or kind.turns):
            elements[item.number] = replace(
                symbol, turn=(symbol.turn + 90) % 360, size=(symbol.size[1], symbol.size[0])
            )
    return drawing.changed(elements) if elements else drawing


def _is_placed(element: Element) -> bool:
    return not isinstance(element, Pipe)
