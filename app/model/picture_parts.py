"""Parts of process pictures: the picture of a class of equipment, drawn within another one for one equipment.

A symbol of the kind "part" stands for it in the file. It is no copy: wherever a picture is shown its parts are made of
what the class's picture is now, so that a change of that one is seen in all pictures that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from app.model.picture import Element, Picture, Pipe, Readout, Symbol
from app.model.picture_levels import instance
from app.model.plant import Plant
from app.model.text import LocalText

PART = "part"
"""The kind of a symbol that stands for a part."""
_BLANK = LocalText(" ")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """How the units of a part become those of the picture around it: all of it, as large as its place allows."""

    factor: float
    origin: Point

    def point(self, at: Point) -> Point:
        """Return the place in the picture of a place in the part."""
        return self.origin[0] + at[0] * self.factor, self.origin[1] + at[1] * self.factor

    def size(self, size: Point) -> Point:
        """Return a width and a height in units of the picture."""
        return size[0] * self.factor, size[1] * self.factor


def fit_of(symbol: Symbol, template: Picture) -> Fit:
    """Return how a part lies in the place of its symbol: in the middle, with its proportions."""
    factor = min(symbol.size[0] / template.size[0], symbol.size[1] / template.size[1])
    width, height = template.size[0] * factor, template.size[1] * factor
    return Fit(factor, (symbol.at[0] - width / 2, symbol.at[1] - height / 2))


def template_of(symbol: Symbol, plant: Plant) -> Picture | None:
    """Return the picture of a class that a symbol stands for, None where it stands for none."""
    if symbol.kind != PART or not symbol.part:
        return None
    return next((each for each in plant.faceplates if each.id == symbol.part), None)


def has_parts(picture: Picture) -> bool:
    """Return whether a picture has parts at all."""
    return any(symbol.kind == PART for symbol in picture.symbols)


def with_parts(picture: Picture, plant: Plant) -> Picture:
    """Return a picture with the elements of its parts in the places of the symbols that stand for them.

    A part whose picture is not there stays as it is: it is drawn as a frame with its name.
    """
    if not has_parts(picture):
        return picture
    make = part_maker(plant)
    symbols: list[Symbol] = []
    pipes, readouts = list(picture.pipes), list(picture.readouts)
    for symbol in picture.symbols:
        elements = make(symbol)
        symbols += [each for each in elements if isinstance(each, Symbol)]
        pipes += [each for each in elements if isinstance(each, Pipe)]
        readouts += [each for each in elements if isinstance(each, Readout)]
    return replace(picture, symbols=tuple(symbols), pipes=tuple(pipes), readouts=tuple(readouts))


def part_maker(plant: Plant) -> Callable[[Symbol], list[Element]]:
    """Return what makes the elements that a symbol stands for: of a part all of its picture's, else itself."""
    tags = {tag.name for tag in plant.tags}
    names = {each.id: each.name for each in plant.equipment}

    def made(symbol: Symbol) -> list[Element]:
        template = template_of(symbol, plant)
        if template is None or symbol.equipment not in names:
            return [symbol]
        own = instance(template, plant, symbol.equipment, names[symbol.equipment], tags=tags)
        elements = _placed(own, fit_of(symbol, template), layer=symbol.layer)
        return [*_ground(symbol, own.symbols), *elements]

    return made


def _ground(symbol: Symbol, inner: Collection[Symbol]) -> list[Element]:
    """Return what takes clicks and alarms of the equipment where no symbol of its part does: an unseen place."""
    if any(each.equipment == symbol.equipment for each in inner):
        return []
    return [Symbol("text", symbol.at, symbol.size, equipment=symbol.equipment, label=_BLANK, layer=symbol.layer)]


def _placed(own: Picture, fit: Fit, *, layer: str) -> list[Element]:
    symbols = [
        replace(each, at=fit.point(each.at), size=fit.size(each.size), id="", layer=layer) for each in own.symbols
    ]
    pipes = [
        replace(each, points=tuple(map(fit.point, each.points)), start="", end="", layer=layer) for each in own.pipes
    ]
    readouts = [replace(each, at=fit.point(each.at), layer=layer) for each in own.readouts]
    return [*(each for each in symbols if each.kind != PART), *pipes, *readouts]
