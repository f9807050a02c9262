"""Writes a process picture as the text of its file, where a change of one element is a change of its lines alone."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.picture import DisplayLevel, Element, Picture, Pipe, Readout, Symbol
from app.model.text import LocalText
from app.plant.row import Row, unless
from app.plant.toml.text import toml_section

HEADER = "# A process picture: docs/how-to/draw-process-pictures.md. Its grammar: docs/reference/plant-file.md\n"
_NOTHING = LocalText("")


def picture_text(picture: Picture) -> str:
    """Return the file of a picture; keys that stand at their defaults are left out."""
    sections = [HEADER + head_text(picture)]
    for elements in (picture.symbols, picture.pipes, picture.readouts):
        sections += [element_text(element) for element in elements]
    return "\n".join(sections)


def head_text(picture: Picture) -> str:
    """Return the keys of a picture itself."""
    return toml_section("", head_rows(picture)).lstrip("\n")


def element_text(element: Element) -> str:
    """Return an element with its header."""
    return toml_section(f"[[{element_word(element)}]]", element_rows(element))


def element_word(element: Element) -> str:
    """Return the word of an element's header."""
    match element:
        case Symbol():
            return "symbol"
        case Pipe():
            return "pipe"
        case Readout():
            return "readout"


def head_rows(picture: Picture) -> Iterator[Row]:
    """Yield the keys of a picture itself, in their order."""
    yield "title", picture.title
    yield from unless(DisplayLevel.UNIT, "level", picture.level)
    yield from unless("", "equipment", picture.equipment)
    yield from unless("", "class", picture.equipment_class)
    yield from unless(False, "part", picture.is_part)  # noqa: FBT003 - the default value, no switch
    yield from unless("", "above", picture.above)
    yield "size", _place(picture.size)
    yield from unless((), "sparklines", picture.sparklines)


def element_rows(element: Element) -> Iterator[Row]:
    """Yield the keys of an element, in their order."""
    match element:
        case Symbol():
            yield from _symbol_rows(element)
        case Pipe():
            yield from _pipe_rows(element)
        case Readout():
            yield "tag", element.tag
            yield "at", _place(element.at)
            yield from unless(_NOTHING, "label", element.label)
            yield from unless(False, "indicator", element.indicator)  # noqa: FBT003 - the default value, no switch
    yield from unless("", "layer", element.layer)
    yield from unless("", "group", element.group)


def _symbol_rows(symbol: Symbol) -> Iterator[Row]:
    yield from unless("", "id", symbol.id)
    yield "kind", symbol.kind
    yield from unless("", "part", symbol.part)
    yield "at", _place(symbol.at)
    yield "size", _place(symbol.size)
    yield from unless(0, "turn", symbol.turn)
    for key in ("equipment", "running", "level", "value"):
        yield from unless("", key, getattr(symbol, key))
    yield from unless(_NOTHING, "label", symbol.label)


def _pipe_rows(pipe: Pipe) -> Iterator[Row]:
    """An attached end is told by its symbol alone, so that moving that changes one line."""
    bends = pipe.points[1 if pipe.start else 0 : len(pipe.points) - (1 if pipe.end else 0)]
    yield from unless("", "from", pipe.start)
    yield from unless((), "points", tuple(_place(point) for point in bends))
    yield from unless("", "to", pipe.end)
    yield from unless(_NOTHING, "medium", pipe.medium)
    yield from unless(False, "arrow", pipe.arrow)  # noqa: FBT003 - the default value, no switch
    yield from unless("", "color", pipe.color)


def _place(point: tuple[float, float]) -> tuple[float | int, float | int]:
    """Return two numbers as people write them: whole ones without a fraction."""
    return _plain(point[0]), _plain(point[1])


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number
